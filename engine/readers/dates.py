"""Dates: "2026-03-01", "3/18", "March 1st", "the 5th of next month", "next Friday", "in two weeks", "tomorrow"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

from engine.readers import calendar_words as names
from engine.readers import holidays
from engine.readers.foreign_dates import foreign_date
from engine.readers.reading import Found, Reading
from engine.readers.words import plain

_MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW"})
"""Regions that write month/day/year. Source: Unicode CLDR, short date formats."""
_YEARS_AHEAD = 20
"""A year of two digits lies at most this far ahead."""
_NEXT_TO = re.compile(r",? {0,2}(?:the )?")
"""Between a weekday and the day it belongs to: "Friday, October 16th"."""
_PAST = re.compile(r"\b(?:bought|ordered|purchased|paid|arrived|received|delivered|shipped|happened|since)\b")
"""In a sentence with one of these a day without a year lies behind."""


@dataclass(frozen=True, slots=True)
class _Here:
    """The day it is read on, and how: `past` when the sentence tells of something over."""

    today: date
    month_first: bool
    past: bool


_Rule = tuple[str, Callable[["re.Match[str]", _Here], date | None], bool]
"""A pattern, what it means, and whether it counts without its question being open."""


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
    folded = plain(text)
    here = _Here(today, month_first, _PAST.search(folded) is not None)
    kept: list[tuple[date, int, int]] = []
    weekday = False
    for day, start, end, is_weekday in sorted(_matches(folded, here, asked), key=lambda each: (each[1], -each[2])):
        if kept and start < kept[-1][2]:
            continue
        if weekday and not is_weekday and _NEXT_TO.fullmatch(folded, kept[-1][2], start):
            kept[-1] = (day, kept[-1][1], end)
        else:
            kept.append((day, start, end))
        weekday = is_weekday
    return tuple(kept)


def _matches(folded: str, here: _Here, asked: bool) -> Iterator[tuple[date, int, int, bool]]:
    """(day, start, end, is it a bare weekday) of everything that a rule takes for a date."""
    for pattern, meaning, alone in _rules():
        for m in pattern.finditer(folded):
            if not (alone or asked or m.groupdict().get("lead")):
                continue
            try:
                day = meaning(m, here)
            except (ValueError, OverflowError):
                continue
            if day is not None:
                lead = m.end("lead") if m.groupdict().get("lead") else m.start()
                yield day, lead, m.end(), meaning is _weekday and not m.groupdict().get("week")


@cache
def _rules() -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str], _Here], date | None], bool], ...]:
    month, weekday, day = names.alternatives(names.MONTHS), names.alternatives(names.WEEKDAYS), names.DAY
    count, ordinal = names.COUNT, names.ORDINAL
    not_a_day = rf"(?! (?:one|option|choice|floor|time|line)|[- ](?:{weekday})\b)"
    steps = rf"\b(?P<count>{count}) (?P<unit>day|week|month|year)s?"
    year = r"(?:,? {1,2}(?:of |in )?(?P<year>(?:19|20)\d\d)\b)?"
    lead = r"(?:\b(?P<lead>(?:on|by|before|after|until|till|from|since|for|to|is|between|and|starting|the)\s{1,2}))?"
    rules: tuple[_Rule, ...] = (
        (r"(?<![\w/.-])(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?![\w/-]|\.\d)", _given, True),
        (r"(?<![\w/.-])(?P<a>\d{1,2})([-/.])(?P<b>\d{1,2})\2(?P<year>\d{4}|\d{2})(?![\w/-]|\.\d)", _numeric, True),
        (lead + r"(?<![\w/.-])(?P<a>\d{1,2})/(?P<b>\d{1,2})(?![\w/-])", _numeric, False),
        (rf"\b(?P<month>{month})\b\.? {{1,2}}(?:the )?(?P<day>{day})\b{year}", _given, True),
        (rf"\b(?:the )?(?P<day>{day})(?: day)?(?: of|-)? {{0,2}}(?P<month>{month})\b\.?{year}", _given, True),
        (rf"\b(?:the )?(?P<day>{ordinal})(?: day)?(?: of| in)? (?P<which>this|next|last) month\b", _of_month, True),
        (lead + rf"(?<![\w/.-])(?:the )?(?P<day>{ordinal})\b{not_a_day}", _day, False),
        (r"\b(?P<word>the day after tomorrow|day after tomorrow|the day before yesterday|day before yesterday|today"
         r"|tonight|tomorrow|tmrw|tomorow|tommorow|yesterday|this (?:morning|afternoon|evening))\b", _word, True),
        (rf"\b(?:the )?(?P<nth>first|second|third|fourth|last) (?P<weekday>{weekday}) (?:of|in) "
         rf"(?:the |(?P<which>this|next|last) )?(?:month|(?P<month>{month}))\b{year}", _nth_weekday, True),
        (rf"\b(?:(?P<which>this|next|last|past|coming|this coming|this past) )?(?P<weekday>{weekday})\b"
         r"(?: (?:of )?(?P<week>this|next|last) week)?", _weekday, True),
        (rf"\b(?P<week>this|next|last) week(?:'s)? (?:on )?(?P<weekday>{weekday})\b", _weekday, True),
        (lead + rf"\b(?P<weekday>{names.alternatives(names.SHORT_WEEKDAYS)})\b\.?", _weekday, False),
        (holidays.pattern(), _feast, True),
        (rf"\bin {steps}(?:'?s?'? time)?\b", _ahead, True),
        (rf"\b(?P<count>{count}) (?P<weekday>{weekday})s? (?:from (?:now|today)|later|hence|ago)\b",
         _weekdays_on, True),
        (rf"\b(?P<weekday>{weekday}) (?:from|of) (?P<week>last|next|this) week\b", _weekday, True),
        (rf"\b(?:the )?last day (?:of|in) (?:the )?(?:(?P<which>this|next|last) )?(?:month|(?P<month>{month}))\b{year}",
         _last_of_month, True),
        (r"\b(?:the )?(?P<day>[12]?\d|3[01]) (?:of|in) (?P<which>this|next|last) month\b", _of_month, True),
        (rf"\b(?:the )?(?P<day>{day})[-/](?P<month>{month})[-/](?P<year>\d{{4}}|\d{{2}})\b", _given, True),
        (rf"\b(?P<month>{month})[-/](?P<day>[12]?\d|3[01])\b(?![-/]){year}", _given, True),
        (rf"\b(?P<month>{month})\b\.?,? {{1,2}}(?:the )?(?P<day>{day})\b ?{year}", _given, True),
        (r"(?<![\w.-])(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>[0-2]\d|3[01])(?![\w-])", _given, True),
        (rf"{steps} (?:(?:from|after) (?:now|today|(?P<tomorrow>tomorrow))|later|hence)\b", _ahead, True),
        (rf"{steps} ago\b", _ago, True),
    )  # fmt: skip
    return tuple((re.compile(pattern), meaning, alone) for pattern, meaning, alone in rules)


def _given(m: re.Match[str], here: _Here) -> date | None:
    month = names.MONTHS.get(m["month"]) or int(m["month"])
    return _near(month, names.day_of(m["day"]), m["year"], here)


def _numeric(m: re.Match[str], here: _Here) -> date | None:
    first, second = int(m["a"]), int(m["b"])
    month_first = (here.month_first or second > 12) and first <= 12
    month, day = (first, second) if month_first else (second, first)
    return _near(month, day, m.groupdict().get("year"), here)


def _near(month: int, day: int, year: str | None, here: _Here) -> date | None:
    """The day in its year; without one the next such day from today on, in a past sentence the last one."""
    if year is not None:
        full = int(year) if len(year) == 4 else here.today.year // 100 * 100 + int(year)
        if len(year) == 2 and full > here.today.year + _YEARS_AHEAD:
            full -= 100
        return date(full, month, day)
    if (month, day) == (2, 29):
        leap = here.today.year
        while (leap % 4, leap % 100 == 0 and leap % 400 != 0) != (0, False) or date(leap, 2, 29) < here.today:
            leap += 1
        return date(leap, month, day)
    found = date(here.today.year, month, day)
    if here.past:
        return found if found <= here.today else found.replace(year=found.year - 1)
    return found if found >= here.today else found.replace(year=found.year + 1)


def _feast(m: re.Match[str], here: _Here) -> date:
    return holidays.feast_day(m, here.today, past=here.past)


def _weekdays_on(m: re.Match[str], here: _Here) -> date:
    """ "3 Fridays from now"."""
    count = names.count_of(m["count"])
    number = names.WEEKDAYS[m["weekday"]]
    if m[0].endswith("ago"):
        return here.today - timedelta(days=((here.today.weekday() - number) % 7 or 7) + 7 * (count - 1))
    return here.today + timedelta(days=((number - here.today.weekday()) % 7 or 7) + 7 * (count - 1))


def _last_of_month(m: re.Match[str], here: _Here) -> date | None:
    if m["month"]:
        first = _near(names.MONTHS[m["month"]], 1, m["year"] or str(here.today.year), here)
    else:
        first = names.add_months(here.today.replace(day=1), {"next": 1, "last": -1}.get(m["which"] or "", 0))
    return first.replace(day=names.days_in(first)) if first else None


def _of_month(m: re.Match[str], here: _Here) -> date:
    months = {"this": 0, "next": 1, "last": -1}[m["which"]]
    return names.add_months(here.today.replace(day=1), months).replace(day=names.day_of(m["day"]))


def _day(m: re.Match[str], here: _Here) -> date | None:
    """ "the 5th": the next month that has such a day."""
    number, first = names.day_of(m["day"]), here.today.replace(day=1)
    for months in range(12):
        month = names.add_months(first, -months if here.past else months)
        if number > names.days_in(month):
            continue
        found = month.replace(day=number)
        if found <= here.today if here.past else found >= here.today:
            return found
    return None


def _word(m: re.Match[str], here: _Here) -> date:
    word = m["word"].removeprefix("the ")
    ahead = {"day after tomorrow": 2, "tomorrow": 1, "tmrw": 1, "tomorow": 1, "tommorow": 1, "yesterday": -1}
    return here.today + timedelta(days=ahead.get(word, -2 if word.startswith("day before") else 0))


def _weekday(m: re.Match[str], here: _Here) -> date:
    """ "next Friday" is that of next week (Monday to Sunday); "Friday" the coming one; "last Friday" the one before."""
    asked = m.groupdict()
    name = m["weekday"]
    number = names.WEEKDAYS[name] if name in names.WEEKDAYS else names.SHORT_WEEKDAYS[name]
    monday = here.today - timedelta(days=here.today.weekday())
    week = asked.get("week")
    if week:
        return monday + timedelta(days=number + {"this": 0, "next": 7, "last": -7}[week])
    which = (asked.get("which") or "").rpartition(" ")[2]
    if which == "next":
        return monday + timedelta(days=7 + number)
    ahead = (number - here.today.weekday()) % 7
    if which in {"last", "past"} or (here.past and not which):
        return here.today - timedelta(days=7 - ahead)
    return here.today + timedelta(days=ahead or (0 if which == "this" else 7))


def _nth_weekday(m: re.Match[str], here: _Here) -> date | None:
    """ "the last Sunday of March": in the month named, else this one or the one before or after it."""
    if m["month"]:
        first = _near(names.MONTHS[m["month"]], 1, m["year"] or str(here.today.year), here)
    else:
        first = names.add_months(here.today.replace(day=1), {"next": 1, "last": -1}.get(m["which"] or "", 0))
    if first is None:
        return None
    days = [first.replace(day=day) for day in range(1, names.days_in(first) + 1)]
    matching = [day for day in days if day.weekday() == names.WEEKDAYS[m["weekday"]]]
    return matching[{"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}[m["nth"]]]


def _ahead(m: re.Match[str], here: _Here) -> date:
    start = here.today + timedelta(days=1) if m.groupdict().get("tomorrow") else here.today
    return names.moved(start, names.count_of(m["count"]), m["unit"])


def _ago(m: re.Match[str], here: _Here) -> date:
    return names.moved(here.today, -names.count_of(m["count"]), m["unit"])
