"""Durations, in seconds: "2 hours", "1h 30m", "an hour and a half", "two weeks"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from engine.readers.numbers import json_number
from engine.readers.numerals import find_numerals
from engine.readers.reading import Found
from engine.readers.words import plain, stem, words

_DAY_S = 86_400
_UNIT_S = {
    "second": 1, "sec": 1, "s": 1, "minute": 60, "min": 60, "m": 60, "hour": 3600, "hr": 3600, "h": 3600,
    "day": _DAY_S, "d": _DAY_S, "night": _DAY_S, "week": 7 * _DAY_S, "wk": 7 * _DAY_S, "w": 7 * _DAY_S,
    "fortnight": 14 * _DAY_S, "month": 30 * _DAY_S, "mo": 30 * _DAY_S,
    "year": 365 * _DAY_S, "yr": 365 * _DAY_S, "y": 365 * _DAY_S, "decade": 3650 * _DAY_S,
}  # fmt: skip
"""Seconds of a unit; a month counts as 30 days, a year as 365."""
_CUES = frozenset(map(stem, (*_UNIT_S, "quarter")))
"""One cheap look: a text without a digit and without one of these names no span of time."""
_QUARTER_S = 90 * _DAY_S
_UNIT = (
    r"(?P<unit>sec(?:ond)?s?|min(?:ute)?s?|h(?:ou)?rs?|days?|nights?|weeks?|wks?|fortnights?|months?|mos?"
    r"|y(?:ea)?rs?|decades?|[smhdwy])"
)
_MORE = r"(?:more|extra|additional|fewer|less|full|whole|of an?|of|business|working|calendar|consecutive)"
_AFTER_NUMBER = re.compile(
    rf"[ -]{{0,2}}(?P<inner>and (?:an? )?half )?(?:{_MORE} )?{_UNIT}\b(?P<half> and (?:an? )?(?:half|quarter)\b)?"
)
_QUARTERS = re.compile(r" quarters\b(?! of)")
_HOURS_BEFORE = re.compile(r"\bh(?:ou)?rs?(?: and)? $")
_ENDS = re.compile(r"\s{0,2}(?:$|[,.;!?)])(?!\d)")
"""Behind the thirty of "an hour thirty"."""
_GLUED = re.compile(
    rf"(?<![\w.,:/])(?:(?P<over>[1-9])/(?P<under>[1-9]\d?)|(?P<count>\d{{1,5}}(?:\.\d{{1,3}})?)){_UNIT}(?![a-z])"
)
_ARTICLE = re.compile(
    rf"\b(?:(?P<part>half (?:of )?|(?:a )?quarter (?:of )?)?(?:an?|one)|(?P<whole>(?:a )?half))[ -]{_UNIT}\b"
    r"(?P<half> and (?:a |an )?(?:half|quarter)\b)?"
)
_COUPLE = re.compile(rf"\b(?:(?:a|the) )?couple (?:of )?(?:more )?{_UNIT}\b")
_CLOCKED = re.compile(
    r"(?<![\w:.])(?P<hours>\d{1,2})(?:h ?(?P<minutes>[0-5]\d)(?: ?m(?:in(?:ute)?s?)?)?"
    r"|:(?P<past>[0-5]\d) ?h(?:ou)?rs?)\b"
)
"""Hours and minutes in one: "1h15", "1:15 hours"."""
_TICKED = re.compile(r"(?<![\w.'\"])(?P<count>\d{1,3})(?P<tick>'|\")(?![\w'\"])")
"""Minutes and seconds by their signs: 15', 45"."""
_JOIN = re.compile(r",?\s{0,2}(?:and\s{1,2})?")


@dataclass(frozen=True, slots=True)
class _Piece:
    seconds: Decimal
    unit_s: int
    start: int
    end: int


def find_durations(text: str, *, comma_decimals: bool = False) -> list[Found]:
    """Durations in the text, as JSON numbers of seconds; pieces that follow one another, larger first, add up."""
    return [
        Found(value=json_number(piece.seconds), start=piece.start, end=piece.end, words=text[piece.start : piece.end])
        for piece in _summed(text, comma_decimals)
    ]


@lru_cache(maxsize=64)
def _summed(text: str, comma_decimals: bool) -> tuple[_Piece, ...]:
    if not any(map(str.isdigit, text)) and _CUES.isdisjoint([word.stem for word in words(text)]):
        return ()
    folded = plain(text)
    pieces = sorted(_pieces(text, folded, comma_decimals), key=lambda piece: (piece.start, -piece.end))
    summed: list[_Piece] = []
    for piece in pieces:
        last = summed[-1] if summed else None
        if last and piece.start < last.end:
            continue
        if last and piece.unit_s < last.unit_s and _JOIN.fullmatch(folded, last.end, piece.start):
            summed[-1] = _Piece(last.seconds + piece.seconds, piece.unit_s, last.start, piece.end)
        else:
            summed.append(piece)
    return tuple(summed)


def _pieces(text: str, folded: str, comma_decimals: bool) -> Iterator[_Piece]:
    for numeral in find_numerals(text, comma_decimals):
        if numeral.value < 0:
            continue
        if m := _AFTER_NUMBER.match(folded, numeral.end):
            yield _piece(m, numeral.value, numeral.start)
        elif m := _QUARTERS.match(folded, numeral.end):
            yield _Piece(numeral.value * _QUARTER_S, _QUARTER_S, numeral.start, m.end())
        elif numeral.value < 60 and _ENDS.match(folded, numeral.end) and _hours_before(folded, numeral.start):
            yield _Piece(numeral.value * 60, 60, numeral.start, numeral.end)
    for m in _GLUED.finditer(folded):
        count = Decimal(m["count"]) if m["count"] else Decimal(m["over"]) / Decimal(m["under"])
        yield _piece(m, count, m.start())
    for m in _COUPLE.finditer(folded):
        yield _piece(m, Decimal(2), m.start())
    for m in _CLOCKED.finditer(folded):
        minutes = int(m["hours"]) * 60 + int(m["minutes"] or m["past"])
        yield _Piece(Decimal(minutes * 60), 60, m.start(), m.end())
    for m in _TICKED.finditer(folded):
        unit_s = 60 if m["tick"] == "'" else 1
        yield _Piece(Decimal(m["count"]) * unit_s, unit_s, m.start(), m.end())
    for m in _ARTICLE.finditer(folded):
        part = "half" if m["whole"] else (m["part"] or "").strip()
        yield _piece(
            m, Decimal("0.5") if part.startswith("half") else Decimal("0.25") if part else Decimal(1), m.start()
        )


def _piece(m: re.Match[str], count: Decimal, start: int) -> _Piece:
    unit = m["unit"]
    unit_s = _UNIT_S[unit] if unit in _UNIT_S else _UNIT_S[unit.removesuffix("s")]
    said = m.groupdict()
    half = Decimal("0.5") if said.get("half") or said.get("inner") else Decimal(0)
    half = half / 2 if (said.get("half") or "").endswith("quarter") else half
    return _Piece((count + half) * unit_s, unit_s, start, m.end())


def _hours_before(folded: str, place: int) -> bool:
    return _HOURS_BEFORE.search(folded, max(0, place - 12), place) is not None
