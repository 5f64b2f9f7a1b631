"""Feast days, such as "Christmas Eve" or "thanksgiving 2026": fixed ones, by weekday, by Easter."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache, partial
from typing import Literal

from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter

from engine.readers.calendar_words import YEAR, nth_weekday, year_of
from engine.readers.moon_feasts import moon_feasts
from engine.readers.vocabulary import phrase_list

_Day = Callable[[int], date]
_FIXED = """
1-1 new years day, new years, new year, new year's day, new year's
1-6 epiphany, three kings day
1-13 lohri, bhogi pongal
1-14 makar sankranti, pongal, thai pongal
1-15 mattu pongal, maattu pongal
1-16 kaanum pongal, kanum pongal
1-25 burns night
1-26 australia day
2-2 groundhog day
2-14 valentine's day, valentine's, valentine day, st valentine's day
3-1 st david's day
3-8 women's day, international women's day
3-14 pi day
3-17 st patrick's day, st paddy's day, saint patrick's day, saint paddy's day, st patrick's
4-1 april fool's day, april fool's, april fools day, april fools
4-10 siblings day
4-13 songkran
4-14 vaisakhi, baisakhi, vaisakha day
4-15 tax day
4-16 emancipation day
4-22 earth day
4-23 st george's day
4-25 anzac day
5-1 may day, international workers day, workers day
5-5 cinco de mayo
5-4 star wars day
5-25 africa day
6-14 flag day
6-19 juneteenth
7-1 canada day
7-4 independence day, fourth of july
7-14 bastille day
8-15 assumption day, assumption of mary
8-16 parsi new year, jamshedi navroz
10-1 chinese national day
10-3 day of german unity, german unity day
10-31 halloween, hallow's eve, all hallows eve
11-1 all saints day
11-2 all souls day
11-5 bonfire night, guy fawkes night, guy fawkes day
11-11 veterans day, veteran's day, remembrance day, armistice day
11-19 men's day, international men's day
11-30 st andrew's day
12-6 st nicholas day, saint nicholas day
12-24 christmas eve, xmas eve
12-25 christmas day, christmas, xmas day, xmas
12-8 immaculate conception
12-26 boxing day, st stephen's day, kwanzaa
12-31 new year's eve, new years eve, nye, silvester
"""
"""Month and day, then the names. Source: the calendars of the countries that keep them."""
_BY_WEEKDAY = """
1 0 3 martin luther king day, martin luther king jr day, martin luther king jr. day, martin luther king's day, mlk day
1 0 3 mlk jr day, mlk jr. day
2 0 3 presidents day, presidents' day, president's day, washington's birthday
4 4 -1 arbor day
5 6 2 mother's day, mothers day
5 0 -1 memorial day
6 6 3 father's day, fathers day
9 0 1 labor day, labour day
10 0 2 columbus day, indigenous peoples day
11 3 4 thanksgiving day, thanksgiving
"""
"""Month, weekday (Monday is 0), which of them (-1: the last), then the names. Source: 5 U.S.C. 6103 and custom."""
_BY_EASTER = """
-48 shrove monday, clean monday, rose monday
-47 shrove tuesday, mardi gras, pancake day, pancake tuesday, fat tuesday
-46 ash wednesday
-7 palm sunday, branch sunday
-3 maundy thursday, holy thursday
-2 good friday, great friday
-1 holy saturday
0 easter sunday, easter day, easter
1 easter monday, easter mon
39 ascension day, ascension
49 pentecost, whit sunday, white sunday, whitsun
50 whit monday, pentecost monday, monday of the holy spirit
56 trinity sunday
60 corpus christi
"""
"""Days after Easter Sunday, then the names. Source: the Western church year."""
_AFTER_THANKSGIVING = {"black friday": 1, "cyber monday": 4, "giving tuesday": 5}


_BOSSES = ("boss's day", "boss day", "bosses day")
_KINGS = ("king's day", "koningsdag", "kings day")
_VICTORIA = ("victoria day", "sovereign's birthday", "queen's birthday")


@cache
def names() -> Mapping[str, _Day]:
    """Every feast by its names in plain lower case, with its day in a year; Easter's also behind "orthodox"."""
    days: dict[str, _Day] = {}
    for said, listed in _rows(_FIXED):
        month, day = map(int, said.split("-"))
        days |= dict.fromkeys(listed, partial(date, month=month, day=day))
    for line in phrase_list(_BY_WEEKDAY):
        of, weekday, nth, named = line.split(" ", 3)
        days |= dict.fromkeys(named.split(", "), partial(_nth, int(of), int(weekday), int(nth)))
    for name, after in _AFTER_THANKSGIVING.items():
        days[name] = partial(_after, days["thanksgiving"], after)
    for said, listed in _rows(_BY_EASTER):
        days |= dict.fromkeys(listed, partial(_by_easter, EASTER_WESTERN, int(said)))
        orthodox = [f"orthodox {name}" for name in listed]
        days |= dict.fromkeys(orthodox, partial(_by_easter, EASTER_ORTHODOX, int(said)))
    for kept, falls_on in ((_BOSSES, _bosses_day), (_KINGS, _kings_day), (_VICTORIA, _victoria_day)):
        days |= dict.fromkeys(kept, falls_on)
    return days | dict(moon_feasts())


