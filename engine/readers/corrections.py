"""Words that take something back: corrections, self-corrections, negations (R7, R8, R30, R35, R37)."""

from __future__ import annotations

import re

from engine.readers.words import clip, find_phrase, plain, same_clause, stems, words, words_before

_MARKER = re.compile(
    r"\b(?:actually|correction|scratch that|on second thoughts?|i meant|i mean|i misspoke|my (?:mistake|bad)|typo|oops"
    r"|(?:make|change|switch|set) (?:it|that)\b(?! up)|rather|instead|after all"
    r"|(?:change|update|correct|fix|edit|amend|replace) (?:my|the|our|that|this)\b"
    r"|should (?:be|have been|say|read))\b"
    r"|\b(?:sorry|wait|hold on|no|nope|nah)\b(?: ?(?:,|-|\.\.\.?|…))+ ?(?=[\w$€£+#])"
    r"|^\W{0,5}(?:sorry|no) (?=(?:it's|its|it is|that's|the|my|i|we|make|\S{0,20}\d)\b)"
    r"|\b(?:is|are|was|were|looks?|seems?)(?: all| just)? (?:wrong|incorrect|not (?:right|correct)|mistaken|outdated)\b"
    r"|\b(?:isn't|isnt|aren't|wasn't) (?:right|correct)\b"
)
_BETWEEN = re.compile(
    r"\b(?:no|nope|nah|wait|sorry|oops|actually|correction|rather|i mean|i meant|scratch that|make (?:it|that)"
    r"|change (?:it|that)|or rather|my mistake|instead it's|hang on|hold on|on second thoughts?)\b"
)
_REPLACED = re.compile(r"\b(?:chang|switch|mov|updat|correct|replac)\w{0,3}\b[^.;!?\n]{0,60}?\bfrom\s+(?:the\s+)?$")
_INSTEAD_OF = re.compile(
    r"\b(?:instead of|rather than|other than|except|but not|not)\s+(?:(?:the|a|an|on|for|at)\s+)?$"
)
_NEGATORS = frozenset(
    [
        "not",
        "never",
        "neither",
        "nor",
        "without",
        "isn't",
        "isnt",
        "wasn't",
        "wasnt",
        "don't",
        "dont",
        "doesn't",
        "doesnt",
        "didn't",
        "didnt",
    ]
)
_NEGATORS |= frozenset(
    [
        "can't",
        "cant",
        "won't",
        "wont",
        "no",
        "aren't",
        "arent",
        "haven't",
        "havent",
        "hasn't",
        "hasnt",
        "ain't",
        "cannot",
    ]
)
_MAY_DISPUTE = re.compile(rf"no|n'?t|never|neither|without|instead|rather|other|except|from|{_MARKER.pattern}")
_SUGGESTS = re.compile(r"why (?:not|don'?t (?:we|you))\b")
"""Proposes what comes, and denies nothing: "why not Monday", "why don't we rent a film"."""
_NEGATED_WITHIN = 3
"""Words between a negation and what it negates, at most, in one clause."""


def correction_marker(text: str) -> int | None:
    """The place where a correction starts ("actually", "sorry,", "I meant", "no, it's", "change my ..."), or None."""
    found = _MARKER.search(plain(clip(text)))
    return found.start() if found else None


def may_dispute(text: str) -> bool:
    """Can the text say that something is wrong? False only where no correction, negation or "instead of" can be."""
    return _MAY_DISPUTE.search(plain(text)) is not None


def names_label(text: str, label: str) -> bool:
    """Is the slot called `label` named, in any inflection? With a marker it is what is corrected (R35)."""
    return find_phrase(words(clip(text)), stems(label)) is not None


def took_back(between: str) -> bool:
    """Do these words between two values take the first one back: "50, no, 60" (R8)?"""
    return _BETWEEN.search(plain(between)) is not None


def set_aside(text: str, start: int) -> bool:
    """Is the value at `start` named only to be replaced: "not 50", "instead of Monday", "change it from 5 to 6"?"""
    before = plain(text[max(0, start - 100) : start])
    return _INSTEAD_OF.search(before) is not None or _REPLACED.search(before) is not None


def negated(text: str, start: int) -> bool:
    """Is the word at `start` denied by a negation shortly before it: "it is not really broken"?

    A "no" that opens the message answers something else: "no Plus please" is not without Plus.
    """
    before = words_before(text, start, _NEGATED_WITHIN + 1)
    if _NEGATORS.isdisjoint([word.text for word in before]):
        return False
    for distance, word in enumerate(reversed(before)):
        if word.text not in _NEGATORS or not same_clause(text, word.end, start):
            continue
        if word.text == "no" and (distance > 0 or len(before) == 1):
            continue
        if _SUGGESTS.match(plain(text), word.start - len("why ")):
            continue
        return True
    return False
