"""The forms in which people write a day: each a pattern, what it means, and whether it counts unasked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from engine.readers import calendar_words as names
from engine.readers import holidays
from engine.readers.date_looks import LOOKED
from engine.readers.date_periods import Meaning, period_forms
from engine.readers.days import Day, Here, near
from engine.readers.words import stem, words


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a date. `alone`: it counts without its question being open; else only asked or behind a `lead`. `look`:
    the place in `looks` of what a text must hold for the pattern to be tried at all; -1 where only trying tells.
    """

    pattern: re.Pattern[str]
    meaning: Meaning
    alone: bool
    look: int

    def found(self, m: re.Match[str], day: date, start: int) -> Day:
        """The day of a match, with what may still move it (see `Day`)."""
        said = m.groupdict()
        just_weekday = self.meaning is _weekday and not said.get("week")
        yearly = self.meaning in (_given, _numeric) and not (said.get("year") or said.get("short"))
        monthly = self.meaning in (_day, _weekday_and_day)
        return Day(
            date=day,
            start=start,
            end=m.end(),
            weekday=day.weekday() if just_weekday else None,
            of="year" if yearly else "month" if monthly else "" if self.meaning in (_given, _numeric) else None,
            bare=self.meaning is _day and m["day"].isalpha() and not said.get("lead"),
        )


def may_name_a_day(text: str) -> bool:
    """One cheap look: is there a digit, or any word of the calendar?"""
    return any(map(str.isdigit, text)) or not _cues().isdisjoint([word.stem for word in words(text)])


@cache
def _cues() -> frozenset[str]:
    feasts = (max(name.split(), key=len) for name in holidays.names())
    steps = (
        "today",
        "tonight",
        "night",
        "morning",
        "afternoon",
        "evening",
        "day",
        "week",
        "fortnight",
        "month",
        "year",
    )
    spelled = ("tomorrow", "tmrw", "tmr", "tomorow", "tommorow", "tommorrow", "tomorrows", "yesterday", "tonite")
    soon = ("now", "away", "immediately", "minute", "moment", "instant", "once", "time", "asap", "soon")
    short = ("eom", "eoy", "eow")
    return frozenset(
        map(
            stem,
            (
                *feasts,
                *steps,
                *spelled,
                *soon,
                *short,
                *names.MONTHS,
                *names.WEEKDAYS,
                *names.SHORT_WEEKDAYS,
                *names.ORDINALS,
            ),
        )
    )


