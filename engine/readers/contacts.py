"""Ways to reach a person in writing: e-mail addresses, postcodes."""

from __future__ import annotations

import re

from engine.readers.reading import Found, Reading
from engine.readers.small_words import SMALL_WORDS
from engine.readers.words import plain

_EMAIL = re.compile(
    r"(?<![\w.+%'-])[a-z0-9][\w.+%'-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}(?![\w@-]|\.\w)",
    re.ASCII,
)
_SPOKEN = re.compile(
    r"(?<![\w.@])(?P<local>[a-z0-9][\w+%-]{0,30}(?:(?:\.| dot | underscore | dash )[\w+%-]{1,30}){0,4})"
    r" ?(?:@| at )(?P<domain>[a-z0-9-]{1,40}(?:(?:\.| dot )[a-z0-9-]{1,30}){0,4}(?:\.| dot )[a-z]{2,24})(?![\w@-])"
)
_SIGNS = ((" dot ", "."), (" underscore ", "_"), (" dash ", "-"))
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


def find_emails(text: str, *, asked: bool) -> list[Found]:
    """E-mail addresses, lower-case; the domain has at least two labels, the last of letters.

    Asked: also a spoken one, "ann dot lee at example dot com".
    """
    folded = plain(text)
    written = [
        Found(value=m[0].lower(), start=m.start(), end=m.end(), words=text[m.start() : m.end()])
        for m in _EMAIL.finditer(folded)
        if ".." not in m[0] and ".@" not in m[0]
    ]
    return written or (_spoken(text, folded) if asked else [])


def _spoken(text: str, folded: str) -> list[Found]:
    found = []
    for m in _SPOKEN.finditer(folded):
        if m["local"] in SMALL_WORDS:
            continue
        address = f"{m['local']}@{m['domain']}"
        for said, sign in _SIGNS:
            address = address.replace(said, sign)
        found.append(Found(value=address, start=m.start(), end=m.end(), words=text[m.start() : m.end()]))
    return found


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
