"""Which name an author probably meant."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process

_CLOSE = 70
"""Of 100: below it two names have too little in common to be a slip of the pen."""


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name most like `word`, or None when none is close."""
    found = process.extractOne(word, list(names), score_cutoff=_CLOSE)
    return found[0] if found else None


def meant(word: str, names: Iterable[str], otherwise: str) -> str:
    """A remedy: the nearest of `names` asked about, then what to do if that was not it."""
    near = nearest(word, names)
    return f"did you mean `{near}`? Else {otherwise}" if near else otherwise


def listed(words: Iterable[str], last: str = "or") -> str:
    """`a`, `b or c`, `a, b or c`: words in a sentence, each in back quotes."""
    quoted = [f"`{word}`" for word in words]
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}" if len(quoted) > 1 else "".join(quoted)
