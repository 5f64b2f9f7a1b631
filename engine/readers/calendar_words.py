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
MONTHS |= {"janurary": 1, "januari": 1, "janaury": 1, "febuary": 2, "feburary": 2, "febrary": 2, "agust": 8, "augst": 8}
MONTHS |= {"setember": 9, "septmber": 9, "setpember": 9, "octuber": 10, "ocotber": 10, "novmber": 11, "decmber": 12}
_LONG_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS = {name: number for number, name in enumerate(_LONG_WEEKDAYS)}
_SLIPS = {"mondy": 0, "tuseday": 1, "teusday": 1, "tuesady": 1, "wensday": 2, "wednsday": 2, "wenesday": 2}
_SLIPS |= {"wedensday": 2, "wendesday": 2, "thrusday": 3, "thursay": 3, "thurday": 3, "firday": 4}
_SLIPS |= {"fridy": 4, "saterday": 5, "satuday": 5, "saturady": 5, "satruday": 5, "sunady": 6, "sundy": 6}
"""Weekdays and months as they are often misspelled, none another word."""
SHORT_WEEKDAYS = {name[:3]: number for name, number in WEEKDAYS.items()} | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
WEEKDAYS |= _SLIPS
ORDINALS = {
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
    rf"(?:0?[1-9]|[12]\d|3[01]) ?(?:st|nd|rd|th)|(?:twenty|thirty)[- ](?:{alternatives(list(ORDINALS)[:9])})"
    rf"|{alternatives(ORDINALS)}"
)
"""A day of the month as an ordinal, in digits or words."""
NTH = rf"[1-5](?:st|nd|rd|th)|{alternatives(list(ORDINALS)[:5])}"
"""Which of the weekdays of a month."""
DAY = rf"{ORDINAL}|0?[1-9]|[12]\d|3[01]"
_SPELLED = rf"(?:(?:{alternatives(TENS)})[- ])?(?:{alternatives(UNITS)})|{alternatives(TENS)}"
"""A number below 100 in words."""
DAY_SAID = rf"(?:{_SPELLED})"
"""A day of the month as a plain number word, which only its month makes one: "twenty five January"."""
_YEAR_SAID = (
    rf"two thousand(?:(?: and)? (?:{_SPELLED}))?|(?:sixteen|seventeen|eighteen|nineteen|twenty)"
    rf" (?:hundred(?:(?: and)? (?:{_SPELLED}))?|(?:oh|o)[- ](?:{alternatives(UNITS)})|{_SPELLED})"
)
YEAR = rf"(?P<year>(?:19|20)\d\d|{_YEAR_SAID})"
"""A year in figures or words: "nineteen eighty-six", "two thousand and ten"."""
COUNT = rf"\d{{1,4}}|{alternatives({*UNITS, *TENS})}|a couple(?: of)?|an?|the next"
"""How many days or weeks: digits, a number word, or an article."""
_UNIT = r"(?:day|week|wk|fortnight|month|mo|year|yr)s?"
_STEP = rf"(?:half an? (?:year|month)\b|(?:{COUNT}) (?:more )?{_UNIT}(?: and a half\b)?)"
STEPS = rf"(?P<steps>{_STEP}(?:,? (?:and )?{_STEP}){{0,3}})"
"""How far: "three weeks", "2 years 1 month and 21 days"."""
_ONE_STEP = re.compile(rf"(?P<part>half )?(?P<count>{COUNT}) (?:more )?(?P<unit>{_UNIT})\b(?P<half> and a half\b)?")
_HALVES = {"y": (6, "month"), "m": (15, "day"), "w": (3, "day")}
"""Half of a year, of a month and of a week; "a week and a half" is ten days."""


def day_of(text: str) -> int:
    """The number of a match of ORDINAL or DAY."""
    digits = re.match(r"\d+", text)
    if digits:
        return int(digits[0])
    ten, _, one = text.replace("-", " ").rpartition(" ")
    return TENS.get(ten, 0) + (ORDINALS.get(one) or number_below_100(one) or 0)


def year_of(text: str) -> int:
    """The number of a match of YEAR."""
    if text.isdecimal():
        return int(text)
    first, *rest = text.replace("-", " ").split()
    century = 20 if first == "two" else number_below_100(first) or 0
    return 100 * century + sum(number_below_100(word) or 0 for word in rest if word != "o")


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


def monthly(today: date, number: int, *, weekday: int | None = None, back: bool = False) -> date | None:
    """The nearest such day of a month from `today` on, or `back` from it, on that weekday; None beyond a year."""
    first = today.replace(day=1)
    for months in range(13):
        month = add_months(first, -months if back else months)
        if number > days_in(month):
            continue
        found = month.replace(day=number)
        if (found <= today if back else found >= today) and weekday in {None, found.weekday()}:
            return found
    return None


def stepped(day: date, steps: str, *, back: bool = False) -> date:
    """The day that a match of STEPS leads to. Raises ValueError or OverflowError where no calendar goes."""
    way = -1 if back else 1
    for step in _ONE_STEP.finditer(steps):
        if not step["part"]:
            day = moved(day, way * count_of(step["count"]), step["unit"])
        if (step["part"] or step["half"]) and (half := _HALVES.get(step["unit"][0])):
            day = moved(day, way * half[0], half[1])
    return day


def nth_weekday(first: date, nth: int, weekday: int) -> date | None:
    """The nth such weekday of a month that begins on `first`, its last for -1; None if it has not so many."""
    number = 1 + (weekday - first.weekday()) % 7 + 7 * (nth - 1)
    if nth < 0:
        number = days_in(first) - (first.replace(day=days_in(first)).weekday() - weekday) % 7
    return first.replace(day=number) if number <= days_in(first) else None


def nth_of(text: str) -> int:
    """The number of a match of NTH, and -1 for "last"."""
    return -1 if text == "last" else day_of(text)


def moved(day: date, count: int, unit: str) -> date:
    """`count` days, weeks, fortnights, months or years on, however shortened; negative goes back."""
    if unit.startswith("d"):
        return day + timedelta(days=count)
    if unit.startswith(("w", "f")):
        return day + timedelta(weeks=count * (2 if unit.startswith("f") else 1))
    return add_months(day, count * (12 if unit.startswith("y") else 1))
