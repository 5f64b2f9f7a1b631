"""In which language a sentence is, as far as its small words tell: enough to see that it is not the team's (H75)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SMALL: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        [
            "the",
            "a",
            "an",
            "is",
            "was",
            "are",
            "has",
            "have",
            "had",
            "of",
            "to",
            "and",
            "for",
            "in",
            "on",
            "at",
            "by",
            "with",
            "not",
            "it",
            "its",
            "this",
            "that",
            "be",
            "been",
            "no",
        ]
    ),
    "de": frozenset(
        [
            "der",
            "die",
            "das",
            "ein",
            "eine",
            "einen",
            "ist",
            "war",
            "sind",
            "hat",
            "und",
            "für",
            "mit",
            "nicht",
            "auf",
            "dem",
            "den",
            "von",
            "zu",
            "es",
            "wurde",
            "sich",
        ]
    ),
    "es": frozenset(
        [
            "el",
            "la",
            "los",
            "las",
            "un",
            "una",
            "es",
            "fue",
            "son",
            "ha",
            "y",
            "para",
            "con",
            "no",
            "por",
            "de",
            "del",
            "que",
            "se",
            "su",
            "está",
            "lo",
            "al",
        ]
    ),
    "fr": frozenset(
        [
            "le",
            "la",
            "les",
            "un",
            "une",
            "est",
            "été",
            "sont",
            "a",
            "et",
            "pour",
            "avec",
            "ne",
            "pas",
            "par",
            "de",
            "du",
            "que",
            "se",
            "son",
            "sur",
            "au",
            "il",
        ]
    ),
    "it": frozenset(
        [
            "il",
            "lo",
            "la",
            "gli",
            "un",
            "una",
            "è",
            "stato",
            "sono",
            "ha",
            "e",
            "per",
            "con",
            "non",
            "di",
            "del",
            "che",
            "si",
            "suo",
            "al",
            "nel",
            "dal",
        ]
    ),
    "pt": frozenset(
        [
            "o",
            "a",
            "os",
            "as",
            "um",
            "uma",
            "é",
            "foi",
            "são",
            "tem",
            "e",
            "para",
            "com",
            "não",
            "por",
            "de",
            "do",
            "que",
            "se",
            "seu",
            "no",
            "na",
            "ao",
        ]
    ),
    "nl": frozenset(
        [
            "de",
            "het",
            "een",
            "is",
            "was",
            "zijn",
            "heeft",
            "en",
            "voor",
            "met",
            "niet",
            "op",
            "van",
            "te",
            "dat",
            "die",
            "er",
            "werd",
            "om",
        ]
    ),
}
"""Language -> words that hardly any sentence of it does without."""

_WORD = re.compile(r"[^\W\d_]+")


def written_in(text: str, language: str) -> bool:
    """May the sentence be in this language: has it letters of its script, and no more small words of another one?

    Of a language that has no list only the script is looked at where that is Latin's.
    """
    letters = [char for char in text if char.isalpha()]
    if any(not unicodedata.name(char, "").startswith("LATIN") for char in letters) and language in SMALL:
        return False
    own = SMALL.get(language)
    if own is None:
        return True
    words = [word.casefold() for word in _WORD.findall(text)]
    mine = sum(word in own for word in words)
    return all(sum(word in other for word in words) <= mine for code, other in SMALL.items() if code != language)
