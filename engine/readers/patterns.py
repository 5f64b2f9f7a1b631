"""Slots with a `pattern`: the author's expression, searched in the normalized text (spec/conversation.md section 1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from engine.flow import SlotDef
from engine.readers.reading import Found
from engine.readers.words import plain

_PATTERN_MAX_CHARS = 1000
"""An author's expression may be slow; it never sees more than this."""
_FLAGS = re.compile(r"^\(\?([aimsux]{1,6})\)")
_SEPARATOR = re.compile(r"(?<=\d)(?: ?[-/()] ?| |\.)(?=\d)")


def find_pattern(slot: SlotDef, text: str) -> list[Found]:
    """Every whole match of the slot's pattern that is not inside a longer word or number. The value is normalized."""
    expression = compiled(slot.pattern or "")
    normal, places = _normalized(text[:_PATTERN_MAX_CHARS], slot.normalize)
    found = []
    for m in expression.finditer(normal):
        if m.start() == m.end():
            continue
        start, end = places[m.start()], places[m.end() - 1] + 1
        found.append(Found(value=m[0], start=start, end=end, words=text[start:end]))
    return found


def fits(slot: SlotDef, value: str) -> bool:
    """Is the whole value a match of the slot's pattern?"""
    return len(value) <= _PATTERN_MAX_CHARS and compiled(slot.pattern or "").fullmatch(value) is not None


def normalized(text: str, how: str | None) -> str:
    """The text after `normalize`: upper, lower, strip (its ends), or digits (no separators inside numbers)."""
    return _normalized(text, how)[0]


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern between borders of words and numbers, so that a longer match is found before a cut one.

    Raises re.error for an expression that is none: the flow compiler has said so before.
    """
    flags = _FLAGS.match(pattern)
    body, prefix = (pattern[flags.end() :], flags[0]) if flags else (pattern, "")
    return re.compile(rf"{prefix}(?<!\w)(?:(?<!\d[.,:/-])|(?!\d))(?:{body})(?!\w)(?:(?![.,:/-]\d)|(?<!\d))")


_TURNED = {"upper": str.upper, "lower": str.lower}


def _normalized(text: str, how: str | None) -> tuple[str, Sequence[int]]:
    """The normalized text, and for each of its characters its place in `text`."""
    if how == "digits":
        return _joined_digits(text)
    if how == "strip":
        left = len(text) - len(text.lstrip())
        bare = text.strip()
        return bare, range(left, left + len(bare))
    turned = _TURNED.get(how or "", str)
    whole = turned(text)
    if len(whole) == len(text):
        return whole, range(len(text))
    each = [turned(char) for char in text]
    return "".join(each), [place for place, chars in enumerate(each) for _ in chars]


def _joined_digits(text: str) -> tuple[str, list[int]]:
    """A separator between two digits is dropped: "12-34 56" is 123456, and what surrounds it stays."""
    folded = plain(text)
    dropped = {place for m in _SEPARATOR.finditer(folded) for place in range(m.start(), m.end())}
    kept = [place for place in range(len(folded)) if place not in dropped]
    return "".join(folded[place] for place in kept), kept
