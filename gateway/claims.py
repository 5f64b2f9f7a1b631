"""What a text claims: figures, dates, addresses, promises. A model's text may claim only what it was given (S25)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from engine.readers.calendar_words import alternatives
from engine.readers.figures import figures
from engine.readers.inquiries import is_topical
from engine.readers.number_words import TENS, UNITS
from engine.readers.words import words

MIN_SUPPORT = 0.5
"""The share of a sentence's topic words that what it rests on must speak of."""
_COUNTS_FROM = 3
"""Smaller number words join things, as in "the two of them", and count nothing."""

_CLAIMS = {
    "a link": re.compile(
        r"(?:https?|ftp)://[^\s)>\]]+|\bwww\.[^\s)>\]]+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b(?:/[^\s)>\]]*)?"
    ),
    "an e-mail address": re.compile(r"[^\s@<>()]+@[^\s@<>()]+"),
    "an id": re.compile(r"\b(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]+\b"),
    "a number": re.compile(r"\d+(?:[.,:/]\d+)*"),
    "a date": re.compile(
        r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:today|tonight|tomorrow|yesterday)\b"
        r"|\b(?:january|february|march|april|june|july|august|september|october|november|december)\b"
    ),
    "a promise": re.compile(
        r"\b(?:guarantee|promis|refund|compensat|reimburs|discount|entitle|always|never|certainly|definitely|waive)\w*"
        r"|\b(?:we|i)(?: will|'ll| shall)\b"
    ),
}
_COUNTED = re.compile(rf"\b({alternatives(UNITS | TENS)})\b")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


def unfounded(text: str, grounds: str) -> str:
    """What kind of thing a text says that its grounds do not, such as "a link"; "" for nothing."""
    if any(unicodedata.category(char) in ("Cc", "Cf", "Co") for char in text if char != "\n"):
        return "a character that nobody sees"
    known = set(_claims(grounds))
    for kind, claim in _claims(text):
        if (kind, claim) not in known:
            return kind
    return "a sentence" if any(_strays(text, grounds)) else ""


def _claims(text: str) -> Iterator[tuple[str, str]]:
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    for kind, pattern in _CLAIMS.items():
        yield from ((kind, found[0].rstrip(".,;:")) for found in pattern.finditer(folded))
    for found in _COUNTED.finditer(folded):
        number = (UNITS | TENS)[found[1]]
        if number >= _COUNTS_FROM:
            yield "a number", str(number)
    for kind, values in figures(folded).items():
        yield from ((f"a figure ({kind})", value) for value in values)


def _strays(text: str, grounds: str) -> Iterator[str]:
    """Sentences most of whose topic words nothing given speaks of."""
    known = {word.stem for word in words(grounds)}
    for sentence in _SENTENCE_END.split(text):
        topics = {word.stem for word in words(sentence) if is_topical(word)}
        if topics and len(topics & known) < MIN_SUPPORT * len(topics):
            yield sentence