@cache
def forms() -> tuple[Form, ...]:
    """Every form, compiled once."""
    month, weekday, day = names.alternatives(names.MONTHS), names.alternatives(names.WEEKDAYS), names.DAY
    short = names.alternatives(names.SHORT_WEEKDAYS)
    month = rf"(?:{month.replace('may|', '')}|may(?! (?:be|have|i|we|you|need|not|want|also|he|she|it|they)\b))"
    ordinal = names.ORDINAL
    not_a_day = rf"(?! (?:one|option|choice|floor|time|line|of all)|[- ](?:{weekday})\b)"
    year = rf"(?:[ ,/-]{{1,3}}(?:of |in )?{names.YEAR}\b|[ ,]{{1,2}}(?P<short>'\d\d|\d\d(?=\W{{0,3}}$))(?![\w:]))?"
    behind = r"(?=[ )]?(?:$|[,.!?;)](?!\d)| (?:at|from|to|till|until|and|or|for|by|around|please)\b))"
    no_money = r"(?<![$€£¥:.])(?<![$€£¥] )"
    which = "this coming|this past|this|next|last|past|coming|previous|following|upcoming"
    lead = r"(?:\b(?P<lead>(?:on|by|before|after|until|till|from|since|for|to|is|between|and|starting|the)\s{1,2}))?"
    listed: tuple[tuple[str, Meaning, bool], ...] = (
        (r"(?<![\w/.])(?<!\d-)(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?![\w/]|[.-]\d)",
         _given, True),
        (r"(?<![\w/.-])(?P<a>\d{1,2})([-/.])(?P<b>\d{1,2})\2(?P<year>\d{4}|\d{2})(?![\w/-]|\.\d)", _numeric, True),
        (lead + r"(?<![\w/.-])(?P<a>\d{1,2})/(?P<b>\d{1,2})(?![\w/-])", _numeric, False),
        (rf"\b(?P<month>{month})[.,/ -]{{0,3}}(?:the )?(?P<day>{day})\b(?![-/]\d\b){year}", _given, True),
        (rf"\b(?!ma[yr])(?P<month>{month})[ -](?P<day>{names.DAY_SAID})\b{year}", _given, True),
        (rf"{no_money}\b(?:the )?(?P<day>{day}|{names.DAY_SAID})(?: day)?(?: of|-)? {{0,2}}"
         rf"(?P<month>{month})\b\.?{year}", _given, True),
        (rf"\b(?:the )?(?P<day>{ordinal})(?: day)?(?: of| in)? (?P<which>this|next|last) month\b", _of_month, True),
        (lead + rf"(?<![\w/.-])(?<!\ba )(?<!\ban )(?:the )?(?P<day>{ordinal})\b{not_a_day}", _day, False),
        (r"\b(?P<word>the day after tomorrow|day after tomorrow|the day before yesterday|day before yesterday|today"
         r"|tonight|tomorrow|tmrw|tmr|tomm?or+ow|yesterday|last night"
         r"|this (?:morning|afternoon|evening))\b", _word, True),
        (rf"\b(?:the )?(?P<nth>{names.NTH}|last) "
         rf"(?P<weekday>{weekday}) (?:of|in) "
         rf"(?:the |(?P<which>this|next|last) )?(?:month|(?P<month>{month}))\b{year}",
         _nth_weekday, True),
        (rf"\b(?P<weekday>{weekday}|{short})\b\.?,? (?:the (?=\d)|(?=1[3-9]|[23]\d))"
         rf"(?P<day>[12]?\d|3[01])\b{behind}", _weekday_and_day, True),
        (rf"\b(?:on(?: the)?|(?:for|by|from|until|till|before|after) the) (?P<day>[12]?\d|3[01])\b{behind}",
         _day, False),
        (r"(?:^\W{0,3}|\bon )(?P<a>\d{1,2}) ?[-./] ?(?P<b>\d{1,2})(?=\W{0,3}$)", _numeric, False),
        (rf"\b(?:the )?(?P<nth>{names.NTH}) (?P<weekday>{weekday})\b(?! (?:of|in)\b)", _nth_weekday_ahead, False),
        (rf"\b(?:the )?(?P<weekday>{weekday}) after next\b", _after_next, True),
        (rf"\b(?:(?P<which>{which}) )?(?P<weekday>{weekday})\b(?: (?:of )?(?P<week>this|next|last) week)?",
         _weekday, True),
        (rf"\b(?P<week>this|next|last|previous|following) week(?:'s)?,? (?:- )?(?:on )?(?P<weekday>{weekday})\b",
         _weekday, True),
        (lead + rf"\b(?:(?P<which>{which}) )?(?P<weekday>{short})\b\.?", _weekday, False),
        (holidays.pattern(), _feast, True),
        (rf"\b(?:in|within) {names.STEPS}(?:'?s?'? time)?\b", _ahead, True),
        (rf"\b(?P<count>{names.COUNT}) (?P<weekday>{weekday})s? (?:from (?:now|today)|later|hence|ago)\b",
         _weekdays_on, True),
        (rf"\b(?P<weekday>{weekday}) (?:from|of) (?P<week>last|next|this) week\b", _weekday, True),
        (r"\b(?:the )?(?P<day>[12]?\d|3[01]) (?:of|in) (?P<which>this|next|last) month\b", _of_month, True),
        (rf"\b(?:the )?(?P<day>{day})[-/](?P<month>{month})[-/](?P<year>\d{{4}}|\d{{2}})\b", _given, True),
        (r"(?<![\w.-])(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>[0-2]\d|3[01])(?![\w-])", _given, True),
        (rf"\b{names.STEPS} (?:from now|from today|later|hence)\b", _ahead, True),
        (rf"\b{names.STEPS} (?:ago|back|earlier)\b", _ago, True),
    )  # fmt: skip

    def form(pattern: str, meaning: Meaning, alone: bool) -> Form:
        compiled = re.compile(pattern)
        told = [group for group in LOOKED if group in compiled.groupindex and (group != "month" or month in pattern)]
        return Form(compiled, meaning, alone, LOOKED.index(told[0]) if len(told) == 1 else -1)

    named = [form(*each) for each in listed]
    periods = (
        Form(re.compile(pattern), meaning, alone, len(LOOKED)) for pattern, meaning, alone in period_forms(month)
    )
    return (*named, *periods)


def _given(m: re.Match[str], here: Here) -> date | None:
    month = names.MONTHS.get(m["month"]) or int(m["month"])
    year = m["year"] or (m.groupdict().get("short") or "").strip("'") or None
    return near(month, names.day_of(m["day"]), year, here)


