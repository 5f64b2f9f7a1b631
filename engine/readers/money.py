"""Amounts of money: "$15k", "79.99 euros", "fifty bucks", "5 dollars and 20 cents"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache, lru_cache

from engine.flow import Json, SlotDef
from engine.money import amount_json
from engine.readers.cues import beside
from engine.readers.currencies import HUNDREDTHS, currency_of, mark_pattern
from engine.readers.dates import date_spans
from engine.readers.numerals import Numeral, find_numerals
from engine.readers.reading import Found, Reading
from engine.readers.spans import Taken
from engine.readers.times import time_spans
from engine.readers.words import plain

_MARK_CHARS = 24
"""How far from its number a currency mark may reach."""
_LOOSE_CENTS = re.compile(r"\s{0,2}(?:c\b|[.,;!?)]|$)")
"""What ends "15 dollars 50": a noun behind the number would make it a count."""
_ONE = re.compile(r"(?<!half )\ban?(?= (?:dollar|euro|pound|buck|quid|rupee|franc)\b(?! of\b))")
_HALF = re.compile(r"\bhalf an?(?= (?:dollar|euro|pound|buck|quid)\b(?! of\b))")
_AND = re.compile(r"\s{0,2}(?:and|,|&|plus)?\s{0,2}")


def find_amounts(slot: SlotDef, text: str, reading: Reading, *, asked: bool) -> list[Found]:
    """Amounts in the text, canonical. A number without a currency counts, in the person's currency, when asked and no
    marked amount is there, or beside the label or a cue ("budget 15k")."""
    marked = [
        Found(value=_json(value, currency), start=start, end=end, words=text[start:end])
        for value, currency, start, end in _marked(text, reading.currency, reading.comma_decimals)
    ]
    bare = [] if asked and marked else _bare(slot, text, reading, asked=asked)
    taken = Taken((each.start, each.end) for each in marked)
    return sorted(
        [*marked, *(each for each in bare if not taken.touches(each.start, each.end))], key=lambda each: each.start
    )


def money_spans(text: str, reading: Reading) -> list[tuple[int, int]]:
    """Where amounts with a currency stand: numbers there are money and nothing else (R16)."""
    return [(start, end) for _, _, start, end in _marked(text, reading.currency, reading.comma_decimals)]


def _bare(slot: SlotDef, text: str, reading: Reading, *, asked: bool) -> list[Found]:
    taken = Taken([*date_spans(text, reading), *time_spans(text)])
    return [
        Found(
            value=_json(each.value, reading.currency), start=each.start, end=each.end, words=text[each.start : each.end]
        )
        for each in find_numerals(text, reading.comma_decimals)
        if not taken.touches(each.start, each.end)
        if asked or beside(slot, text, each.start, each.end)
    ]


@lru_cache(maxsize=64)
def _marked(text: str, home: str, comma_decimals: bool) -> tuple[tuple[Decimal, str, int, int], ...]:
    """(value, currency, start, end) of every number with a mark before or behind it; minor units joined."""
    folded = plain(text)
    found: list[tuple[Decimal, str, int, int]] = []
    joins = False
    for numeral in _numerals(text, folded, comma_decimals):
        amount = (_loose_cents(folded, numeral, found[-1]) if joins else None) or _with_mark(folded, numeral, home)
        if amount is None:
            continue
        value, currency, start, end, minor = amount
        if found and start < found[-1][3]:
            continue
        if minor and joins and _AND.fullmatch(folded, found[-1][3], start):
            found[-1] = (found[-1][0] + value, found[-1][1], found[-1][2], end)
        else:
            found.append((value, currency, start, end))
        joins = not minor
    return tuple(found)


def _numerals(text: str, folded: str, comma_decimals: bool) -> Sequence[Numeral]:
    """The numbers, and the article of "a dollar" and "a pound": one."""
    numerals = find_numerals(text, comma_decimals)
    ones = [Numeral(Decimal(1), m.start(), m.end()) for m in _ONE.finditer(folded)]
    ones += [Numeral(Decimal("0.5"), m.start(), m.end()) for m in _HALF.finditer(folded)]
    if not ones:
        return numerals
    taken = Taken((each.start, each.end) for each in numerals)
    more = (one for one in ones if not taken.touches(one.start, one.end))
    return sorted((*numerals, *more), key=lambda each: each.start)


def _with_mark(folded: str, numeral: Numeral, home: str) -> tuple[Decimal, str, int, int, bool] | None:
    after = _mark_after().match(folded, numeral.end, numeral.end + _MARK_CHARS)
    lead = folded[max(0, numeral.start - _MARK_CHARS) : numeral.start]
    before = None if lead.rstrip()[-1:].isdigit() else _mark_before().search(lead)
    if after and (currency := currency_of(after["mark"], home)):
        minor = after["mark"].strip() in HUNDREDTHS or after["mark"].strip().removesuffix("s") in HUNDREDTHS
        value = numeral.value / 100 if minor else numeral.value
        return value, currency, numeral.start, after.end(), minor
    if before and (currency := currency_of(before["mark"], home)):
        return numeral.value, currency, numeral.start - len(before[0]), numeral.end, False
    return None


def _loose_cents(
    folded: str, numeral: Numeral, last: tuple[Decimal, str, int, int]
) -> tuple[Decimal, str, int, int, bool] | None:
    """The 50 of "15 dollars 50"."""
    after = _LOOSE_CENTS.match(folded, numeral.end)
    named = folded[max(0, last[3] - 1) : last[3]].isalpha() and _AND.fullmatch(folded, last[3], numeral.start)
    if not (named and after and 9 < numeral.value < 100 and numeral.value == int(numeral.value)):
        return None
    end = after.end() if after[0].strip() == "c" else numeral.end
    return numeral.value / 100, last[1], numeral.start, end, True


@cache
def _mark_after() -> re.Pattern[str]:
    return re.compile(rf"\s{{0,2}}(?:of\s)?(?P<mark>{mark_pattern()})s?(?![^\W\d_])")


@cache
def _mark_before() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?P<mark>{mark_pattern()})s?\.?\s{{0,2}}$")


def _json(value: Decimal, currency: str) -> Json:
    return {**amount_json(value, currency)}
