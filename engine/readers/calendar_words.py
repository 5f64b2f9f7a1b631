"""The vocabulary of the calendar: months, weekdays, days of a month, and steps of days, weeks, months, years."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, timedelta

from engine.readers.number_words import TENS, UNITS, number_below_100

_LONG_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTHS = {name: number for number, name in enumerate(_LONG_MONTHS, start=1)}
MONTHS |= {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}
_LONG_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS = {name: number for number, name in enumerate(_LONG_WEEKDAYS)}
SHORT_WEEKDAYS = {name[:3]: number for name, number in WEEKDAYS.items()} | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_ORDINALS = {
    word: number
    for number, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth",
        ],
        start=1,
    )
} | {"thirtieth": 30}


def alternatives(names: Iterable[str]) -> str:
    """The names as a regular expression, the longest first."""
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


ORDINAL = (
    rf"(?:[12]?\d|3[01]) ?(?:st|nd|rd|th)|(?:twenty|thirty)[- ](?:{alternatives(list(_ORDINALS)[:9])})"
    rf"|{alternatives(_ORDINALS)}"
)
"""A day of the month as an ordinal, in digits or words."""
DAY = rf"{ORDINAL}|[12]?\d|3[01]"
COUNT = rf"\d{{1,4}}|{alternatives({*UNITS, *TENS})}|a couple(?: of)?|an?|the next"
"""How many days or weeks: digits, a number word, or an article."""


def day_of(text: str) -> int:
    """The number of a match of ORDINAL or DAY."""
    digits = re.match(r"\d+", text)
    if digits:
        return int(digits[0])
    ten, _, one = text.replace("-", " ").rpartition(" ")
    return TENS.get(ten, 0) + _ORDINALS[one]


def count_of(text: str) -> int:
    """The number of a match of COUNT."""
    if text.isdecimal():
        return int(text)
    return 2 if text.startswith("a couple") else number_below_100(text) or 1


def days_in(month: date) -> int:
    """Days of the month in which `month` lies."""
    return calendar.monthrange(month.year, month.month)[1]


def add_months(day: date, months: int) -> date:
    """The same day `months` later, at most the last of its month. Raises ValueError outside the years 1 to 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    return first.replace(day=min(day.day, days_in(first)))


def moved(day: date, count: int, unit: str) -> date:
    """`count` days, weeks, months or years on; negative goes back."""
    if unit == "day":
        return day + timedelta(days=count)
    if unit == "week":
        return day + timedelta(weeks=count)
    return add_months(day, count * (12 if unit == "year" else 1))
