"""What moves a day that was named: the weekday said beside it, and how far before or after it is meant."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from engine.readers import calendar_words as names
from engine.readers.days import Day, Here

_JUST_PAST = timedelta(days=7)
"""A day this short ago is meant although days without a year lie ahead: "Sunday, Feb 10" said on Tuesday."""
_SIDE = r"(?P<side>before|prior to|ahead of|after|following"
_STEPS_BEFORE = re.compile(rf"\b(?:{names.STEPS}|(?:the )?(?P<one>day|week)) {_SIDE}|from) (?:the )?$")
_WEEKDAY_BEFORE = re.compile(
    rf"\b(?:the )?(?:(?P<nth>{names.NTH}) )?(?P<weekday>{names.alternatives(names.WEEKDAYS)}) {_SIDE}) (?:the )?$"
)
_LASTS = re.compile(r"\b(?:for|stay|last|spend|take)\w{0,3} (?:\w+ )?$")
"""Before it a distance is how long something is: "stay 3 weeks from Monday"."""
_WEEK_BEHIND = re.compile(r" (?:in a )?(?P<far>week|fortnight)\b")
_WEEK_ON = re.compile(r"\b(?:a|one) week on $")
_LEAD_CHARS = 60


def agreeing(day: Day, weekday: Day, here: Here) -> Day:
    """A day and the weekday beside it as one: where it has no month or year, the near one on which they agree.

    A weekday that the day has in no near year is a slip, and the day counts.
    """
    start, end = min(day.start, weekday.start), max(day.end, weekday.end)
    return replace(day, date=_agreed(day, weekday.weekday, here), start=start, end=end, bare=False)


def _agreed(day: Day, weekday: int | None, here: Here) -> date:
    if day.of == "month":
        return names.monthly(here.today, day.date.day, weekday=weekday, back=here.past) or day.date
    if day.of != "year" or day.date.weekday() == weekday:
        return day.date
    for years in (-1, 1) if here.past else (1, -1):
        other = names.add_months(day.date, 12 * years)
        if other.weekday() == weekday and (here.past or abs(other - here.today) <= _JUST_PAST or years > 0):
            return other
    return day.date


def stepped(folded: str, day: Day) -> Day:
    """The day that is meant where a distance stands before it ("two weeks after Christmas") or a week behind it
    ("Wednesday in a week")."""
    before = _STEPS_BEFORE.search(folded, max(0, day.start - _LEAD_CHARS), day.start)
    if before and before["side"] == "from" and _begins(folded, before, day):
        before = None
    try:
        if before:
            steps = before["steps"] or f"a {before['one']}"
            return replace(day, date=names.stepped(day.date, steps, back=_back(before)), start=before.start())
        if beside := _WEEKDAY_BEFORE.search(folded, max(0, day.start - _LEAD_CHARS), day.start):
            return replace(day, date=_weekday_beside(day.date, beside), start=beside.start(), weekday=None)
        if day.weekday is None:
            return day
        behind = _WEEK_BEHIND.match(folded, day.end)
        ahead = None if behind else _WEEK_ON.search(folded, max(0, day.start - _LEAD_CHARS), day.start)
        if not (behind or ahead):
            return day
        start, end = ahead.start() if ahead else day.start, behind.end() if behind else day.end
        weeks = 2 if behind and behind["far"] == "fortnight" else 1
        return replace(day, date=day.date + timedelta(weeks=weeks), start=start, end=end)
    except (ValueError, OverflowError):
        return day


def _back(before: re.Match[str]) -> bool:
    return before["side"] in {"before", "prior to", "ahead of"}


def _weekday_beside(day: date, beside: re.Match[str]) -> date:
    """ "the Friday before Christmas", "the first Saturday after May 5"."""
    weekday, weeks = names.WEEKDAYS[beside["weekday"]], names.nth_of(beside["nth"]) - 1 if beside["nth"] else 0
    if _back(beside):
        return day - timedelta(days=(day.weekday() - weekday) % 7 or 7, weeks=weeks)
    return day + timedelta(days=(weekday - day.weekday()) % 7 or 7, weeks=weeks)


def _begins(folded: str, steps: re.Match[str], day: Day) -> bool:
    """Is "from Monday" when something of that length begins, rather than what is counted from?"""
    counted = folded[day.start : day.end] in {"tomorrow", "tmrw", "today"} or "day" not in (steps["steps"] or "day")
    return not counted or _LASTS.search(folded, max(0, steps.start() - _LEAD_CHARS), steps.start()) is not None
