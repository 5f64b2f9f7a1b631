"""Text as readers compare it: plain characters, words with their places, and word stems."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

MAX_READ_CHARS = 4000
"""No reader looks further than this; longer messages are R3's."""

_QUOTES = {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"'}
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_CLAUSE_END = re.compile(r"[,.;:!?\n()]")
_VOWEL = re.compile(r"[aeiouy]")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: its plain form, its stem, and its place in the text."""

    text: str
    stem: str
    start: int
    end: int


def clip(text: str) -> str:
    """The part of a text that is read."""
    return text[:MAX_READ_CHARS]


@lru_cache(maxsize=256)
def plain(text: str) -> str:
    """Lower case, plain quotes, dashes and digits, no accents; character for character, so places stay the same."""
    return text.lower() if text.isascii() else "".join(map(_plain_char, text))


@lru_cache(maxsize=256)
def words(text: str) -> tuple[Word, ...]:
    """The words of a text in order. An apostrophe may stand inside a word; a hyphen parts two."""
    return tuple(Word(m[0], stem(m[0]), m.start(), m.end()) for m in _WORD.finditer(plain(text)))


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """What inflected forms of an English word have in common: "returning", "returned", "returns" -> "return".

    Only for comparing two stems; a stem need not be a word ("broke", "broken" -> "brok").
    """
    bare = re.sub(r"'s?$", "", word).replace("'", "")
    if len(bare) > 3 and bare.endswith("ies"):
        bare = bare[:-3] + "y"
    elif len(bare) > 4 and bare.endswith(("sses", "xes", "ches", "shes", "zes")):
        bare = bare[:-2]
    elif len(bare) > 3 and bare.endswith("s") and not bare.endswith(("ss", "us", "is")):
        bare = bare[:-1]
    for ending, least in (("ing", 3), ("ed", 3), ("en", 4), ("e", 3)):
        kept = bare.removesuffix(ending)
        if kept != bare and len(kept) >= least and _VOWEL.search(kept):
            bare = kept
            break
    if len(bare) > 3 and bare[-1] == bare[-2]:
        bare = bare[:-1]
    return bare[:-1] + "i" if len(bare) > 3 and bare.endswith("y") else bare


@lru_cache(maxsize=4096)
def stems(phrase: str) -> tuple[str, ...]:
    """The stems of a phrase's words."""
    return tuple(word.stem for word in words(phrase))


def words_before(text: str, place: int, count: int) -> tuple[Word, ...]:
    """The last `count` words that stand before `place`, in order."""
    every = words(text)
    stop = bisect_left(every, place, key=lambda word: word.end)
    stop += stop < len(every) and every[stop].end == place
    return every[max(0, stop - count) : stop]


def words_after(text: str, place: int, count: int) -> tuple[Word, ...]:
    """The first `count` words that stand at or after `place`, in order."""
    every = words(text)
    first = bisect_left(every, place, key=lambda word: word.start)
    return every[first : first + count]


def find_phrase(within: Sequence[Word], phrase: Sequence[str]) -> tuple[int, int] | None:
    """The first place, as a half-open range of words, where the stems of `phrase` follow one another."""
    size = len(phrase)
    for first in range(len(within) - size + 1) if size else ():
        if within[first].stem == phrase[0] and all(within[first + step].stem == phrase[step] for step in range(size)):
            return first, first + size
    return None


def same_clause(text: str, start: int, end: int) -> bool:
    """Is `text[start:end]` free of punctuation that ends a clause? A point inside a number is none."""
    return not _CLAUSE_END.search(re.sub(r"(?<=\d)[.,:](?=\d)", "", text[start:end]))


def only(text: str) -> str:
    """A whole message as its words with single spaces: without case, punctuation, symbols."""
    return " ".join(word.text for word in words(clip(text)))


@lru_cache(maxsize=1024)
def _plain_char(char: str) -> str:
    if char in _QUOTES:
        return _QUOTES[char]
    kind = unicodedata.category(char)
    if kind == "Pd" or char == "\N{MINUS SIGN}":
        return "-"
    if kind == "Zs":
        return " "
    if kind == "Nd":
        return str(unicodedata.decimal(char))
    if kind == "No":
        return char
    base = unicodedata.normalize("NFKD", char)[:1].lower()
    return base if len(base) == 1 else char
