"""What a text claims: figures, dates, addresses, promises. A model's text may claim only what it was given (S25)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

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
_CLAUSE_END = re.compile(r"(?<=[.!?;,])\s+|\n+|\s(?=(?:and|but|while|whereas|against|than|versus)\b)")


def unfounded(text: str, grounds: Sequence[str]) -> str:
    """What kind of thing a text says that none of its grounds does, such as "a link"; "" for nothing."""
    if any(unicodedata.category(char) in ("Cc", "Cf", "Co") for char in text if char != "\n"):
        return "a character that nobody sees"
    known = {claim for ground in grounds for claim in _claims(ground)}
    for kind, claim in _claims(text):
        if (kind, claim) not in known:
            return kind
    if any(_strays(text, "\n".join(grounds))):
        return "a sentence"
    return "a figure of something else" if any(_swapped(text, grounds)) else ""


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


def _swapped(text: str, grounds: Sequence[str]) -> Iterator[str]:
    """Clauses whose claims stand in no one ground that also speaks of what they are about: "Beta costs $18" where that
    is Alpha's price."""
    told = [(frozenset(_claims(ground)), _stems(ground)) for ground in grounds]
    for clause in _CLAUSE_END.split(text):
        claims, topics = frozenset(_claims(clause)), _topics(clause)
        if claims and not any(claims <= held and _speaks_of(topics, said) for held, said in told):
            yield clause


def _speaks_of(topics: frozenset[str], said: frozenset[str]) -> bool:
    return 2 * len(topics & said) > len(topics) or not topics


def _stems(text: str) -> frozenset[str]:
    return frozenset(word.stem for word in words(text))


def _topics(text: str) -> frozenset[str]:
    return frozenset(word.stem for word in words(text) if is_topical(word) and not word.text.isdigit())


def _strays(text: str, grounds: str) -> Iterator[str]:
    """Sentences most of whose topic words nothing given speaks of."""
    known = _stems(grounds)
    for sentence in _SENTENCE_END.split(text):
        topics = _topics(sentence)
        if topics and len(topics & known) < MIN_SUPPORT * len(topics):
            yield sentence
