"""Lints about what a `when` compares: two things that could never be equal, or have no order (S2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from jinja2 import nodes

from engine.flow import FlowDef, SlotDef, SlotType
from engine.flowfile.nearest import listed, meant
from engine.lints.finding import Finding
from engine.lints.reading import sources
from engine.readers.validity import shaped
from engine.templates import TemplateFault, tree_of

_FIGURES = frozenset({SlotType.NUMBER, SlotType.INTEGER, SlotType.DURATION})
_MOMENTS = frozenset({SlotType.DATE, SlotType.TIME, SlotType.DATETIME})
_EXAMPLES = {SlotType.DATE: "2026-03-01", SlotType.TIME: "18:30", SlotType.DATETIME: "2026-03-01T18:30"}


def impossible_comparison(flow: FlowDef) -> Iterator[Finding]:
    """A condition compares a value with one it can have: of its kind, a key of its enum, a bare number (S2)."""
    for source in sources(flow):
        for name, constant in _comparisons(source.text) if source.condition else ():
            declared = flow.slots.get(name) or _fact(flow, name)
            fault = _fault(declared, constant) if declared else None
            if fault is not None:
                what, remedy = fault
                yield Finding(key=source.key, what=what, remedy=remedy)


def _comparisons(when: str) -> Iterator[tuple[str, Any]]:
    """Each name of a condition with a constant it is compared with."""
    try:
        found = list(tree_of(when).find_all(nodes.Compare))
    except (TemplateFault, RecursionError):
        return
    for compare in found:
        sides: Sequence[nodes.Node] = [compare.expr, *(operand.expr for operand in compare.ops)]
        for left, right in pairwise(sides):
            for name, other in ((left, right), (right, left)):
                if isinstance(name, nodes.Name):
                    yield from ((name.name, constant) for constant in _constants(other))


def _constants(node: nodes.Node) -> Iterator[Any]:
    match node:
        case nodes.Const(value=value):
            yield value
        case nodes.Neg(node=nodes.Const(value=value)):
            yield value
        case nodes.List(items=items) | nodes.Tuple(items=items):
            for item in items:
                yield from _constants(item)


def _fact(flow: FlowDef, name: str) -> SlotDef | None:
    """A fact that is saved with one type everywhere, as if it were a slot."""
    types = {action.save[name].type for action in flow.actions.values() if name in action.save}
    kind = next(iter(types), None)
    return SlotDef(name=name, type=kind) if len(types) == 1 and kind and kind is not SlotType.ENUM else None


def _fault(slot: SlotDef, constant: Any) -> tuple[str, str] | None:
    """What is wrong with comparing this slot with this constant, and what to write."""
    kind = (slot.of or SlotType.TEXT) if slot.type is SlotType.LIST else slot.type
    said = f"'{constant}'" if isinstance(constant, str) else str(constant).lower()
    never = f"`{slot.name}` is never {said}"
    number = isinstance(constant, int | float) and not isinstance(constant, bool)
    if kind is SlotType.ENUM:
        keys = tuple(slot.values)
        if not keys or constant in keys:
            return None
        return f"{never}: it holds {listed(keys)}", meant(
            str(constant), keys, f"write one of them, as in `'{keys[0]}'`"
        )
    if kind is SlotType.BOOLEAN:
        remedy = f"write `{slot.name}` for yes, `not {slot.name}` for no"
        return None if isinstance(constant, bool) else (f"{never}: a condition sees true or false", remedy)
    if kind is SlotType.AMOUNT:
        what = f"`{slot.name}` is an amount, and {said} is no bare number: money in two currencies never compares"
        return None if number else (what, f"write the number alone, in its own currency: `{slot.name} > 200`")
    if kind in _FIGURES:
        return None if number else (f"{never}: it holds a number", "write the number without quotes")
    if not isinstance(constant, str):
        return f"{never}: it holds a text", f"put quotes around it: `'{constant}'`"
    if kind in _MOMENTS and not shaped(kind, constant):
        return f"{never}: it holds a {kind.value}", f"write it like `'{_EXAMPLES[kind]}'`"
    return None
