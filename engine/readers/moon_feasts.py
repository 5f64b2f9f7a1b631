"""Feasts that follow the moon, of China, Jews (who begin on the eve), Muslims and Hindus."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from engine.readers.moon import islamic_in, moon_between, tishri
from engine.readers.vocabulary import phrase_list

_HEBREW_AHEAD = 3760
"""Between a year and the Hebrew one that runs at its beginning."""
_BY_TISHRI = """
-1 rosh hashanah, rosh hashana, rosh hashanna, rosh ha shanah, jewish new year, yom teruah
8 yom kippur, day of atonement
13 sukkot, sukkos, feast of the tabernacles, feast of booths, feast of tabernacles
20 shemini atzeret
21 simchat torah
"""
"""Days after the Jewish New Year's day to the eve of the feast, then the names."""
_BY_PASSOVER = """
-31 purim
-1 passover, pesach, pesah
32 lag baomer, lag b'omer
49 shavuot, shavuoth, shavuos, feast of weeks
112 tisha b'av, tish'a b'av
"""
_ISLAMIC = """
1-1 islamic new year, hijri new year, muharram
1-10 ashura, day of ashura
3-12 mawlid, mawlid al-nabi, prophet's birthday
7-27 isra and mi'raj
9-1 ramadan, first day of ramadan, start of ramadan
9-27 laylat al-qadr, laylat al qadr, laylat ul qadr, night of power
10-1 eid al-fitr, eid al fitr, eid ul-fitr, eid ul fitr, end of ramadan, id al-fitr, id ul-fitr
12-10 eid al-adha, eid al adha, eid ul-adha, eid ul adha, bakr id, feast of the sacrifice, id ul-adha, id al-adha
"""
"""Month and day of the Islamic year, then the names."""
_BY_DIWALI = """
-20 dussehra, dasara, dussera, vijayadashami
-29 navaratri, navratri, durga puja
-11 karva chauth
-2 dhanteras, dhanatrayodashi, dhantrayodashi
-1 naraka chaturdashi, choti diwali, kali chaudas
0 diwali, deepavali, lakshmi puja, divali
1 govardhan puja, annakut
2 bhai dooj, bhau beej, bhai phota
6 chhath, chhath puja, dala chhath, dala puja, surya shashthi
"""
"""Days after Diwali, then the names."""
_BY_HOLI = """
-1 holika dahan, chhoti holi, choti holi, kamudu pyre
0 holi, dhulandi, phagwah, rang panchami, festival of colours, festival of colors
"""
_CHINESE = """
-1 chinese new year's eve, lunar new year's eve
0 chinese new year, chinese new year's day, lunar new year, lunar new year's day, chinese lunar new year
0 chinese lunar new year's day, spring festival, tet
14 lantern festival
"""
_FULL_MOONS = """
1-22 guru ravidass jayanti, guru ravidas jayanti, guru ravidass birthday, guru ravidas birthday
4-25 vesak, buddha purnima, buddha jayanti, buddha day, buddha's birthday, vaisakha, wesak
7-3 guru purnima
8-3 raksha bandhan, rakhi, rakhi purnima
10-9 valmiki jayanti, maharishi valmiki jayanti, pargat diwas
11-1 guru nanak jayanti, guru nanak gurpurab, guru nanak birthday, gurpurab, dev diwali, kartik poornima
"""
"""The first day on which that full moon of India can be, then the names."""
_INDIA, _CHINA = timedelta(hours=5, minutes=30), timedelta(hours=8)
"""Ahead of UTC."""
_DUSK = timedelta(hours=18)


