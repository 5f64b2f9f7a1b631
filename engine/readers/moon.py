"""Days that follow the moon: new and full moons, and the years of the Hebrew and the Islamic calendar."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from functools import lru_cache

_MONTH_DAYS = 29.530588861
_FIRST = datetime(2000, 1, 6, 14, 20, 37)
"""A mean new moon. Source: J. Meeus, Astronomical Algorithms, chapter 49, as are the terms below."""
_TERMS = (
    # new moon, full moon, multiples of the sun's anomaly, the moon's anomaly and its latitude
    (-0.40720, -0.40614, 0, 1, 0),
    (0.17241, 0.17302, 1, 0, 0),
    (0.01608, 0.01614, 0, 2, 0),
    (0.01039, 0.01043, 0, 0, 2),
    (0.00739, 0.00734, -1, 1, 0),
    (-0.00514, -0.00515, 1, 1, 0),
    (0.00208, 0.00209, 2, 0, 0),
)
_HEBREW_BEFORE = -1373428
"""The ordinal of the day before the Hebrew calendar begins. Source: Calendrical Calculations, chapter 8."""
_ISLAMIC_BEFORE = 227014
"""The ordinal of the day before the Islamic calendar begins, civil reckoning. Source: the same, chapter 7."""
_MECCA_TO_DUSK = timedelta(hours=3 + 6)
"""Mecca is 3 hours ahead of UTC, and dusk there 6 before midnight."""


def moon_between(year: int, first: tuple[int, int], *, full: bool) -> datetime:
    """The first new or full moon on or after that month and day of a year, UTC, right to some minutes."""
    after = datetime(year, *first)
    lunation = math.floor((after - _FIRST).days / _MONTH_DAYS) - 1
    while (moment := _moon(lunation, full=full)) < after:
        lunation += 1
    return moment


def tishri(hebrew_year: int) -> date:
    """The first day of a Hebrew year."""
    before, this, after = (_elapsed(hebrew_year + step) for step in (-1, 0, 1))
    put_off = 2 if after - this == 356 else 1 if this - before == 382 else 0
    return date.fromordinal(_HEBREW_BEFORE + 1 + this + put_off)


def islamic(year: int, month: int, day: int) -> date:
    """The day of the Islamic calendar: a month begins on the day after the dusk that follows the new moon in Mecca."""
    reckoned = 29 * (month - 1) + month // 2 + (year - 1) * 354 + (3 + 11 * year) // 30 + _ISLAMIC_BEFORE
    about = datetime.combine(date.fromordinal(reckoned - 5), time())
    moon = moon_between(about.year, (about.month, about.day), full=False)
    return (moon + _MECCA_TO_DUSK).date() + timedelta(days=day)


def islamic_in(year: int, month: int, day: int) -> date:
    """The first time that day falls into a Gregorian year. Raises ValueError where it does not."""
    about = int((year - 622) * 33 / 32)
    for islamic_year in range(max(1, about - 1), about + 4):
        found = islamic(islamic_year, month, day)
        if found.year == year:
            return found
    raise ValueError(f"no such day in {year}")


def _elapsed(hebrew_year: int) -> int:
    """Days from the calendar's beginning to the new moon of Tishri, kept off Sunday, Wednesday and Friday."""
    months = (235 * hebrew_year - 234) // 19
    days = 29 * months + (12084 + 13753 * months) // 25920
    return days + 1 if 3 * (days + 1) % 7 < 3 else days


@lru_cache(maxsize=256)
def _moon(lunation: int, *, full: bool) -> datetime:
    k = lunation + (0.5 if full else 0.0)
    sun, moon, latitude = 2.5534 + 29.1053567 * k, 201.5643 + 385.81693528 * k, 160.7108 + 390.67050284 * k
    days = _MONTH_DAYS * k + sum(
        (whole if full else new) * math.sin(math.radians(s * sun + m * moon + f * latitude))
        for new, whole, s, m, f in _TERMS
    )
    return _FIRST + timedelta(days=days)
