"""YAML text as a tree in which every node knows its place, and nothing is ever executed or expanded (X31)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from engine.flowfile.slips import plainly

MAX_BYTES = 1_000_000
MAX_ALIASES = 100
MAX_DEPTH = 40
MAX_WEIGHT = 100_000
"""Nodes, an alias counted as all it stands for: what keeps a hundred aliases from becoming a billion nodes."""

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_NULLS = ("", "~", "null", "Null", "NULL")
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


@dataclass(frozen=True, kw_only=True, slots=True)
class Scalar:
    """One word, sentence or figure: `text` as written, `value` as YAML 1.2's core schema reads it (`no` is text)."""

    line: int
    column: int
    end: int
    """The column behind its last character; `column` where it goes on in another line."""
    text: str
    value: bool | int | float | str | None
    weight: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """A list."""

    line: int
    column: int
    items: tuple[Node, ...]
    weight: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A map, its keys as written and in the file's order; a key that occurs twice is here twice."""

    line: int
    column: int
    entries: tuple[tuple[Scalar, Node], ...]
    weight: int

    def get(self, key: str) -> Node | None:
        """The first value under `key`."""
        return next((node for name, node in self.entries if name.text == key), None)


Node = Scalar | Series | Table


class Unreadable(Exception):
    """The text is no flow file at all: where, why, and what to do. `line` counts from 1, and so does `column`."""

    def __init__(self, line: int, what: str, remedy: str, column: int = 1) -> None:
        super().__init__(what)
        self.line, self.what, self.remedy, self.column = line, what, remedy, column


def grow(text: str) -> Node:
    """The tree of one YAML 1.2 document. Raises Unreadable, and nothing else, for whatever the text holds."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise Unreadable(1, f"the file has {size:,} bytes, over 1 MB", "split it into several flows")
    try:
        return _Gardener(YAML(typ="safe", pure=True).parse(text)).document()
    except MarkedYAMLError as error:
        unclosed = re.search(
            "end of stream|<stream end>", error.problem or ""
        )  # where it was opened says more than where the file ends
        mark = (error.context_mark if unclosed else None) or error.problem_mark or error.context_mark
        what, remedy = plainly(" ".join(filter(None, (error.context, error.problem))))
        raise Unreadable(mark.line + 1 if mark else 1, what, remedy, mark.column + 1 if mark else 1) from None
    except YAMLError as error:
        raise Unreadable(1, str(error).splitlines()[0], "write plain UTF-8 text without control characters") from None
    except (ValueError, OverflowError) as error:  # the scanner's own conversions, in escapes and directives
        raise Unreadable(1, f"this is not YAML: {error}", "mend the escape or directive it names") from None


class _Gardener:
    """Builds nodes from events, bottom up, so that no alias is ever copied."""

    def __init__(self, events: Iterator[Event]) -> None:
        self._events = events
        self._anchors: dict[str, Node] = {}
        self._aliases = 0

    def document(self) -> Node:
        root: Node | None = None
        for event in self._events:
            if isinstance(event, DocumentStartEvent) and root is not None:
                raise Unreadable(_line(event), "a second document begins here", "one file holds one flow: remove `---`")
            if isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent | AliasEvent):
                root = self._node(event, depth=0)
        if root is None:
            raise Unreadable(1, "the file is empty", "start with `frontdesk: 1` and `flow: its_name`")
        return root

    def _node(self, event: Event, depth: int) -> Node:
        if isinstance(event, AliasEvent):
            return self._alias(event)
        if not isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent):
            raise Unreadable(_line(event), "something stands here that is no value", "mend the YAML here")
        if event.tag is not None:
            raise Unreadable(_line(event), f"the tag {event.tag} stands here", "remove it: flow files have no tags")
        if depth > MAX_DEPTH:
            raise Unreadable(_line(event), f"this is nested over {MAX_DEPTH} levels deep", "make it flatter")
        node = self._grown(event, depth)
        if node.weight > MAX_WEIGHT:
            remedy = "split the file, or use fewer aliases"
            raise Unreadable(node.line, f"this stands for over {MAX_WEIGHT:,} values", remedy)
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _grown(self, event: ScalarEvent | SequenceStartEvent | MappingStartEvent, depth: int) -> Node:
        line, column = _line(event), int(event.start_mark.column) + 1
        if isinstance(event, SequenceStartEvent):
            items = tuple(self._until(SequenceEndEvent, depth))
            return Series(line=line, column=column, items=items, weight=1 + sum(item.weight for item in items))
        if isinstance(event, MappingStartEvent):
            nodes = list(self._until(MappingEndEvent, depth))
            entries = tuple((_key(name), node) for name, node in zip(nodes[::2], nodes[1::2], strict=True))
            return Table(line=line, column=column, entries=entries, weight=1 + sum(node.weight for node in nodes))
        text = str(event.value)
        end = int(event.end_mark.column) + 1 if event.end_mark.line + 1 == line else column
        return Scalar(line=line, column=column, end=end, text=text, value=text if event.style else _core(text))

    def _until(self, end: type[Event], depth: int) -> Iterator[Node]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield self._node(event, depth + 1)

    def _alias(self, event: AliasEvent) -> Node:
        self._aliases += 1
        if self._aliases > MAX_ALIASES:
            raise Unreadable(_line(event), f"this is alias number {self._aliases}", f"use at most {MAX_ALIASES}")
        if event.anchor not in self._anchors:
            raise Unreadable(_line(event), f"*{event.anchor} stands for nothing yet", f"put &{event.anchor} before it")
        return self._anchors[event.anchor]


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1


def _key(node: Node) -> Scalar:
    if not isinstance(node, Scalar):
        remedy = 'make the key a word; a text that begins with `{{` belongs between quotes: "{{ name }}"'
        raise Unreadable(node.line, "a list or map stands where a key should", remedy, node.column)
    return node


def _core(text: str) -> bool | int | float | str | None:
    """A plain scalar by the core schema. Source: YAML 1.2.2 section 10.3.2; hex, octal, .inf and .nan stay text."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    number = float(text) if _FLOAT.fullmatch(text) else math.inf
    return number if math.isfinite(number) else text
