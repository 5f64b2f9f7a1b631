"""Typed answers to options: by number, ordinal, label, or the start of a label (C27)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from engine.readers.number_words import number_below_100
from engine.readers.vocabulary import phrase_list, word_set
from engine.readers.words import clip, only, plain, words

_NUMBER = re.compile(
    r"(?:#|no\.?|nr\.?|number|option|choice|answer|item)?\s{0,2}#?\s{0,2}(?P<digits>\d{1,2})\s{0,2}[.):]?"
)
_POLITE = word_set(
    "please pls thanks thank you the a an option choice one number answer i'll i'd take want like go with for it's its"
)
_ORDINALS = {
    word: number
    for number, word in enumerate(
        phrase_list("first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"), start=1
    )
}
_ORDINAL_DIGITS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")
_START_MIN_LETTERS = 3


def pick(text: str, labels: Sequence[str]) -> int | None:
    """The index of the one label the whole message picks, or None. Labels count from 1 for the customer.

    "2", " 2. ", "#2", "option 2", "two", "the second one", "the last one", a label in any case, or an unambiguous
    start of one with 3 letters or more.
    """
    text = clip(text)
    said = only(text)
    plain_labels = _plain_labels(tuple(labels))
    if said and plain_labels.count(said) == 1:
        return plain_labels.index(said)
    number = _number(text, said, len(labels))
    if number is not None:
        return number - 1 if 1 <= number <= len(labels) else None
    bare = " ".join(word.text for word in words(said) if word.text not in _POLITE)
    for wanted in filter(None, (said, bare)):
        if plain_labels.count(wanted) == 1:
            return plain_labels.index(wanted)
        starts = [at for at, label in enumerate(plain_labels) if label.startswith(wanted)]
        if len(wanted) >= _START_MIN_LETTERS and len(starts) == 1:
            return starts[0]
    return None


@lru_cache(maxsize=512)
def _plain_labels(labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(only, labels))


def _number(text: str, said: str, count: int) -> int | None:
    whole = _NUMBER.fullmatch(plain(text).strip().rstrip("!"))
    if whole:
        return int(whole["digits"])
    rest = [word for word in said.split() if word not in _POLITE]
    if said in {"one", "the one", "option one", "number one"}:
        return 1
    if len(rest) != 1:
        return None
    word = rest[0]
    ordinal = _ORDINAL_DIGITS.fullmatch(word)
    if ordinal:
        return int(ordinal[1])
    if word == "last":
        return count
    return _ORDINALS.get(word) or number_below_100(word) or (int(word) if word.isdecimal() and len(word) < 3 else None)
