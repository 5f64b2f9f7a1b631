"""Templates and conditions: the Jinja sandbox, compiled once per flow version (X30).

Values are only ever variables, never template text. A declared slot without a value shows as nothing; in a condition
a name without a value makes the condition false (S2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateError, UndefinedError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

_SANDBOX = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False, trim_blocks=True, lstrip_blocks=True
)
_SANDBOX.globals.clear()

TemplateFault = TemplateError
"""What a template's own text can be wrong with, at load."""

FILLING_FAULTS = (TemplateError, TypeError, ValueError, ArithmeticError, AttributeError)
"""What the values that a template is filled with can bring to light."""


class Text:
    """One compiled text. `names` are the variables it reads. Nothing but words and names is joined as it stands; only
    what asks for more goes through the sandbox."""

    __slots__ = ("_parts", "_template", "names", "source")

    def __init__(self, source: str) -> None:
        """Compile; raises TemplateFault when the text is not a template."""
        self.source = source
        tree = _SANDBOX.parse(source) if "{" in source else None
        self.names = frozenset(meta.find_undeclared_variables(tree)) if tree else frozenset()
        parts = _parts(tree) if tree else ((False, source),)
        self._parts = parts or ()
        self._template = _SANDBOX.from_string(source) if parts is None else None

    def render(self, values: Mapping[str, Any]) -> str:
        """The text with `values` in it, outer white space trimmed; a name without a value shows as nothing."""
        if self._template is None:
            return "".join([str(values.get(part, "")) if named else part for named, part in self._parts]).strip()
        missing = self.names - values.keys()
        return self._template.render({**values, **dict.fromkeys(missing, "")} if missing else values).strip()


def _parts(tree: nodes.Template) -> tuple[tuple[bool, str], ...] | None:
    """Of a text of nothing but words and names: each in its order, and whether it is a name. None for any other."""
    parts: list[tuple[bool, str]] = []
    for output in tree.body:
        for node in output.nodes if isinstance(output, nodes.Output) else [output]:
            if isinstance(node, nodes.TemplateData):
                parts.append((False, node.data))
            elif isinstance(node, nodes.Name):
                parts.append((True, node.name))
            else:
                return None
    return tuple(parts)


class Condition:
    """One compiled `when`. `names` are the variables it reads, `of_person` what it reads as `person.*`."""

    __slots__ = ("_expression", "names", "of_person", "source")

    def __init__(self, source: str) -> None:
        """Compile; raises TemplateFault when the text is not an expression."""
        self.source = source
        self._expression = _SANDBOX.compile_expression(source, undefined_to_none=False)
        tree = tree_of(source)
        self.names = frozenset(meta.find_undeclared_variables(tree))
        self.of_person = frozenset(_of_person(tree))

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Is it true of `values`? False when a name is missing or two values do not compare (S2)."""
        try:
            return bool(self._expression(values))
        except (UndefinedError, TypeError, ValueError, ArithmeticError):
            return False

    def missing(self, values: Mapping[str, Any]) -> frozenset[str]:
        """The names it reads that have no value, for the notes."""
        missing = self.names - values.keys()
        if not self.of_person or "person" in missing:
            return missing
        return missing | {f"person.{name}" for name in self.of_person if not hasattr(values["person"], name)}


def tree_of(condition: str) -> nodes.Template:
    """The syntax of a condition. Raises TemplateFault when it is no expression."""
    return _SANDBOX.parse("{{ (" + condition + ") }}")


def _of_person(tree: nodes.Template) -> Iterator[str]:
    for found in tree.find_all(nodes.Getattr):
        if isinstance(found.node, nodes.Name) and found.node.name == "person":
            yield found.attr
