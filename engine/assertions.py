"""What a sentence claims, to hold a model's words against what is recorded: numbers, ids, names, ends, orders.

A sentence that is doubted wrongly is lost; one that is believed wrongly is a lie to an agent. In doubt it is doubted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from engine.readers.number_words import TENS, UNITS

_COUNTED = {word: str(number) for word, number in (UNITS | TENS).items() if number > 1}
NUMBER_WORDS = {**_COUNTED, "twice": "2", "hundred": "100", "thousand": "1000"}
"""Numbers as words; `one` is hardly ever meant as one."""
ORDINARY = frozenset({"ID", "SMS", "PIN", "CSAT", "URL", "API", "OK", "UTC"})
"""Capitals that name nobody."""

_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_WORD = re.compile(r"[A-Za-z]+")
_IDENTIFIER = re.compile(r"\b[A-Za-z][\w-]*\d[\w-]*\b")
_NAME = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][A-Za-z]+\b")
_LINK = re.compile(r"https?://|www\.|<[!@#]|\b[\w-]+\.(?:com|net|org|io|example)\b|\S@\S", re.IGNORECASE)
_ORDER = re.compile(
    r"\b(?:ignore|disregard|override|bypass|you must|you should|you have to|do not (?:check|verify|ask|tell)"
    r"|don't (?:check|verify|ask|tell)|approve (?:this|the|it|them|his|her|their)|system(?: prompt)?\s*:|system prompt"
    r"|mark (?:as|this|them|him|her|the)|(?:bot|assistant|agent)\s*:)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
WELL = re.compile(
    r"\b(?:succeed(?:s|ed)?|success(?:ful|fully)?|went through|gone through|refunded|reimbursed|approved|cancell?ed"
    r"|charged|paid|shipped|sent|delivered|booked|reserved|processed|issued|credited|completed|done|resolved|fixed|granted|authori[sz]ed"
    r"|activated|accepted|confirmed|waived|guaranteed|promised|agreed|entitled|eligible|allowed|verified|vip"
    r"|on (?:its|the|their) way|will (?:be|get|receive|have))\b",
    re.IGNORECASE,
)
"""Something came, or will come, to a good end."""
ILL = re.compile(r"\b(?:fail(?:s|ed)?|was rejected|was declined|did not work|was refused)\b", re.IGNORECASE)
"""Something came to a bad end."""
_SAID = re.compile(
    r"\bcustomer (?:says|said|claims|claimed|wants|wanted|asks|asked|was told|believes|thinks|writes|wrote)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:unknown|not known|unclear|timed out|may have|might have|not|never|no)\b", re.IGNORECASE)
_DENIED_WITHIN = 40
"""Characters before a claim in which a denial is about it."""


def sentences(text: str) -> list[str]:
    """The text's sentences."""
    return [one for one in _SENTENCE.split(text) if one]


def strange_numbers(text: str, source: str) -> Iterator[str]:
    """Numbers of the text, in digits or words, that do not stand in the source (M5)."""
    for number in _NUMBER.findall(text):
        if not re.search(rf"(?<!\d){re.escape(number)}(?!\d)", source):
            yield number
    known = source.casefold()
    for word in map(str.casefold, _WORD.findall(text)):
        digits = NUMBER_WORDS.get(word)
        if digits and not re.search(rf"\b{word}\b|(?<!\d){digits}(?!\d)", known):
            yield word


def strange_identifiers(text: str, source: str) -> Iterator[str]:
    """Words with digits in them that do not stand in the source (M6)."""
    yield from (one for one in _IDENTIFIER.findall(text) if not _stands(one, source))


def strange_names(text: str, source: str) -> Iterator[str]:
    """Capitalised words inside a sentence that do not stand in the source (M7)."""
    yield from (one for one in _NAME.findall(text) if one not in ORDINARY and not _stands(one, source))


def commanding(text: str) -> bool:
    """Does it hold a link, a character that nobody sees, or an order to whoever reads it (M9)?"""
    hidden = any(unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs", "Cn") for char in text)
    return hidden or bool(_LINK.search(text) or _ORDER.search(text))


def claims(sentence: str, of: re.Pattern[str]) -> Iterator[tuple[str, bool]]:
    """What a sentence says came to an end, and whether it says so as the customer's own words (H76); what it denies is
    no claim."""
    for found in of.finditer(sentence):
        before = sentence[: found.start()]
        if not _DENIED.search(before[-_DENIED_WITHIN:]):
            yield found[0].casefold(), bool(_SAID.search(before))


def _stands(word: str, source: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?!\w)", source, re.IGNORECASE) is not None
