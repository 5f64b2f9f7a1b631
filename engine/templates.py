"""Templates and conditions: the Jinja sandbox, compiled once per flow version (X30).

Values are only ever variables, never template text. A declared slot without a value shows as nothing; in a condition
a name without a value makes the condition false (S2).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateError, UndefinedError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

_SANDBOX = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False, trim_blocks=True, lstrip_blocks=True
)
_SANDBOX.globals.clear()

TemplateFault = TemplateError
"""What a template's own text can be wrong with, at load."""


class Text:
    """One compiled text. `names` are the variables it reads."""

    __slots__ = ("_constant", "_template", "names", "source")

    def __init__(self, source: str) -> None:
        """Compile; raises TemplateFault when the text is not a template."""
        self.source = source
        plain = "{" not in source
        self._constant = source.strip() if plain else None
        self._template = None if plain else _SANDBOX.from_string(source)
        self.names = frozenset() if plain else frozenset(meta.find_undeclared_variables(_SANDBOX.parse(source)))

    def render(self, values: Mapping[str, Any]) -> str:
        """The text with `values` in it, outer white space trimmed; a name without a value shows as nothing."""
        if self._template is None:
            return self._constant or ""
        missing = self.names - values.keys()
        return self._template.render({**values, **dict.fromkeys(missing, "")} if missing else values).strip()


class Condition:
    """One compiled `when`. `names` are the variables it reads."""

    __slots__ = ("_expression", "names", "source")

    def __init__(self, source: str) -> None:
        """Compile; raises TemplateFault when the text is not an expression."""
        self.source = source
        self._expression = _SANDBOX.compile_expression(source, undefined_to_none=False)
        self.names = frozenset(meta.find_undeclared_variables(_SANDBOX.parse("{{ (" + source + ") }}")))

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Is it true of `values`? False when a name is missing or two values do not compare (S2)."""
        try:
            return bool(self._expression(values))
        except (UndefinedError, TypeError, ValueError, ArithmeticError):
            return False

    def missing(self, values: Mapping[str, Any]) -> frozenset[str]:
        """The names it reads that have no value, for the notes."""
        return self.names - values.keys()