@cache
def pattern() -> str:
    """A feast, "next" or "last" before it and its year behind it: the groups `which`, `feast`, `year` and `that`."""
    listed = sorted(names(), key=len, reverse=True)
    spelled = "|".join(re.escape(name).replace("'", "'?").replace(r"st\ ", r"st\.?\ ") for name in listed)
    return (
        rf"\b(?:(?P<which>this|next|last|coming|past|previous|following) )?(?P<feast>{spelled})"
        r"(?! (?:card|party|tree|gift|present)s?)\b"
        rf"(?:,? {{1,2}}(?:of |in )?{YEAR}\b|(?: of| in)? (?P<that>this|next|last) year\b)?"
    )


@cache
def look() -> re.Pattern[str]:
    """What a text must hold to name any feast: the longest word of one, without what an apostrophe ends."""
    telling = ([word for word in name.split() if word not in {"day", "new"}] for name in names())
    longest = {max(each, key=len).partition("'")[0] for each in telling}
    needed = (word for word in longest if not any(other != word and other in word for other in longest))
    return re.compile("|".join(sorted(map(re.escape, needed))))


def feast_day(said: re.Match[str], today: date, *, past: bool) -> date:
    """The day a match of `pattern` means: the next one from today on, unless it says or tells otherwise."""
    day = _named(said["feast"])
    if said["year"]:
        return day(year_of(said["year"]))
    if said["that"]:
        return day(today.year + {"this": 0, "next": 1, "last": -1}[said["that"]])
    this = day(today.year)
    if said["which"] in {"last", "past", "previous"} or (past and not said["which"]):
        return this if this < today else day(today.year - 1)
    return this if this >= today else day(today.year + 1)


def _named(feast: str) -> _Day:
    bare = feast.replace("'", "").replace("st.", "st")
    return next(day for name, day in names().items() if name.replace("'", "") == bare)


def _bosses_day(year: int) -> date:
    """October 16, on a weekend the Friday before or the Monday behind it."""
    day = date(year, 10, 16)
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


def _kings_day(year: int) -> date:
    """April 27, on a Sunday the day before."""
    day = date(year, 4, 27)
    return day - timedelta(days=day.weekday() == 6)


def _victoria_day(year: int) -> date:
    """The last Monday before May 25."""
    day = date(year, 5, 24)
    return day - timedelta(days=day.weekday())


def _rows(text: str) -> list[tuple[str, list[str]]]:
    rows = (line.partition(" ") for line in phrase_list(text))
    return [(said, listed.split(", ")) for said, _, listed in rows]


def _after(day: _Day, days: int, year: int) -> date:
    return day(year) + timedelta(days=days)


def _by_easter(church: Literal[2, 3], days: int, year: int) -> date:
    return easter(year, church) + timedelta(days=days)


def _nth(month: int, weekday: int, nth: int, year: int) -> date:
    """The nth such weekday of a month, from its end for -1. Raises ValueError where a month has not so many."""
    day = nth_weekday(date(year, month, 1), nth, weekday)
    if day is None:
        raise ValueError(f"month {month} of {year} has no weekday {weekday} number {nth}")
    return day
