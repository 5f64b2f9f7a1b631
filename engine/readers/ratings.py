"""One to five, as customers say how it went (S39): a bare figure, of five, or stars; nothing else is a rating."""

from __future__ import annotations

import re

from engine.readers.words import plain

MOST = 5
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_RATING = re.compile(
    r"(?:an? |i(?:'d)? (?:say|give (?:it|you)) (?:an? )?)?(?P<score>[1-5]|one|two|three|four|five)"
    r"(?:\s?/\s?5| (?:out )?of (?:5|five))?(?: ?stars?)?"
)
_STARS = re.compile(r"(?P<full>[★⭐\N{GLOWING STAR}]{1,5})\N{VARIATION SELECTOR-16}?☆*")


def read_rating(text: str) -> int | None:
    """1 to 5, or None where the whole message is no rating."""
    if stars := _STARS.fullmatch(text.strip().replace("\N{VARIATION SELECTOR-16}", "")):
        return len(stars["full"])
    found = _RATING.fullmatch(plain(text.strip()).rstrip(".! "))
    if found is None:
        return None
    return _WORDS.get(found["score"]) or int(found["score"])
