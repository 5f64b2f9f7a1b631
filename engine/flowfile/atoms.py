"""Shapes of one value: words, flags, figures, durations, closed lists of words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from msgspec import UNSET

from engine.flowfile.nearest import listed, meant
from engine.flowfile.page import Page
from engine.flowfile.shape import out_of_range, seen, wrong
from engine.flowfile.tree import Node, Scalar


@dataclass(frozen=True, kw_only=True)
class Words:
    """A text. `loose` also takes figures and true/false as they are written: a trigger may be 911."""

    said: str = "a text"
    pattern: str | None = None
    loose: bool = False
    may_be_empty: bool = False

    def takes(self, node: Node) -> bool:
        return isinstance(node, Scalar)

    def read(self, node: Node, at: str, page: Page) -> Any:
        if not isinstance(node, Scalar) or node.value is None:
            return wrong(node, at, page, self.said)
        if not isinstance(node.value, str) and not self.loose:
            page.fault(at, "wrong-type", f"{seen(node)} stands where {self.said} belongs", f'quote it: "{node.text}"')
            return UNSET
        if not (self.may_be_empty or node.text.strip()) or (self.pattern and not re.fullmatch(self.pattern, node.text)):
            return wrong(node, at, page, self.said)
        return node.text


@dataclass(frozen=True, kw_only=True)
class Flag:
    """true or false."""

    said: str = "true or false"

    def takes(self, node: Node) -> bool:
        return isinstance(node, Scalar) and isinstance(node.value, bool)

    def read(self, node: Node, at: str, page: Page) -> Any:
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        return wrong(node, at, page, self.said)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number from `least` to `most`; a whole one unless `fraction`."""

    least: float
    most: float
    fraction: bool = False

    @property
    def said(self) -> str:
        return f"a {'number' if self.fraction else 'whole number'} from {self.least:g} to {self.most:g}"

    def takes(self, node: Node) -> bool:
        return isinstance(node, Scalar) and isinstance(node.value, int | float) and not isinstance(node.value, bool)

    def read(self, node: Node, at: str, page: Page) -> Any:
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, bool) or not isinstance(value, int | float if self.fraction else int):
            return wrong(node, at, page, self.said)
        return value if self.least <= value <= self.most else out_of_range(node, at, page, self.said)


_UNITS_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_SPAN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(ms|[smhd])")


@dataclass(frozen=True, kw_only=True)
class Span:
    """A duration, `250ms`, `5s`, `1h 30m`, `7d`, read as seconds. `least` and `most` are durations too."""

    least: str
    most: str

    @property
    def said(self) -> str:
        return f"a duration from {self.least} to {self.most}"

    def takes(self, node: Node) -> bool:
        return isinstance(node, Scalar)

    def read(self, node: Node, at: str, page: Page) -> Any:
        value = seconds(node.text) if isinstance(node, Scalar) else None
        if value is None:
            return wrong(node, at, page, f"{self.said}, with its unit (ms, s, m, h or d)")
        low, high = seconds(self.least) or 0.0, seconds(self.most) or 0.0
        return value if low <= value <= high else out_of_range(node, at, page, self.said)


def seconds(text: str) -> float | None:
    """`1h 30m` as 5400.0; None when `text` is no duration."""
    parts = list(_SPAN.finditer(text))
    if not parts or "".join(part[0] for part in parts).strip() != text.strip():
        return None
    return sum(float(part[1]) * _UNITS_S[part[2]] for part in parts)


@dataclass(frozen=True, kw_only=True)
class OneOf:
    """One word of a closed list."""

    words: tuple[str, ...]

    @property
    def said(self) -> str:
        return listed(self.words)

    def takes(self, node: Node) -> bool:
        return isinstance(node, Scalar)

    def read(self, node: Node, at: str, page: Page) -> Any:
        if isinstance(node, Scalar) and node.text in self.words:
            return node.text
        if not isinstance(node, Scalar) or node.value is None:
            return wrong(node, at, page, self.said)
        page.fault(
            at, "unknown-word", f"`{node.text}` is none of its words", meant(node.text, self.words, f"use {self.said}")
        )
        return UNSET


@dataclass(frozen=True, kw_only=True)
class Nothing:
    """A key with nothing behind it."""

    said: str = "nothing"

    def takes(self, node: Node) -> bool:
        return isinstance(node, Scalar) and node.value is None

    def read(self, node: Node, at: str, page: Page) -> Any:
        return None if self.takes(node) else wrong(node, at, page, self.said)


def words_of(enum: Iterable[str]) -> OneOf:
    """The closed list of a StrEnum's values."""
    return OneOf(words=tuple(str(word) for word in enum))
