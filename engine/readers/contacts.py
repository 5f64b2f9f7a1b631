"""Ways to reach a person: e-mail addresses, phone numbers, postcodes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from types import ModuleType

from engine.readers.reading import Found, Reading
from engine.readers.words import plain

_EMAIL = re.compile(
    r"(?<![\w.+%'-])[a-z0-9][\w.+%'-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}(?![\w@-]|\.\w)",
    re.ASCII,
)
_PHONE_MAX_CHARS = 1000
_PHONE_TRIES = 20
_DOUBLE_ZERO = re.compile(r"(?<![\w+.-])(?<!\d[ )])(?<!\d\) )00(?=[1-9])")
"""How most of the world dials abroad; "+" has one meaning everywhere, so it is read in its place. Not within a number:
"555 0018"."""
_DIGIT = re.compile(r"\d")
_POSTCODES = {
    "US": r"\d{5}(?:-\d{4})?",
    "GB": r"[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}",
    "CA": r"[abceghj-nprstvxy]\d[a-z] ?\d[a-z]\d",
    "NL": r"[1-9]\d{3} ?[a-z]{2}",
    "IE": r"[a-z]\d[\dw] ?[a-z\d]{4}",
    "PT": r"\d{4}-\d{3}",
    "PL": r"\d{2}-\d{3}",
    "SE": r"\d{3} ?\d{2}",
    "CZ": r"\d{3} ?\d{2}",
    "BR": r"\d{5}-?\d{3}",
    "JP": r"\d{3}-?\d{4}",
    "IN": r"[1-9]\d{2} ?\d{3}",
    "CN": r"\d{6}",
} | dict.fromkeys(("DE", "FR", "IT", "ES", "FI", "MX", "TR", "UA"), r"\d{5}")
_POSTCODES |= dict.fromkeys(("AT", "CH", "BE", "DK", "NO", "HU", "AU", "NZ", "ZA"), r"\d{4}")
"""Shapes by region. Source: Universal Postal Union addressing sheets."""
_ANY_POSTCODE = r"(?=[a-z -]{0,4}\d)[a-z\d]{2,5}(?:[ -][a-z\d]{2,4})?"


def find_emails(text: str) -> list[Found]:
    """E-mail addresses, lower-case; the domain has at least two labels, the last of letters."""
    folded = plain(text)
    return [
        Found(value=m[0].lower(), start=m.start(), end=m.end(), words=text[m.start() : m.end()])
        for m in _EMAIL.finditer(folded)
        if ".." not in m[0] and ".@" not in m[0]
    ]


def find_phones(text: str, reading: Reading, *, asked: bool) -> list[Found]:
    """Phone numbers as E.164, read as numbers of the person's region where they have no country code.

    Asked: any number of a possible length; not asked: only valid ones. Source: libphonenumber's metadata.
    """
    if not _DIGIT.search(text):
        return []
    dialled = _DOUBLE_ZERO.sub(" +", text[:_PHONE_MAX_CHARS])
    phones = _phonenumbers()
    leniency = phones.Leniency.POSSIBLE if asked else phones.Leniency.VALID
    matches: Iterator[object] = phones.PhoneNumberMatcher(
        dialled, reading.region, leniency=leniency, max_tries=_PHONE_TRIES
    )
    return [_phone(match, phones, text) for match in matches]


def find_postcodes(text: str, reading: Reading) -> list[Found]:
    """Postcodes of the person's region in capitals, as written there ("SW1A 1AA"); elsewhere anything of that look."""
    shape = _POSTCODES.get(reading.region, _ANY_POSTCODE)
    return [
        Found(value=_tidy(m[0], reading.region), start=m.start(), end=m.end(), words=text[m.start() : m.end()])
        for m in re.finditer(rf"(?<![\w-])(?:{shape})(?![\w-])", plain(text))
    ]


def _tidy(code: str, region: str) -> str:
    upper = code.upper()
    if region in {"GB", "CA"}:
        bare = upper.replace(" ", "")
        return f"{bare[:-3]} {bare[-3:]}"
    return f"{upper[:4]} {upper[4:].strip()}" if region == "NL" else upper


def _phone(match: object, phones: ModuleType, text: str) -> Found:
    number, start, end = match.number, match.start, match.end  # type: ignore[attr-defined]  # phonenumbers has no types
    value: str = phones.format_number(number, phones.PhoneNumberFormat.E164)
    return Found(value=value, start=start, end=end, words=text[start:end])


@cache
def _phonenumbers() -> ModuleType:
    """Imported on first use: its metadata is large."""
    import phonenumbers  # noqa: PLC0415

    module: ModuleType = phonenumbers
    return module
