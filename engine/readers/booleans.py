"""Yes and no as slot values: only in answer to their question, or beside the slot's own words (R16)."""

from __future__ import annotations

from collections.abc import Sequence

from engine.flow import SlotDef
from engine.readers.answer import Answer, find_answer
from engine.readers.corrections import negated
from engine.readers.cues import cue_phrases, slot_phrases
from engine.readers.enums import find_choices
from engine.readers.questions import is_question
from engine.readers.reading import Found, Reading
from engine.readers.words import Word, find_phrase, words

_YES_KEYS = frozenset({"yes", "true"})
_NO_KEYS = frozenset({"no", "false"})


def find_booleans(slot: SlotDef, text: str, reading: Reading, *, asked: bool) -> list[Found]:
    """true or false. Asked: the answer of the message, or the slot's own words, said or denied. Not asked: only a cue
    of its author, for to name a thing is not to affirm it ("my printer is not working" answers no "does it work?")."""
    if not asked:
        return _named(text, cue_phrases(slot)) if slot.cues else []
    answered = find_answer(text, reading)
    if answered is not None and answered.answer is not Answer.UNSURE:
        start, end = answered.start, answered.end
        return [Found(value=answered.answer is Answer.AFFIRM, start=start, end=end, words=text[start:end])]
    if answered is not None:
        return []
    chosen = [
        Found(value=each.value in _YES_KEYS, start=each.start, end=each.end, words=each.words)
        for each in find_choices(slot, text)
        if each.value in _YES_KEYS | _NO_KEYS
    ]
    return chosen or (_named(text, slot_phrases(slot)) if slot.label or slot.cues else [])


def _named(text: str, phrases: Sequence[tuple[str, ...]]) -> list[Found]:
    """ "I want a shared ride" of a slot so called is a yes, "no shared ride" a no; a question is neither."""
    if is_question(text):
        return []
    every: tuple[Word, ...] = words(text)
    for phrase in phrases:
        if place := find_phrase(every, phrase):
            start, end = every[place[0]].start, every[place[1] - 1].end
            denied = negated(text, start) or (place[0] > 0 and every[place[0] - 1].text == "no")
            return [Found(value=not denied, start=start, end=end, words=text[start:end])]
    return []