def moon_feasts() -> Iterator[tuple[str, Callable[[int], date]]]:
    """Each name and the feast's day in a year."""
    for table, day in (
        (_BY_TISHRI, _by_tishri),
        (_BY_PASSOVER, _by_passover),
        (_BY_DIWALI, _by_diwali),
        (_BY_HOLI, _by_holi),
        (_CHINESE, _by_chinese_new_year),
    ):
        for line in phrase_list(table):
            days, _, named = line.partition(" ")
            yield from ((name, partial(day, int(days))) for name in named.split(", "))
    for table, day_of in ((_ISLAMIC, _by_islam), (_FULL_MOONS, _full_moon)):
        for line in phrase_list(table):
            said, _, named = line.partition(" ")
            month, number = map(int, said.split("-"))
            yield from ((name, partial(day_of, month, number)) for name in named.split(", "))
    yield from dict.fromkeys(("hanukkah", "chanukah", "hanukah", "chanukkah", "hanukka"), _hanukkah).items()
    yield from dict.fromkeys(("tu bishvat", "tu b'shevat", "tu b'shvat"), _tu_bishvat).items()
    yield from dict.fromkeys(("yom hashoah", "holocaust remembrance day", "holocaust day"), _yom_hashoah).items()
    yield from dict.fromkeys(("yom ha'atzmaut", "yom haatzmaut", "israeli independence day"), _yom_haatzmaut).items()
    yield from dict.fromkeys(("maha shivaratri", "maha shivratri", "shivaratri", "shivratri"), _shivaratri).items()
    yield from dict.fromkeys(("jumu'atul-wida", "jumatul wida", "jamat ul-vida", "jamat ul vida"), _last_friday).items()


def _by_tishri(days: int, year: int) -> date:
    return tishri(year + _HEBREW_AHEAD + 1) + timedelta(days=days)


def _passover(year: int) -> date:
    return tishri(year + _HEBREW_AHEAD + 1) - timedelta(days=163)


def _by_passover(days: int, year: int) -> date:
    return _passover(year) + timedelta(days=days)


def _hanukkah(year: int) -> date:
    """The eve of 25 Kislev: behind 30 days of Tishri and 29 of Heshvan, which in a full year has 30."""
    return tishri(year + _HEBREW_AHEAD + 1) + timedelta(days=82 + (_length(year + _HEBREW_AHEAD + 1) % 10 == 5))


def _tu_bishvat(year: int) -> date:
    """The eve of 15 Shevat; Heshvan and Kislev have 58 to 60 days together."""
    return tishri(year + _HEBREW_AHEAD) + timedelta(days=127 + _length(year + _HEBREW_AHEAD) % 10)


def _length(hebrew_year: int) -> int:
    """Its days: 353 to 355, in a leap year 383 to 385."""
    return (tishri(hebrew_year + 1) - tishri(hebrew_year)).days


def _yom_hashoah(year: int) -> date:
    """The eve of 27 Nisan, which is kept on a Thursday for a Friday and on a Monday for a Sunday."""
    day = _passover(year) + timedelta(days=12)
    return day + timedelta(days={4: -1, 6: 1}.get(day.weekday(), 0) - 1)


def _yom_haatzmaut(year: int) -> date:
    """The eve of 5 Iyar, which is kept off Friday, the Sabbath and Monday."""
    day = _passover(year) + timedelta(days=20)
    return day + timedelta(days={4: -1, 5: -2, 0: 1}.get(day.weekday(), 0) - 1)


def _by_islam(month: int, number: int, year: int) -> date:
    return islamic_in(year, month, number)


def _by_diwali(days: int, year: int) -> date:
    """From the dusk at which the new moon between October 17 and the middle of November begins."""
    return (moon_between(year, (10, 17), full=False) + _INDIA - _DUSK).date() + timedelta(days=days)


def _by_holi(days: int, year: int) -> date:
    """From the day behind the dusk of the full moon about the middle of March."""
    return (moon_between(year, (2, 28), full=True) + _INDIA - _DUSK).date() + timedelta(days=days + 1)


def _shivaratri(year: int) -> date:
    return (moon_between(year, (2, 13), full=False) + _INDIA).date() - timedelta(days=2)


def _full_moon(month: int, day: int, year: int) -> date:
    return (moon_between(year, (month, day), full=True) + _INDIA).date()


def _last_friday(year: int) -> date:
    """The last Friday of Ramadan."""
    end = islamic_in(year, 10, 1)
    return end - timedelta(days=(end.weekday() - 4) % 7 or 7)


def _by_chinese_new_year(days: int, year: int) -> date:
    """From the new moon that China sees between January 21 and February 20."""
    return (moon_between(year, (1, 20), full=False) + _CHINA).date() + timedelta(days=days)
