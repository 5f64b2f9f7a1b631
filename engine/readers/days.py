"""A day that was named, and the day it is read on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.readers import calendar_words as names

_YEARS_AHEAD = 20
"""A year of two digits lies at most this far ahead."""


@dataclass(frozen=True, slots=True)
class Here:
    """The day it is read on, and how: `past` when the sentence tells of something over."""

    today: date
    month_first: bool
    past: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day and its place in the text.

    `weekday` is set where nothing but a weekday was said, `of` ("month" or "year") where the day comes again in each
    one ("" if it is given in full, None if no weekday belongs to it), and `bare` for an ordinal word that may count
    something else ("first").
    """

    date: date
    start: int
    end: int
    weekday: int | None = None
    of: str | None = None
    bare: bool = False


def near(month: int, day: int, year: str | None, here: Here) -> date | None:
    """The day in its year; without one the next such day from today on, in a past sentence the last one.

    Raises ValueError for a day that no calendar has.
    """
    if year is not None:
        return date(full_year(year, here), month, day)
    if (month, day) == (2, 29):
        leap = here.today.year
        while (leap % 4, leap % 100 == 0 and leap % 400 != 0) != (0, False) or date(leap, 2, 29) < here.today:
            leap += 1
        return date(leap, month, day)
    found = date(here.today.year, month, day)
    if here.past:
        return found if found <= here.today else found.replace(year=found.year - 1)
    return found if found >= here.today else found.replace(year=found.year + 1)


def full_year(said: str, here: Here) -> int:
    """The year of "2031", "31" or "twenty thirty-one"."""
    if len(said) > 2:
        return names.year_of(said)
    full = here.today.year // 100 * 100 + int(said)
    return full - 100 if full > here.today.year + _YEARS_AHEAD else full
