"""Phone numbers as E.164, as people of any country write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

from engine.readers.reading import Found, Reading
from engine.readers.spans import Taken
from engine.readers.words import plain

_MAX_CHARS = 1000
_TRIES = 20
_DIGITS = range(7, 16)
"""How many a number may have, its country code included. Source: ITU-T E.164; shorter ones are no subscriber's."""
_E164_CHARS = 16
"""Its plus and 15 digits. Source: ITU-T E.164."""
_DIGIT = re.compile(r"\d")
_DOUBLE_ZERO = re.compile(r"(?<![\w+.-])(?<!\d[ )])(?<!\d\) )00 ?(?=[1-9])")
"""How most of the world dials abroad; "+" has one meaning everywhere, so it is read in its place. Not within a number:
"555 0018"."""
_RUN = re.compile(
    r"(?<![\w#*=%$€£@/.,:])(?<!\w-)(?<!\d )(?:\(?\+ ?)?\(?\d{1,15}(?:[ ()./-]{1,3}\d{1,15}){0,7}(?!(?!ext"
    r"|x)[\w=*%@]|[.,:]\d|\W{0,2}[a-f]\d| \d| ?[+*=^])"
)
"""Groups of digits that belong together."""
_NOT_DIALLED = re.compile(
    r"(?<![\d/.-])(?:\d{1,2}([/.-])\d{1,2}\1(?:19|20)?\d\d|(?:19|20)\d\d([/.-])\d{1,2}\2\d{1,2})(?![\d/.-])"
    r"|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|\b(?:https?://|www\.)\S{1,200}"
    r"|(?<![\d-])\d{3}-\d\d-\d{4}(?![\d-])|\b97[89][ -]\d{1,5}[ -]\d{1,7}[ -]\d{1,7}[ -][\dx]\b"
    r"|\b[1-9]\d{0,2}(?: \d{3}){0,4} 000\b(?! ?-?\d)"
    r"|\b\d{1,15} ?(?:usd|eur|gbp|dollars?|euros?|pounds?|bucks|km|cm|mm|kg|mg|miles|percent"
    r"|[×€£$%])"
)
"""Dates, addresses on the net, links, US social security numbers, ISBNs, sums, measures."""
_FIGURE = re.compile(r"(?<![\w)+-])-\d{5,15}(?![\d-])|(?<![\d/.-])(?:19|20)\d\d[/-](?:19|20)\d\d(?![\d/.-])")
"""A figure below zero, a span of years: neither is dialled, whoever asks."""
_FRACTION = re.compile(r"\d+\.\d+")
_OTHER_NUMBER = re.compile(
    r"\b(?:account|card|order|invoice|booking|reference|ref|ticket|tracking|customer|member|serial|model|passport|id|iban"
    r"|policy|case|code|pin|ssn|tax|vat|isbn|version|formula|license|licence|zip|serial)\b"
    r"(?:(?!\b(?:phone|mobile|cell|tel|telephone|call|fax|text|reach|dial)\b)[^.;!?\n])*$"
)
"""A number is that of whatever was named last before it."""
_LEAD_CHARS = 30
_ABROAD = ("US", "GB", "DE", "FR", "ES", "IT", "IN", "BR", "AU", "NL", "MX", "JP", "KR", "CN", "TR", "PL", "ZA", "RU")
"""Where a number that is none at home is looked for, in this order. Source: countries by number of subscribers and by
how many of their people travel; a choice, not a fact."""


def find_phones(text: str, reading: Reading, *, asked: bool) -> list[Found]:
    """Phone numbers, read as numbers of the person's region where they have no country code.

    Not asked: only valid ones. Asked: also one that is valid elsewhere, and last any group of 7 to 15 digits, as a
    number of that region. Source: libphonenumber's metadata.
    """
    if not _DIGIT.search(text):
        return []
    dialled = _DOUBLE_ZERO.sub(lambda zeros: "+".rjust(len(zeros[0])), plain(text[:_MAX_CHARS]))
    dialled = _FIGURE.sub(lambda figure: "~" * len(figure[0]), dialled)
    valid = [*_valid(dialled, text, reading.region)]
    if not asked:
        return valid
    runs = [one for run in _runs(dialled) if (one := _whole(run, text, reading.region, valid))]
    taken = Taken((run.start, run.end) for run in runs)
    return sorted([*runs, *(one for one in valid if not taken.touches(one.start, one.end))], key=lambda one: one.start)


def _valid(dialled: str, text: str, region: str) -> Iterator[Found]:
    phones = _phonenumbers()
    for match in phones.PhoneNumberMatcher(dialled, region, leniency=phones.Leniency.VALID, max_tries=_TRIES):
        yield _found(match.number, text, match.start, match.end)


def _runs(dialled: str) -> Iterator[re.Match[str]]:
    """Groups of digits that may be a phone number: no date, fraction, or number of something else."""
    dialled = _NOT_DIALLED.sub(lambda other: "~" * len(other[0]), dialled)
    for run in _RUN.finditer(dialled):
        if len(_digits(run[0])) not in _DIGITS or _FRACTION.fullmatch(run[0]):
            continue
        unbalanced = run[0].count("((") or re.search(r"\)\)|\([^)]*\(", run[0])
        if not unbalanced and not _OTHER_NUMBER.search(dialled, max(0, run.start() - _LEAD_CHARS), run.start()):
            yield run


def _whole(run: re.Match[str], text: str, region: str, valid: list[Found]) -> Found | None:
    """The number that all digits of a run make; none where there are too many for one."""
    inside = [one for one in valid if run.start() <= one.start and one.end <= run.end()]
    widest = max(inside, key=lambda one: one.end - one.start, default=None)
    if widest is not None and len(_digits(widest.words)) + 2 > len(_digits(run[0])):
        return widest
    phones, digits = _phonenumbers(), _digits(run[0])
    home = _parsed(run[0], region)
    tries = (_parsed(f"+{digits}", None), home, *(_parsed(run[0], abroad) for abroad in _ABROAD))
    sound = next((number for number in tries if number is not None and phones.is_valid_number(number)), None)
    if sound is None or (sound not in tries[:2] and home is not None and phones.is_possible_number(home)):
        sound = home if home is not None and phones.is_possible_number(home) else sound
    if sound is not None:
        return _found(sound, text, run.start(), run.end())
    code = phones.country_code_for_region(region)
    value = f"+{digits}" if run[0].lstrip("(").startswith("+") else f"+{code}{digits.lstrip('0')}"
    if len(value) > _E164_CHARS:
        return None
    return Found(value=value, start=run.start(), end=run.end(), words=text[run.start() : run.end()])


def _parsed(dialled: str, region: str | None) -> Any:
    phones = _phonenumbers()
    try:
        return phones.parse(dialled, region)
    except phones.NumberParseException:
        return None


def _found(number: Any, text: str, start: int, end: int) -> Found:
    phones = _phonenumbers()
    value: str = phones.format_number(number, phones.PhoneNumberFormat.E164)
    return Found(value=value, start=start, end=end, words=text[start:end])


def _digits(said: str) -> str:
    return re.sub(r"\D", "", said)


@cache
def _phonenumbers() -> ModuleType:
    """Imported on first use: its metadata is large."""
    import phonenumbers  # noqa: PLC0415

    module: ModuleType = phonenumbers
    return module
