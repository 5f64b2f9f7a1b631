"""Whether a model's text claims only what it was given: each thing, where it was given, of what it was given (S25)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.checking import quoted
from engine.claims import Claim, claims
from engine.footing import links
from engine.promises import bound
from engine.readers.figures import figures
from engine.readers.inquiries import is_topical
from engine.readers.reading import Reading
from engine.readers.sentences import sentences
from engine.readers.vocabulary import phrase_list
from engine.readers.words import stems, words
from engine.unsayable import joined, unseen

MIN_SUPPORT = 0.5
"""The share of a sentence's topic words that what it rests on must speak of."""

_JOINING = frozenset({("number", "1"), ("number", "2")})
"""As words they join things, as in "the two of them", and count nothing."""
_VOWS = phrase_list("always|never|certainly|we will|we'll|we shall|i will|i'll|i shall")
"""Besides what always binds: an agent of a plan speaks for nobody."""
_KINDS = {"amount": "an amount", "email": "an e-mail address", "id": "an id"}
_READ, _FREE = frozenset({"money", "clock"}), "0"  # as values, all but what costs nothing
_CLAUSE_END = re.compile(r"(?<=[.!?;,])\s+|\s(?=(?:and|but|while|whereas|against|than|versus)\b)", re.IGNORECASE)
_RANGE = re.compile(r"(?<![\w-])(\d{1,3}(?::\d\d)?) ?[-–] ?(\d{1,3}(?::\d\d)?)(?![\w-])")
_What = tuple[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ground:
    """One text that was given: what it claims, and the stems of its words."""

    claims: frozenset[_What]
    stems: frozenset[str]


def unfounded(text: str, grounds: Sequence[str], reading: Reading) -> str:
    """What kind of thing a text says that none of its grounds does, such as "a link"; "" for nothing.

    A line of `text` has at most MAX_READ_CHARS. All are read alike: `reading.now` only has to be the same for all.
    """
    if unseen(text.replace("\n", "")):
        return "a character that nobody sees"
    given = [_Ground(claims=frozenset(_claims(one, reading)), stems=frozenset(stems(one))) for one in grounds]
    known = {claim for ground in given for claim in ground.claims}
    strange = next((kind for kind, claim in _claims(text, reading) if (kind, claim) not in known), "")
    if strange:
        return strange
    if _strays(text, {stem for ground in given for stem in ground.stems}):
        return "a sentence"
    return "a figure of something else" if _swapped(text, given, reading) else ""


def _claims(text: str, reading: Reading) -> Iterator[_What]:
    yield from _worded(text)
    for line in _lines(text):
        yield from map(_what, _values(line, reading))


def _lines(text: str) -> list[str]:
    """With plain figures, and "10-14 days" as "10 to 14 days": one thing is read in one way."""
    return [_RANGE.sub(r"\1 to \2", line) for line in unicodedata.normalize("NFKC", text).splitlines()]


def _worded(text: str) -> Iterator[_What]:
    """What is claimed by words and not by values."""
    for link in links(text):
        if any(map(str.isalnum, link)):  # a bracket by itself leads nowhere
            yield "a link", link.casefold()
    for phrase in (*bound(joined(text)), *(vow for vow in _VOWS if quoted(vow, text))):
        yield "a promise", phrase
    for kind, values in figures(text).items():
        yield from ((f"a figure ({kind})", value) for value in values if kind not in _READ or value == _FREE)


def _values(line: str, reading: Reading) -> list[Claim]:
    return [claim for claim in claims(line, reading) if not _joins(claim, line)]


def _joins(claim: Claim, line: str) -> bool:
    return claim.what in _JOINING and not any(map(str.isdigit, line[claim.start : claim.end]))


def _what(claim: Claim) -> _What:
    return _KINDS.get(claim.kind, f"a {claim.kind}"), claim.value


def _strays(text: str, known: set[str]) -> bool:
    """Is there a sentence most of whose topic words nothing given speaks of?"""
    every = [_topics(text[start:end]) for start, end in sentences(text)]
    return any(len(topics & known) < MIN_SUPPORT * len(topics) for topics in every)


def _swapped(text: str, given: Sequence[_Ground], reading: Reading) -> bool:
    """Is there a clause whose claims stand in no one ground that also speaks of what it is about: "Beta costs $18"
    where that is Alpha's price?"""
    for line in _lines(text):
        values = _values(line, reading)
        for start, end in pairwise((0, *(found.end() for found in _CLAUSE_END.finditer(line)), len(line))):
            claimed = {_what(value) for value in values if start <= value.start < end} | {*_worded(line[start:end])}
            topics = _topics(line[start:end])
            if claimed and not any(claimed <= one.claims and _speaks_of(topics, one.stems) for one in given):
                return True
    return False


def _speaks_of(topics: frozenset[str], said: frozenset[str]) -> bool:
    return 2 * len(topics & said) > len(topics) or not topics


def _topics(text: str) -> frozenset[str]:
    return frozenset(word.stem for word in words(text) if is_topical(word) and not word.text.isdigit())
