"""Shapes made of others: lists, maps by the author's names, maps with a closed set of keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import UNSET

from engine.flowfile.atoms import Words
from engine.flowfile.nearest import listed, meant
from engine.flowfile.page import Page, under
from engine.flowfile.shape import Shape, wrong
from engine.flowfile.tree import Node, Scalar, Series, Table


@dataclass(frozen=True, kw_only=True)
class Each:
    """A list of one shape; read as a list."""

    item: Shape
    empty: bool = True

    @property
    def said(self) -> str:
        return f"a list, each item {self.item.said}"

    def takes(self, node: Node) -> bool:
        return isinstance(node, Series)

    def read(self, node: Node, at: str, page: Page) -> Any:
        if not isinstance(node, Series) or not (node.items or self.empty):
            return wrong(node, at, page, self.said)
        read = (self.item.read(item, under(at, index), page) for index, item in enumerate(node.items))
        return [value for value in read if value is not UNSET]


_ANY_WORD = Words(loose=True)


@dataclass(frozen=True, kw_only=True)
class ByName:
    """A map from the author's own names to one shape; read as a dict in the file's order.

    An entry that is wrong is kept as None when `keep`, so that nothing else complains that it is missing.
    """

    value: Shape
    key: Shape = _ANY_WORD
    keep: bool = False
    empty: bool = True

    @property
    def said(self) -> str:
        return f"a map, each value {self.value.said}"

    def takes(self, node: Node) -> bool:
        return isinstance(node, Table)

    def read(self, node: Node, at: str, page: Page) -> Any:
        if not isinstance(node, Table) or not (node.entries or self.empty):
            return wrong(node, at, page, self.said)
        found: dict[str, Any] = {}
        for name, inner in node.entries:
            here = under(at, name.text)
            key = self.key.read(name, here, page)
            value = self.value.read(inner, here, page)
            if key is not UNSET and key not in found and (self.keep or value is not UNSET):
                found[key] = None if value is UNSET else value
        return found


@dataclass(frozen=True, kw_only=True)
class Either:
    """The first of several shapes that the node is meant as."""

    shapes: tuple[Shape, ...]

    @property
    def said(self) -> str:
        return ", or ".join(shape.said for shape in self.shapes)

    def takes(self, node: Node) -> bool:
        return any(shape.takes(node) for shape in self.shapes)

    def read(self, node: Node, at: str, page: Page) -> Any:
        for shape in self.shapes:
            if shape.takes(node):
                return shape.read(node, at, page)
        return wrong(node, at, page, self.said)


@dataclass(frozen=True, kw_only=True)
class Anything:
    """Any JSON value, or any map when `table`: what another part of the desk reads."""

    table: bool = False

    @property
    def said(self) -> str:
        return "a map" if self.table else "any value"

    def takes(self, node: Node) -> bool:
        return isinstance(node, Table) or not self.table

    def read(self, node: Node, at: str, page: Page) -> Any:
        return _json(node) if self.takes(node) else wrong(node, at, page, self.said)


@dataclass(frozen=True, kw_only=True)
class Key:
    """One key of the vocabulary. `about` is its sentence for people; `field` its name in our structs, if another."""

    shape: Shape
    about: str
    field: str | None = None
    needed: str | None = None
    """What to do when it is missing; None: it may be left out."""


@dataclass(frozen=True, kw_only=True)
class Fields:
    """A map with a closed set of keys, read as a dict by field name. `what` names it: "a slot"."""

    what: str
    keys: Mapping[str, Key]

    @property
    def said(self) -> str:
        return f"{self.what}, a map of {listed(self.keys, 'and')}"

    def takes(self, node: Node) -> bool:
        return isinstance(node, Table)

    def read(self, node: Node, at: str, page: Page) -> Any:
        if not isinstance(node, Table):
            return wrong(node, at, page, f"{self.what} as a map")
        for name, _ in node.entries:
            if name.text not in self.keys:
                otherwise = f"remove it; {self.what} knows {listed(self.keys, 'and')}"
                what = f"{self.what} has no key `{name.text}`"
                page.fault(under(at, name.text), "unknown-key", what, meant(name.text, self.keys, otherwise))
        found: dict[str, Any] = {}
        for word, key in self.keys.items():
            inner = node.get(word)
            if inner is None and key.needed:
                page.fault(at, "missing-key", f"{self.what} needs `{word}`", key.needed)
            value = UNSET if inner is None else key.shape.read(inner, under(at, word), page)
            if value is not UNSET:
                found[key.field or word] = value
        return found


def _json(node: Node) -> Any:
    match node:
        case Scalar(value=value):
            return value
        case Series(items=items):
            return [_json(item) for item in items]
        case Table(entries=entries):
            return {name.text: _json(inner) for name, inner in entries}
