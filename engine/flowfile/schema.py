"""The vocabulary as JSON Schema (2020-12), from the shapes that read a file: what editors complete and underline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.flow import StateKind
from engine.flowfile.atoms import Figure, Flag, Nothing, OneOf, Span, Words
from engine.flowfile.compounds import Anything, ByName, Each, Either, Fields
from engine.flowfile.shape import Shape
from engine.flowfile.vocabulary.states import ALLOWED, MARKS

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_DURATION = r"^\s*(\d+(\.\d+)?\s*(ms|[smhd])\s*)+$"
_LOOSE = ["string", "number", "boolean"]
"""A word may be written as a figure, or as true: it counts as it stands."""
_FLAGS = ("loop", "terminal")


def document(root: Fields, *, title: str, about: str) -> Schema:
    """The schema of a whole file whose keys are `root`."""
    defs: dict[str, Schema] = {}
    reference = _of(root, defs)
    return {"$schema": DIALECT, "title": title, "description": about, **reference, "$defs": dict(sorted(defs.items()))}


def _of(shape: Shape, defs: dict[str, Schema]) -> Schema:
    match shape:
        case Words():
            return _words(shape)
        case Flag():
            return {"type": "boolean"}
        case Figure(least=least, most=most, fraction=fraction):
            return {"type": "number" if fraction else "integer", "minimum": least, "maximum": most}
        case Span():
            return {"type": "string", "pattern": _DURATION, "description": shape.said}
        case OneOf(words=words):
            return {"enum": [*words, *(int(word) for word in words if word.isdigit())]}
        case Nothing():
            return {"type": "null"}
        case Each(item=item, empty=empty):
            return {"type": "array", "items": _of(item, defs)} | ({} if empty else {"minItems": 1})
        case ByName(value=value, key=key, empty=empty):
            named = (
                {"propertyNames": {"pattern": _whole(key.pattern)}} if isinstance(key, Words) and key.pattern else {}
            )
            filled = {} if empty else {"minProperties": 1}
            return {"type": "object", "additionalProperties": _of(value, defs), **named, **filled}
        case Either(shapes=shapes):
            return {"anyOf": [_of(one, defs) for one in shapes]}
        case Anything(table=table):
            return {"type": "object"} if table else {}
        case Fields():
            return _fields(shape, defs)
    raise TypeError(f"{type(shape).__name__} has no schema: give it one in engine/flowfile/schema.py")


def _words(shape: Words) -> Schema:
    if shape.pattern:
        return {
            "type": _LOOSE if shape.loose else "string",
            "pattern": _whole(shape.pattern),
            "description": shape.said,
        }
    kind: Schema = {"type": _LOOSE if shape.loose else "string"}
    return kind if shape.may_be_empty else kind | {"pattern": r"\S"}


def _whole(pattern: str) -> str:
    """A pattern that the whole text fits, in the dialect of JSON Schema, which has no `\\Z`."""
    return f"^(?:{pattern})$".replace(r"\Z", "$")


def _fields(shape: Fields, defs: dict[str, Schema]) -> Schema:
    name = shape.what.strip("`").removeprefix("a ").removeprefix("an ").replace(" ", "_")
    if name not in defs:
        defs[name] = {}  # taken before its keys are read, should one of them lead back here
        properties = {word: {**_of(key.shape, defs), "description": key.about} for word, key in shape.keys.items()}
        needed = [word for word, key in shape.keys.items() if key.needed]
        made = {"type": "object", "properties": properties, "additionalProperties": False}
        defs[name] = made | ({"required": needed} if needed else {}) | _BETWEEN.get(name, {})
    return {"$ref": f"#/$defs/{name}"}


def _kinds() -> Schema:
    """Which keys may stand together in a state: those of its kind, a flag also where it says false."""
    rules: list[Schema] = []
    for mark, kind in MARKS.items():
        marked = {"properties": {mark: {"const": True}}} if mark in _FLAGS else {}
        rules.append({"if": {"required": [mark], **marked}, "then": _allowed(kind)})
    unmarked = {"not": {"anyOf": [rule["if"] for rule in rules]}}
    choice = {"allOf": [unmarked, {"required": ["branches"]}]}
    say = {"allOf": [unmarked, {"not": {"required": ["branches"]}}]}
    rules.append({"if": choice, "then": _allowed(StateKind.CHOICE)})
    rules.append({"if": say, "then": {**_allowed(StateKind.SAY), "required": ["prompt"]}})
    return {"allOf": rules}


def _allowed(kind: StateKind) -> Schema:
    keys = [*ALLOWED[kind], *(flag for flag in _FLAGS if flag not in ALLOWED[kind])]
    held: Schema = {flag: {"const": False} for flag in _FLAGS if flag not in ALLOWED[kind]}
    if "branches" in ALLOWED[kind]:
        held["branches"] = {"type": "array" if kind is StateKind.CHOICE else "object"}
    return {"propertyNames": {"enum": keys}, "properties": held}


_READS_ONLY: Schema = {"outcomes": False, "timeout": False, "irreversible": {"const": False}}
_NO_PLAN: Schema = {"planner": False}
_BETWEEN: Mapping[str, Schema] = {
    "state": _kinds(),
    "action": {
        "oneOf": [
            {"required": ["http"], "properties": {"outcomes": {"type": "object"}, **_NO_PLAN}},
            {"required": ["python"], "properties": {"outcomes": {"type": "array"}, **_NO_PLAN}},
            {"required": ["knowledge"], "properties": {**_READS_ONLY, **_NO_PLAN}},
            {"required": ["delegate"], "properties": _READS_ONLY},
        ]
    },
    "window": {"minProperties": 1, "maxProperties": 1},
}
"""What holds between the keys of one map, by the map's name."""
