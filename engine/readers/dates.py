"""Dates: "2026-03-01", "3/18", "March 1st", "the 5th of next month", "next Friday", "in two weeks", "tomorrow"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from engine.readers.date_forms import forms, may_name_a_day
from engine.readers.date_looks import looks
from engine.readers.date_steps import agreeing, stepped
from engine.readers.days import Day, Here
from engine.readers.foreign_dates import foreign_date
from engine.readers.reading import Found, Reading
from engine.readers.words import plain

_MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW"})
"""Regions that write month/day/year. Source: Unicode CLDR, short date formats."""
_NEXT_TO = re.compile(r" ?[,(]? {0,2}(?:the |on )?")
"""Between a weekday and the day it belongs to: "Friday, October 16th"."""
_PAST = re.compile(r"\b(?:bought|ordered|purchased|paid|arrived|received|delivered|shipped|happened|since)\b")
"""In a sentence with one of these a day without a year lies behind."""


def find_dates(text: str, reading: Reading, *, asked: bool) -> list[Found]:
    """Dates in the text as ISO dates; one without a year is the next such day, or the last one in a past sentence.

    Asked: also "3/18", "the 5th", "fri" alone, and what a whole short message means in the person's language.
    """
    found = [
        Found(value=value.isoformat(), start=start, end=end, words=text[start:end])
        for value, start, end in dates_in(text, reading, asked=asked)
    ]
    if found or not asked or reading.language == "en":
        return found
    foreign = foreign_date(text, reading)
    return [foreign] if foreign else []


def date_spans(text: str, reading: Reading) -> list[tuple[int, int]]:
    """Where dates stand that need no question to be understood."""
    return [(start, end) for _, start, end in dates_in(text, reading, asked=False)]


def dates_in(text: str, reading: Reading, *, asked: bool) -> tuple[tuple[date, int, int], ...]:
    """(day, start, end) of every date, in text order."""
    return _dates(text, reading.here.date(), reading.region in _MONTH_FIRST, asked)


@lru_cache(maxsize=128)
def _dates(text: str, today: date, month_first: bool, asked: bool) -> tuple[tuple[date, int, int], ...]:
    if not may_name_a_day(text):
        return ()
    folded = plain(text)
    here = Here(today, month_first, _PAST.search(folded) is not None)
    kept: list[Day] = []
    for each in sorted(_matches(folded, here, asked), key=lambda day: (day.start, -day.end)):
        if kept and each.start < kept[-1].end:
            continue
        last = kept[-1] if kept else None
        if (
            last
            and last.weekday is not None
            and each.of is not None
            and _NEXT_TO.fullmatch(folded, last.end, each.start)
        ):
            kept[-1] = agreeing(each, last, here)
        elif (
            last
            and each.weekday is not None
            and last.of is not None
            and _NEXT_TO.fullmatch(folded, last.end, each.start)
        ):
            kept[-1] = agreeing(last, each, here)
        else:
            kept.append(each)
    plainly = any(not each.bare for each in kept)
    settled: list[Day] = []
    for each in (stepped(folded, day) for day in kept if not (day.bare and plainly)):
        while settled and each.start <= settled[-1].start:
            settled.pop()
        if not settled or each.start >= settled[-1].end:
            settled.append(each)
    return tuple((day.date, day.start, day.end) for day in settled)


def _matches(folded: str, here: Here, asked: bool) -> Iterator[Day]:
    """Everything that a form takes for a date."""
    held = (*(look.search(folded) is not None for look in looks()), True)
    for form in forms():
        if not held[form.look]:
            continue
        for m in form.pattern.finditer(folded):
            lead = m.groupdict().get("lead")
            if not (form.alone or asked or lead):
                continue
            try:
                day = form.meaning(m, here)
            except (ValueError, OverflowError):
                continue
            if day is not None:
                yield form.found(m, day, m.end("lead") if lead else m.start())
