"""Words beside which a value counts: a slot's label, its name and its cues (R11, R16)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from engine.flow import SlotDef
from engine.readers.words import Word, find_phrase, same_clause, stems, words_after, words_before

_LINKS = frozenset(
    [
        "is",
        "are",
        "was",
        "be",
        "of",
        "at",
        "to",
        "for",
        "about",
        "around",
        "roughly",
        "approximately",
        "some",
        "the",
        "a",
        "an",
        "my",
        "our",
        "your",
        "its",
        "it's",
        "would",
        "will",
        "should",
        "number",
        "as",
        "in",
        "from",
        "over",
        "under",
        "only",
        "just",
        "now",
        "actually",
        "up",
        "by",
        "than",
        "like",
        "it",
        "that's",
        "this",
    ]
)
"""Words that may stand between a cue and its value: "the budget is about 40"."""
_REACH = 3
"""Words between a cue and the value after it, at most."""
_COUNTED = re.compile(r"^(?:number|amount|count|num|no) of |^(?:num|number) | (?:count|number|size)$")


def slot_phrases(slot: SlotDef) -> tuple[tuple[str, ...], ...]:
    """The stems of every phrase that names the slot; "number of beds" is also named by "beds"."""
    return _phrases(slot.called, slot.name, slot.cues)


def cue_phrases(slot: SlotDef) -> tuple[tuple[str, ...], ...]:
    """The stems of the slot's cues alone."""
    return tuple(filter(None, (stems(cue) for cue in slot.cues)))


def beside(slot: SlotDef, text: str, start: int, end: int) -> bool:
    """Does a cue or the label of the slot stand next to `text[start:end]`, in the same clause?"""
    phrases = slot_phrases(slot)
    longest = max(map(len, phrases), default=0)
    before = words_before(text, start, longest + _REACH)
    after = words_after(text, end, longest + 1)
    return any(_before(before, phrase, text, start) or _after(after, phrase, text, end) for phrase in phrases)


def _before(before: Sequence[Word], phrase: tuple[str, ...], text: str, start: int) -> bool:
    for stop in range(len(before), max(len(phrase), len(before) - _REACH) - 1, -1):
        if tuple(word.stem for word in before[stop - len(phrase) : stop]) == phrase:
            between = text[before[stop - 1].end : start].replace(":", " ")
            return same_clause(between, 0, len(between))
        if before[stop - 1].text not in _LINKS:
            return False
    return False


def _after(after: Sequence[Word], phrase: tuple[str, ...], text: str, end: int) -> bool:
    """The next word, or the one behind an adjective: "40 great people"."""
    for skipped in range(2):
        if find_phrase(after[skipped : skipped + len(phrase)], phrase) is None:
            continue
        bridge = "".join(word.text for word in after[:skipped])
        parts = bridge in {"and", "or"} or any(map(str.isdigit, bridge))
        return not parts and same_clause(text, end, after[skipped].start)
    return False


@lru_cache(maxsize=1024)
def _phrases(called: str, name: str, cues: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    named = dict.fromkeys((called, name.replace("_", " "), *cues))
    for phrase in tuple(named):
        counted = _COUNTED.sub("", phrase.lower()).strip()
        if counted:
            named[counted] = None
    return tuple(dict.fromkeys(filter(None, map(stems, named))))
