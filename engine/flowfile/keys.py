"""Every key a file may have, with its place: what the reference and the frozen list are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.flowfile.compounds import ByName, Each, Either, Fields
from engine.flowfile.shape import Shape

NAME = "NAME"
"""Stands in a place for a name of the author's."""


@dataclass(frozen=True, kw_only=True)
class Level:
    """One map with a closed set of keys, and where it stands: `slots.NAME`; "" for the whole file."""

    place: str
    fields: Fields


def levels(root: Fields) -> Iterator[Level]:
    """Every such map of a file, the file itself first, each once and where it is found first."""
    seen: set[str] = set()
    for level in _levels(root, ""):
        if level.place not in seen:
            seen.add(level.place)
            yield level


def every_key(root: Fields) -> tuple[str, ...]:
    """The dotted place of every key, sorted."""
    return tuple(sorted(f"{level.place}.{word}".lstrip(".") for level in levels(root) for word in level.fields.keys))


def _levels(shape: Shape, at: str) -> Iterator[Level]:
    match shape:
        case Fields(keys=keys):
            yield Level(place=at, fields=shape)
            for word, key in keys.items():
                yield from _levels(key.shape, f"{at}.{word}".lstrip("."))
        case ByName(value=value):
            yield from _levels(value, f"{at}.{NAME}")
        case Each(item=item):
            yield from _levels(item, f"{at}.N")
        case Either(shapes=shapes):
            for one in shapes:
                yield from _levels(one, at)
