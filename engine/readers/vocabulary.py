"""Word lists as the readers write them: running text, parted by white space or by bars."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text that white space parts."""
    return frozenset(text.split())


def phrase_list(text: str) -> tuple[str, ...]:
    """The phrases of a text that bars or line ends part, in order, each once, none empty."""
    return tuple(
        dict.fromkeys(filter(None, (" ".join(phrase.split()) for phrase in text.replace("\n", "|").split("|"))))
    )
