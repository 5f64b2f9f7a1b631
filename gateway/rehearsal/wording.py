"""Does a reply say what a line expects: literal text whatever its case and spaces, or a `/regular expression/`?"""

from __future__ import annotations

import re

_LABELS = re.compile(r"\[(?P<labels>[^\]\[]+)\]$")
_PLAIN = str.maketrans(dict.fromkeys("“”„‟", '"') | dict.fromkeys("‘’‚‛", "'") | dict.fromkeys("‐‑‒–—―−", "-"))
_ANYTHING = re.compile(r"(?<!\S)\.\.\.(?!\S)")


class Wording:
    """A text to look into. Places are in the text as it was said, whatever a pattern makes of it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._plain, self._places = _normalized(text)

    def find(self, pattern: str, start: int = 0) -> int | None:
        """Where `pattern` ends when it occurs at or after `start`; None when it does not. Raises re.error.

        ` ... ` in a literal matches anything, also nothing.
        """
        expression = regular(pattern)
        if expression is not None:
            found = expression.search(self._text, start)
            return found.end() if found else None
        place = next((at for at, origin in enumerate(self._places) if origin >= start), len(self._plain))
        for part in map(normal, _ANYTHING.split(pattern)):
            at = self._plain.find(part, place)
            if at < 0:
                return None
            place = at + len(part)
        return self._places[place - 1] + 1 if place else start


def regular(pattern: str) -> re.Pattern[str] | None:
    """The expression between two slashes; None for a literal. Raises re.error."""
    if len(pattern) < 3 or not (pattern.startswith("/") and pattern.endswith("/")):
        return None
    return re.compile(pattern[1:-1], re.IGNORECASE | re.DOTALL)


def normal(text: str) -> str:
    """Case-folded, white space collapsed, quotes and dashes made plain."""
    return _normalized(text)[0]


def choices(text: str) -> tuple[str, list[str] | None]:
    """`right one? [yes|no]`: the pattern, and the labels that must be offered; None when it names none."""
    found = _LABELS.search(text)
    if found is None:
        return text, None
    return text[: found.start()].strip(), [label.strip() for label in found["labels"].split("|")]


def _normalized(text: str) -> tuple[str, list[int]]:
    """The normal form, and for each of its characters the place in `text` it came from."""
    plain: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if not character.isspace():
            for folded in character.translate(_PLAIN).casefold():
                plain.append(folded)
                places.append(place)
        elif plain and plain[-1] != " ":
            plain.append(" ")
            places.append(place)
    if plain and plain[-1] == " ":
        plain.pop()
        places.pop()
    return "".join(plain), places
