"""The figures of a text (amounts, shares, spans, times of day), and whether two texts contradict each other."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.readers.number_words import TENS, UNITS, number_below_100
from engine.readers.words import plain, stem

_SPELT = re.compile(rf"\b({'|'.join((*UNITS, *TENS))})\b")
_FIGURES: Mapping[str, re.Pattern[str]] = {
    "money": re.compile(
        r"[$€£¥]\s?(\d+(?:[.,]\d\d)?)|\b(\d+(?:[.,]\d\d)?)\s?(?:usd|eur|gbp|dollars?|euros?|€|£)|\b(\d+[.,]\d\d)\b"
    ),
    "share": re.compile(r"\b(\d+(?:[.,]\d+)?)\s?(?:%|percent)"),
    "clock": re.compile(r"\b(\d{1,2}:\d\d)\b"),
}
_SPAN = re.compile(r"\b(\d+)(?:\s?(?:-|to|or)\s?(\d+))?[\s-](?:[a-z]+\s)?(minute|hour|day|week|month|year)s?\b")
_FREE = re.compile(r"\b(?:free|no (?:\w+ )?(?:fee|charge|cost)s?|without (?:\w+ )?(?:fee|charge|cost)s?)\b")


def figures(text: str) -> dict[str, frozenset[str]]:
    """The figures of each kind; spans by their unit. What is free costs 0."""
    folded = _SPELT.sub(lambda found: str(number_below_100(found[1])), plain(text))
    found = {
        kind: frozenset(value.replace(",", ".") for one in pattern.findall(folded) for value in _parts(one) if value)
        for kind, pattern in _FIGURES.items()
    }
    for least, most, unit in _SPAN.findall(folded):
        found[stem(unit)] = found.get(stem(unit), frozenset()) | {f"{least}-{most or least}"}
    if _FREE.search(folded):
        found["money"] |= {"0"}
    return found


def disagree(one: str, other: str) -> bool:
    """Do two texts give figures of one kind that have nothing in common?"""
    mine, theirs = figures(one), figures(other)
    return any(mine[kind] and theirs.get(kind) and mine[kind].isdisjoint(theirs[kind]) for kind in mine)


def _parts(found: str | tuple[str, ...]) -> tuple[str, ...]:
    return (found,) if isinstance(found, str) else found