def _numeric(m: re.Match[str], here: Here) -> date | None:
    first, second = int(m["a"]), int(m["b"])
    month_first = (here.month_first or second > 12) and first <= 12
    month, day = (first, second) if month_first else (second, first)
    return near(month, day, m.groupdict().get("year"), here)


def _feast(m: re.Match[str], here: Here) -> date:
    return holidays.feast_day(m, here.today, past=here.past)


def _weekdays_on(m: re.Match[str], here: Here) -> date:
    """ "3 Fridays from now"."""
    count = names.count_of(m["count"])
    number = names.WEEKDAYS[m["weekday"]]
    if m[0].endswith("ago"):
        return here.today - timedelta(days=((here.today.weekday() - number) % 7 or 7) + 7 * (count - 1))
    return here.today + timedelta(days=((number - here.today.weekday()) % 7 or 7) + 7 * (count - 1))


def _of_month(m: re.Match[str], here: Here) -> date:
    months = {"this": 0, "next": 1, "last": -1}[m["which"]]
    return names.add_months(here.today.replace(day=1), months).replace(day=names.day_of(m["day"]))


def _day(m: re.Match[str], here: Here) -> date | None:
    """ "the 5th": the next month that has such a day."""
    return names.monthly(here.today, names.day_of(m["day"]), back=here.past)


def _word(m: re.Match[str], here: Here) -> date:
    word = m["word"].removeprefix("the ")
    steps = {"day after tomorrow": 2, "yesterday": -1, "last night": -1, "day before yesterday": -2}
    return here.today + timedelta(days=steps.get(word, word.startswith(("tom", "tm"))))


def _weekday(m: re.Match[str], here: Here) -> date:
    """ "next Friday" is that of next week (Monday to Sunday); "Friday" the coming one; "last Friday" the one before."""
    asked = m.groupdict()
    name = m["weekday"]
    number = names.WEEKDAYS[name] if name in names.WEEKDAYS else names.SHORT_WEEKDAYS[name]
    monday = here.today - timedelta(days=here.today.weekday())
    week = asked.get("week")
    if week:
        return monday + timedelta(days=number + {"this": 0, "next": 7, "following": 7}.get(week, -7))
    which = (asked.get("which") or "").rpartition(" ")[2]
    if which in {"next", "following"}:
        return monday + timedelta(days=7 + number)
    ahead = (number - here.today.weekday()) % 7
    if which in {"last", "past", "previous"} or (here.past and not which):
        return here.today - timedelta(days=7 - ahead)
    return here.today + timedelta(days=ahead or (0 if which == "this" else 7))


def _nth_weekday(m: re.Match[str], here: Here) -> date | None:
    """ "the last Sunday of March": in the month named, else this one or the one before or after it."""
    if m["month"]:
        first = near(names.MONTHS[m["month"]], 1, m["year"] or str(here.today.year), here)
    else:
        first = names.add_months(here.today.replace(day=1), {"next": 1, "last": -1}.get(m["which"] or "", 0))
    return names.nth_weekday(first, names.nth_of(m["nth"]), names.WEEKDAYS[m["weekday"]]) if first else None


def _nth_weekday_ahead(m: re.Match[str], here: Here) -> date | None:
    """ "the second Sunday", of this month or the next."""
    nth, weekday, first = names.nth_of(m["nth"]), names.WEEKDAYS[m["weekday"]], here.today.replace(day=1)
    this = names.nth_weekday(first, nth, weekday)
    return this if this and this >= here.today else names.nth_weekday(names.add_months(first, 1), nth, weekday)


def _after_next(m: re.Match[str], here: Here) -> date:
    """ "Friday after next": the one after the coming one."""
    return here.today + timedelta(days=7 + ((names.WEEKDAYS[m["weekday"]] - here.today.weekday()) % 7 or 7))


def _ahead(m: re.Match[str], here: Here) -> date:
    return names.stepped(here.today, m["steps"])


def _ago(m: re.Match[str], here: Here) -> date:
    return names.stepped(here.today, m["steps"], back=True)


def _weekday_and_day(m: re.Match[str], here: Here) -> date | None:
    """ "Friday 31", where a month not far off has such a Friday."""
    name = m["weekday"]
    number = names.WEEKDAYS[name] if name in names.WEEKDAYS else names.SHORT_WEEKDAYS[name]
    return names.monthly(here.today, int(m["day"]), weekday=number, back=here.past)
