"""Numbers in a text as people write them: digits with separators and multipliers, fractions, number words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from engine.readers.currencies import CODES
from engine.readers.notations import in_notation
from engine.readers.number_words import SCALES, number_below_100
from engine.readers.spelled import spell
from engine.readers.words import Word, plain, words

_TOUCHING = {"k": 10**3, "m": 10**6, "mm": 10**6, "b": 10**9, "t": 10**12}
"""Multipliers that count only when they touch the digits: "3m" may be millions, "3 m" are metres."""
_CODES = frozenset(code.lower() for code in CODES)
_DIGITS = re.compile(
    rf"(?:(?<![\w#/])|(?<=\b(?:{'|'.join(sorted(_CODES))}))|(?<=\b(?:rm|rs)))(?<!\d[.,:/-])"
    r"(?P<sign>(?<![\w)])[-+]|\b(?:minus|negative) )?(?P<below>(?<![\w)])\.)?"
    r"(?P<whole>\d{1,3}(?:[,'.]\d{3}){1,7}(?!\d)|\d{1,3}(?: \d{3}){2,7}(?![\d-])|[1-9]\d{0,2} 000(?![\d-])"
    r"|\d{1,2}(?:,\d\d){1,6},\d{3}(?!\d)|\d{1,24})(?:(?P<point>[.,])(?P<rest>\d{1,12}))?"
    r"(?P<gap> ?)(?P<scale>[a-z]{1,9}\b)?"
)
_GOES_ON = re.compile(r"\w|[.,:/-]\d")
_FRACTION = re.compile(r"(?<![\w/.,-])(?:(?P<whole>\d{1,6}) {1,2})?(?P<over>\d{1,3})/(?P<under>\d{1,3})(?![\w/])")
_UNITS_THAT_TOUCH = frozenset(
    [
        "kg",
        "g",
        "km",
        "cm",
        "mi",
        "lb",
        "lbs",
        "h",
        "hr",
        "hrs",
        "min",
        "mins",
        "s",
        "sec",
        "secs",
        "x",
        "pcs",
        "ppl",
        "gb",
        "mb",
        "people",
        "c",
        "rm",
        "rmb",
        "kr",
        "rs",
        "euro",
        "euros",
    ]
)
_STARTS = frozenset({"a", "an", "minus", "negative", "half", "quarter", "hundred", "couple", "point"})
_SPELLED_MAX_WORDS = 16
_PRONOUN_LEADS = frozenset(
    [
        "is",
        "it's",
        "its",
        "be",
        "need",
        "needs",
        "want",
        "just",
        "only",
        "for",
        "about",
        "at",
        "like",
        "get",
        "have",
        "has",
        "book",
        "with",
        "make",
        "of",
        "to",
        "and",
        "or",
        "than",
        "under",
        "plus",
        "take",
        "order",
        "yes",
        "yeah",
        "ok",
        "okay",
        "please",
        "number",
        "exactly",
        "say",
    ]
)
"""After these "one" is a number; after others it stands for a thing ("the blue one")."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number and its place in the text."""

    value: Decimal
    start: int
    end: int


@lru_cache(maxsize=128)
def find_numerals(text: str, comma_decimals: bool = False) -> tuple[Numeral, ...]:
    """Every number of a text in order, none inside a word, date ("3/4/2026"), time, id or longer number.

    `comma_decimals` reads "1.234,5" as one number, as de, fr or es write it; else it is "1,234.5". Ordinals are not
    numbers here, and "one" only where it counts something.
    """
    folded = plain(text)
    found = _in_words(folded)
    if any(map(str.isdigit, folded)):
        found += [*_fractions(folded), *_in_digits(folded, comma_decimals)]
    if any(map(str.isnumeric, folded)):
        found += [Numeral(*each) for each in in_notation(folded)]
    found.sort(key=lambda numeral: (numeral.start, -numeral.end))
    kept: list[Numeral] = []
    for numeral in found:
        if not kept or numeral.start >= kept[-1].end:
            kept.append(numeral)
    return tuple(kept)


def _fractions(folded: str) -> list[Numeral]:
    return [
        Numeral(Decimal(m["whole"] or 0) + Decimal(m["over"]) / Decimal(m["under"]), m.start(), m.end())
        for m in _FRACTION.finditer(folded)
        if int(m["over"]) < int(m["under"])
    ]


def _in_digits(folded: str, comma_decimals: bool) -> list[Numeral]:
    found = []
    for m in _DIGITS.finditer(folded):
        scale, touches = m["scale"] or "", not m["gap"]
        times = SCALES.get(scale) or SCALES.get(scale.removesuffix("s")) or (_TOUCHING.get(scale) if touches else None)
        unit = touches and (scale in _UNITS_THAT_TOUCH or scale in _CODES)
        end = m.end("scale") if times else m.start("gap")
        if (m["rest"] and m["point"] in m["whole"]) or (not unit and _GOES_ON.match(folded, end)):
            continue
        found.append(Numeral(_figure(m, comma_decimals) * (times or 1), m.start(), end))
    return found


def _figure(m: re.Match[str], comma_decimals: bool) -> Decimal:
    """One comma or point before exactly three digits is the decimal sign only if the locale writes it so."""
    sign = "-" if (m["sign"] or "").startswith(("-", "m", "n")) else ""
    if m["below"]:
        return Decimal(f"{sign}0.{re.sub('[^0-9]', '', m['whole'])}")
    whole, rest = m["whole"], m["rest"]
    separators = set(re.sub(r"\d", "", whole))
    decimal_sign = "," if comma_decimals else "."
    if rest is None and separators == {decimal_sign} and len(whole.split(decimal_sign)) == 2:
        whole, rest = whole.split(decimal_sign)
    digits = re.sub(r"\D", "", whole)
    return Decimal(f"{sign}{digits}.{rest}" if rest else sign + digits)


def _in_words(folded: str) -> list[Numeral]:
    every, found, at = words(folded), [], 0
    while at < len(every):
        spelled = spell([word.text for word in _run(folded, every, at)]) if _may_start(every[at].text) else None
        if spelled is None:
            at += 1
            continue
        value, used = spelled
        if every[at].text != "one" or used > 1 or _counts(every, at):
            found.append(Numeral(value, every[at].start, every[at + used - 1].end))
        at += used
    return found


def _may_start(word: str) -> bool:
    return word[0].isdigit() or word in _STARTS or number_below_100(word) is not None


def _run(folded: str, every: Sequence[Word], first: int) -> Sequence[Word]:
    """The words from `first` on that only spaces and hyphens part."""
    stop = first + 1
    while stop < min(len(every), first + _SPELLED_MAX_WORDS):
        if folded[every[stop - 1].end : every[stop].start].strip(" -"):
            break
        stop += 1
    return every[first:stop]


def _counts(every: Sequence[Word], at: int) -> bool:
    """Does this "one" count something, rather than stand for it?"""
    return at == 0 or every[at - 1].text in _PRONOUN_LEADS
