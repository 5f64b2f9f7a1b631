"""Days that are told by a stretch of time: "the end of this year", "mid March", "start of next week", "today week"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from engine.readers import calendar_words as names
from engine.readers.days import Here, near

Meaning = Callable[["re.Match[str]", Here], date | None]
"""What a match means, read on a day; None where it means no day after all."""
_LAST = frozenset({"end", "last day", "end of day", "close"})
_MIDDLE = frozenset({"middle", "mid", "ides"})
_MIDDLE_DAY = 15
_EDGES = r"(?P<edge>last day|end|close|first day|start|beginning|middle)"
_SHORT = {"eom": "month", "eoy": "year", "eow": "week"}
AT_ONCE = (
    r"(?:(?:right |just )?now|right away|immediately|this (?:minute|moment|instant)"
    r"|at (?:once|the moment|this (?:moment|time))|asap|as soon as (?:possible|you can))"
)
"""At once, in words."""


def period_forms(month: str) -> tuple[tuple[str, Meaning, bool], ...]:
    """(pattern, meaning, does it count unasked) of each; `month` is the pattern of a month's name."""
    year = rf"(?:[ ,/-]{{1,3}}(?:of |in )?{names.YEAR}\b)?"
    return (
        (rf"\b(?:the )?{_EDGES} (?:of|in) (?:the month of )?(?P<month>{month})\b{year}", _of_named, True),
        (rf"\b(?:the )?(?P<edge>mid)[ -]?(?P<month>{month})\b{year}", _of_named, True),
        (rf"\b(?:the )?(?P<edge>ides) of (?P<month>{month})\b{year}", _of_named, True),
        (rf"\b(?:the )?{_EDGES} (?:of|in) (?:the )?(?:(?P<which>this|next|last) )?(?P<period>month|year|week)\b",
         _edge, True),
        (r"\b(?:by |the )?(?P<short>eom|eoy|eow)\b", _edge, True),
        (r"\b(?:today|(?:the )?(?:same|this) (?:day|time)) (?P<which>next|last) week\b", _same_day, True),
        (r"\b(?P<day>today|tomorrow) (?:in a )?(?P<far>week|fortnight)\b", _week_on, True),
        (r"\b(?:today'?s? date|2day|tonite|2nite|this very day)\b", _today, True),
        (r"\b(?:2mor+ow?|2moro)\b", _tomorrow, True),
        (rf"^\W{{0,3}}(?:(?:it's|do it|make it|start|starting|from|for|as of|effective|well|yes),? ){{0,2}}{AT_ONCE}"
         r"(?:,? please)?\W{0,3}$", _today, False),
    )  # fmt: skip


def _of_named(m: re.Match[str], here: Here) -> date | None:
    """The first, middle or last day of the month that comes next, or runs now."""
    if m["year"]:
        first = near(names.MONTHS[m["month"]], 1, m["year"], here)
    else:
        first = here.today.replace(day=1, month=names.MONTHS[m["month"]])
    day = _in_month(first, m["edge"]) if first else None
    if day is None or m["year"]:
        return day
    gone = day < here.today
    if gone == here.past:
        return day
    return _in_month(names.add_months(day.replace(day=1), -12 if here.past else 12), m["edge"])


def _in_month(first: date, edge: str) -> date:
    if edge in _LAST:
        return first.replace(day=names.days_in(first))
    return first.replace(day=_MIDDLE_DAY) if edge in _MIDDLE else first


def _edge(m: re.Match[str], here: Here) -> date | None:
    """ "the end of this year", "the start of next month"; a period that has begun starts again."""
    said = m.groupdict()
    period = said.get("period") or _SHORT[m["short"]]
    edge, which = said.get("edge") or "end", said.get("which") or ""
    ahead = {"next": 1, "last": -1}.get(which, 0)
    if period == "week":
        return _of_week(edge, which, ahead, here)
    months = 12 if period == "year" else 1
    first = here.today.replace(day=1, month=here.today.month if months == 1 else 1)
    if edge in _LAST:
        return names.add_months(first, months * (ahead + 1)) - timedelta(days=1)
    if edge in _MIDDLE:
        middle = names.add_months(first, months * ahead)
        return middle.replace(day=_MIDDLE_DAY) if months == 1 else None
    begun = not which and not here.past and first < here.today
    return names.add_months(first, months * (ahead + begun))


def _of_week(edge: str, which: str, ahead: int, here: Here) -> date | None:
    """Monday and Sunday; a week that has begun starts again."""
    if edge in _MIDDLE:
        return None
    monday = here.today - timedelta(days=here.today.weekday()) + timedelta(weeks=ahead)
    if edge in _LAST:
        return monday + timedelta(days=6)
    return monday + timedelta(weeks=1) if not which and not here.past and monday < here.today else monday


def _same_day(m: re.Match[str], here: Here) -> date:
    return here.today + timedelta(weeks=1 if m["which"] == "next" else -1)


def _week_on(m: re.Match[str], here: Here) -> date:
    return here.today + timedelta(days=m["day"] == "tomorrow", weeks=2 if m["far"] == "fortnight" else 1)


def _today(_: re.Match[str], here: Here) -> date:
    return here.today


def _tomorrow(_: re.Match[str], here: Here) -> date:
    return here.today + timedelta(days=1)
