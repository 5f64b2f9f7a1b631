"""What a shape is, and how it refuses."""

from __future__ import annotations

from typing import Any, Protocol

from msgspec import UNSET

from engine.flowfile.page import Page
from engine.flowfile.tree import Node, Scalar, Series, Table


class Shape(Protocol):
    """A kind of value. `said` completes the sentence "this should be ..."."""

    @property
    def said(self) -> str: ...

    def takes(self, node: Node) -> bool:
        """Is `node` meant as this shape, right or wrong? Lets `Either` choose."""
        ...

    def read(self, node: Node, at: str, page: Page) -> Any:
        """The value as plain data; UNSET after a problem was noted, never an exception."""
        ...


def seen(node: Node) -> str:
    """How a message names what stands in the file."""
    match node:
        case Series():
            return "a list"
        case Table():
            return "a map"
        case Scalar(value=None):
            return "nothing"
        case Scalar(text=text):
            return f"`{text}`" if len(text) <= 40 else f"`{text[:40]}...`"


def wrong(node: Node, at: str, page: Page, said: str) -> Any:
    """Note that something else belongs here; gives UNSET."""
    page.fault(at, "wrong-type", f"{seen(node)} stands here", f"write {said}")
    return UNSET


def out_of_range(node: Node, at: str, page: Page, said: str) -> Any:
    """Note a value of the right shape but outside its range; gives UNSET."""
    page.fault(at, "out-of-range", f"{seen(node)} is outside what works", f"write {said}")
    return UNSET
