"""docs/flow-keys.md and the schemas: every key of flow.yaml and desk.yaml, from the shapes that read them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from engine.desk import DeskDef, Persona
from engine.flow import ActionDef, FlowDef, HandoffDef, HttpDef, Migrations, SaveDef, SlotDef, StateDef
from engine.flowfile.atoms import Flag, Span, Words
from engine.flowfile.compounds import ByName, Each, Either, Fields, Key
from engine.flowfile.keys import Level, levels
from engine.flowfile.schema import document
from engine.flowfile.shape import Shape
from engine.flowfile.vocabulary.desks import DESK
from engine.flowfile.vocabulary.flows import FLOW
from engine.flowfile.vocabulary.settings import DEFAULTS
from engine.flowfile.vocabulary.states import ALLOWED, STATE

FLOW_SCHEMA, DESK_SCHEMA = "flow.schema.json", "desk.schema.json"

_STRUCTS: Mapping[str, type[msgspec.Struct]] = {
    "a flow": FlowDef,
    "a slot": SlotDef,
    "an action": ActionDef,
    "an http action": HttpDef,
    "a saved fact": SaveDef,
    "a state": StateDef,
    "a handoff": HandoffDef,
    "migrations": Migrations,
    "a desk": DeskDef,
    "`defaults`": DeskDef,
    "a persona": Persona,
}
"""Where the values of a map's keys are kept, and so what they are when left out."""

_TOP = f"""\
# The keys of a flow

Everything that `flow.yaml` and `desk.yaml` can say; what they cannot say is a Python action. A key that is not on this
page is refused. Rule ids in brackets name the behaviour a key has, as it stands in the turn's notes.

An editor knows all of this from [{FLOW_SCHEMA}]({FLOW_SCHEMA}) and [{DESK_SCHEMA}]({DESK_SCHEMA}).
Whichever speaks to the YAML language server reads it from the file's first line, a path or an address:

```yaml
# yaml-language-server: $schema=../../docs/{FLOW_SCHEMA}
frontdesk: 1
```

A schema sees one key at a time; `frontdesk check` sees the flow: [lints.md](lints.md). In a place, `NAME` is a name of
yours and `N` a place in a list. Durations carry their unit: `250ms`, `5s`, `30m`, `48h`, `7d`, `1h 30m`.

This page and the schemas are written by `make pages` from the code that reads the files. `frontdesk: 1` is their
version: a key may come to it, and none goes or changes its meaning.
"""


def page() -> str:
    """The whole of docs/flow-keys.md."""
    return _TOP + _part("flow.yaml", FLOW) + _part("desk.yaml", DESK)


def flow_schema() -> str:
    """The schema of flow.yaml, as JSON."""
    return _json(document(FLOW, title="A flow of Frontdesk", about="flow.yaml, version 1: docs/flow-keys.md"))


def desk_schema() -> str:
    """The schema of desk.yaml, as JSON."""
    return _json(document(DESK, title="A desk of Frontdesk", about="desk.yaml, version 1: docs/flow-keys.md"))


def _json(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _part(file: str, root: Fields) -> str:
    told: dict[int, str] = {}
    parts: list[str] = []
    for level in levels(root):
        title = f"`{file}`: `{level.place}`" if level.place else f"`{file}`"
        known = told.setdefault(id(level.fields), level.place)
        parts.append(f"\n## {title}\n\n{_table(level) if known == level.place else f'As `{known}`.'}\n".rstrip() + "\n")
    return "".join(parts)


def _table(level: Level) -> str:
    head = "| Key | Value | Left out | What it does |\n|---|---|---|---|\n"
    return head + "".join(
        f"| `{word}` | {_cell(_value(key.shape))} | {_cell(_left_out(level.fields, word, key))} | {_cell(said)} |\n"
        for word, key, said in _rows(level.fields)
    )


def _value(shape: Shape) -> str:
    """What may stand there, in few words; a map with keys of its own has a table of its own."""
    match shape:
        case Fields(what=what):
            return what
        case ByName(value=value):
            return f"a map: name → {_value(value)}"
        case Each(item=item):
            return f"a list: {_value(item)}, ..."
        case Either(shapes=shapes):
            return ", or ".join(dict.fromkeys(map(_value, shapes)))
        case Words(said=said):
            return said.partition(":")[0]
    return shape.said


def _rows(fields: Fields) -> Iterator[tuple[str, Key, str]]:
    for word, key in fields.keys.items():
        kinds = [kind.value for kind, allowed in ALLOWED.items() if fields is STATE and word in allowed]
        where = f" Kinds: {', '.join(kinds)}." if kinds and len(kinds) < len(ALLOWED) else ""
        yield word, key, f"{key.about}{where}"


def _left_out(fields: Fields, word: str, key: Key) -> str:
    """What counts where the key is not written."""
    if key.needed:
        return "*needed*"
    struct = _STRUCTS.get(fields.what)
    defaults = {one.name: one.default for one in msgspec.structs.fields(struct)} if struct else {}
    default = defaults.get(key.field or word, msgspec.NODEFAULT)
    if default is None and word in DEFAULTS:
        return "the flow's" if struct is SlotDef and word in FLOW.keys else "the desk's"
    if isinstance(key.shape, Flag):
        return "true" if default is True else "false"
    if default in (None, msgspec.NODEFAULT, "", ()):
        return "–"
    if isinstance(default, msgspec.Struct):
        said = {name: value for name, value in msgspec.to_builtins(default).items() if value}
        return f"`{{{', '.join(f'{name}: {value}' for name, value in said.items())}}}`" if said else "–"
    return f"`{_duration(default) if isinstance(key.shape, Span) else default}`"


def _duration(seconds: float) -> str:
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds % length == 0 and (unit != "d" or seconds > 7 * length):
            return f"{seconds / length:g}{unit}"
    return f"{seconds:g}s"


def _cell(said: str) -> str:
    return said.replace("|", "\\|").replace("\n", " ")
