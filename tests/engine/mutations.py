"""Random edits of a flow, as authors make them: dropped, renamed, led elsewhere, doubled, of another type, nonsense."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from engine.flow import SlotType
from engine.flowfile import FlowFile
from engine.flowfile.compounds import Anything
from engine.flowfile.page import Page
from engine.flowfile.reading import read_tree
from engine.flowfile.tree import Node, Scalar, Series, Table, grow

Plain = dict[str, Any]
Edit = Callable[[Plain, random.Random], None]

_NONSENSE: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1e9,
    "",
    "x",
    "yes",
    "5s",
    "{{ x }}",
    "{{",
    "(a+)+",
    [],
    {},
    ["x"],
    {"x": "y"},
    "done",
)
_FLAGS = ("ask_only", "optional", "remember", "once", "sensitive", "loop", "irreversible", "terminal")


def plain(text: str) -> Plain:
    """A flow file as plain JSON."""
    root = grow(text)
    read: Plain = Anything().read(root, "", Page("flow.yaml", root))
    return read


def compiled(flow: Plain) -> FlowFile:
    """Plain JSON read as a flow file, without the way through YAML."""
    return read_tree(_node(flow), "flow.yaml")


def mutated(flow: Plain, chance: random.Random) -> Plain:
    """The flow after one to three edits."""
    edited = copy.deepcopy(flow)
    for _ in range(chance.randint(1, 3)):
        chance.choice(EDITS)(edited, chance)
    return edited


def _node(value: Any) -> Node:
    match value:
        case dict():
            return Table(
                line=1, column=1, weight=1, entries=tuple((_word(key), _node(one)) for key, one in value.items())
            )
        case list():
            return Series(line=1, column=1, weight=1, items=tuple(map(_node, value)))
    text = value if isinstance(value, str) else json.dumps(value)
    return Scalar(line=1, column=1, end=1, text=text, value=value)


def _word(key: str) -> Scalar:
    return Scalar(line=1, column=1, end=1, text=key, value=key)


def _tables(flow: Plain) -> Iterator[Plain]:
    """Every map of a flow that has entries, the whole first."""
    waiting: list[Any] = [flow]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict) and one:
            yield one
        waiting += one.values() if isinstance(one, dict) else one if isinstance(one, list) else []


def _any_table(flow: Plain, chance: random.Random) -> Plain:
    return chance.choice(list(_tables(flow)))


def _part(flow: Plain, chance: random.Random, *names: str) -> Plain:
    found = flow.get(chance.choice(names))
    return found if isinstance(found, dict) else {}


def _drop(flow: Plain, chance: random.Random) -> None:
    table = _any_table(flow, chance)
    del table[chance.choice(list(table))]


def _drop_declared(flow: Plain, chance: random.Random) -> None:
    table = _part(flow, chance, "slots", "actions", "states")
    if table:
        del table[chance.choice(list(table))]


def _rename(flow: Plain, chance: random.Random) -> None:
    table = _any_table(flow, chance)
    old = chance.choice(list(table))
    entries = [(f"{key}_2" if key == old else key, value) for key, value in table.items()]
    table.clear()
    table.update(entries)


def _lead_elsewhere(flow: Plain, chance: random.Random) -> None:
    states = flow.get("states")
    if not isinstance(states, dict) or not states:
        return
    names = [*states, "handoff", "nowhere"] if chance.random() < 0.2 else list(states)
    edges: list[tuple[Any, Any]] = []
    for state in states.values():
        if isinstance(state, dict):
            edges += [(state, key) for key in ("next", "on_error") if key in state]
            branches = state.get("branches")
            edges += [(branches, key) for key in branches] if isinstance(branches, dict) else []
            edges += [(one, "next") for one in branches if isinstance(one, dict)] if isinstance(branches, list) else []
    if edges:
        table, key = chance.choice(edges)
        table[key] = chance.choice(names)


def _double(flow: Plain, chance: random.Random) -> None:
    table = _part(flow, chance, "slots", "actions", "states")
    if table:
        name = chance.choice(list(table))
        table[f"{name}_again"] = copy.deepcopy(table[name])


def _swap(flow: Plain, chance: random.Random) -> None:
    table = _any_table(flow, chance)
    one, other = chance.choice(list(table)), chance.choice(list(table))
    table[one], table[other] = table[other], table[one]


def _shuffle(flow: Plain, chance: random.Random) -> None:
    table = _any_table(flow, chance)
    entries = list(table.items())
    chance.shuffle(entries)
    table.clear()
    table.update(entries)


def _retype(flow: Plain, chance: random.Random) -> None:
    slots = [one for one in _part(flow, chance, "slots").values() if isinstance(one, dict)]
    if slots:
        chance.choice(slots)["type"] = chance.choice(list(SlotType)).value


def _flip(flow: Plain, chance: random.Random) -> None:
    tables = [one for one in _part(flow, chance, "slots", "actions", "states").values() if isinstance(one, dict)]
    if tables:
        table, flag = chance.choice(tables), chance.choice(_FLAGS)
        table[flag] = not table.get(flag, False)


def _nonsense(flow: Plain, chance: random.Random) -> None:
    table = _any_table(flow, chance)
    table[chance.choice(list(table))] = copy.deepcopy(chance.choice(_NONSENSE))


def _borrow(flow: Plain, chance: random.Random) -> None:
    """A value from elsewhere in the flow, under a key it was not written for."""
    table, other = _any_table(flow, chance), _any_table(flow, chance)
    table[chance.choice(list(table))] = copy.deepcopy(chance.choice(list(other.values())))


EDITS: tuple[Edit, ...] = (
    *(_drop, _drop_declared, _rename, _lead_elsewhere, _lead_elsewhere, _lead_elsewhere, _double, _swap, _shuffle),
    *(_retype, _flip, _flip, _nonsense, _borrow),
)
