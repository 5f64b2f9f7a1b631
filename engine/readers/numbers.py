"""Numbers and integers as slot values (R11, R16)."""

from __future__ import annotations

import re
from decimal import Decimal

from engine.flow import Json, SlotDef
from engine.readers.cues import beside
from engine.readers.dates import date_spans
from engine.readers.headcounts import company, headcount, one_of_them, party
from engine.readers.money import money_spans
from engine.readers.numerals import find_numerals
from engine.readers.reading import Found, Reading
from engine.readers.spans import Taken
from engine.readers.times import time_spans
from engine.readers.words import plain

_OTHER_THINGS = re.compile(
    r"\s{0,2}(?:%|percent\b|-?\s?(?:night|day|week|month|year|hour|minute|min|hr)s?\b|(?:to|until|till|-)\s{0,2}\d)"
)
"""Behind a number that is a share, a span of time or the start of one, and so no count."""


def find_numbers(slot: SlotDef, text: str, reading: Reading, *, asked: bool) -> list[Found]:
    """Numbers for the slot, as JSON numbers, without those that are part of money, dates or times.

    Asked: those beside a cue if there are any, else all; where there is none, a count that is told without a number.
    Not asked: only those beside the label or a cue (R11).
    """
    if asked and (people := company(text)):
        return [people]
    numerals = find_numerals(text, reading.comma_decimals)
    if not numerals:
        return _told(slot, text) if asked else []
    taken = Taken([*money_spans(text, reading), *date_spans(text, reading), *time_spans(text)])
    free = [
        Found(value=json_number(each.value), start=each.start, end=each.end, words=text[each.start : each.end])
        for each in numerals
        if not taken.touches(each.start, each.end)
    ]
    cued = [found for found in free if beside(slot, text, found.start, found.end)]
    if cued or not asked:
        return cued
    counts = [found for found in free if _OTHER_THINGS.match(plain(text), found.end) is None]
    together = party(text) if counts else None
    if together and all(together.start <= each.start and each.end <= together.end for each in counts):
        return [together]
    return counts or _told(slot, text) or free or _priced(text, reading)


def _told(slot: SlotDef, text: str) -> list[Found]:
    told = one_of_them(slot, text) or headcount(text)
    return [told] if told else []


def _priced(text: str, reading: Reading) -> list[Found]:
    """Where a number is asked for and only money is named, its figure is meant."""
    money = Taken(money_spans(text, reading))
    return [
        Found(value=json_number(each.value), start=each.start, end=each.end, words=text[each.start : each.end])
        for each in find_numerals(text, reading.comma_decimals)
        if money.touches(each.start, each.end)
    ]


def json_number(value: Decimal) -> Json:
    """An int when it is whole, else a float of the 15 digits that every float keeps."""
    return int(value) if value == value.to_integral_value() else float(f"{value:.15g}")
