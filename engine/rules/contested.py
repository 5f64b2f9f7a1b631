"""B. Filling slots: words that could be meant for several slots."""

from __future__ import annotations

import re

from engine.draft import Draft
from engine.flow import SlotDef, SlotType
from engine.heard import Heard, Hearing
from engine.readers.corrections import correction_marker
from engine.readers.lists import list_verb
from engine.readers.small_words import SMALL_WORDS
from engine.readers.values import beside
from engine.readers.words import stems, words
from engine.rules.given import Given
from engine.rules.registry import Stage, rule


@rule("R16", Stage.VALUES, 30, given=(Given.SEVERAL,))
def one_span_one_slot(draft: Draft, hearing: Hearing) -> bool:
    """One span fits several slots: the asked one takes it, else the one whose label stands near it, else nobody."""
    contested: set[str] = set()
    for one in hearing.values:
        rivals = [other for other in hearing.values if other is not one and _overlap(one, other)]
        if rivals and not _wins(draft, hearing.text, one, rivals):
            contested.add(one.slot)
    for slot in contested:
        hearing.drop(slot)
    return bool(contested)


def _overlap(one: Heard, other: Heard) -> bool:
    return one.start < other.end and other.start < one.end


def _wins(draft: Draft, text: str, one: Heard, rivals: list[Heard]) -> bool:
    if any(_takes_back(draft, text, each) for each in (one, *rivals)):
        return _takes_back(draft, text, one)
    asked = next((each for each in (one, *rivals) if each.asked), None)
    if asked is not None:
        told = [each for each in (one, *rivals) if not each.asked and _told_by_name(draft, text, each)]
        loses = bool(told) and not _told_by_name(draft, text, asked) and _only_tells(draft, text, told)
        return one in told if loses else one.asked
    longer = all(one.end - one.start > rival.end - rival.start for rival in rivals)
    return longer or (_named(draft, text, one) and not any(_named(draft, text, rival) for rival in rivals))


def _told_by_name(draft: Draft, text: str, heard: Heard) -> bool:
    """Does the slot's own label or cue stand beside the value: "the budget is 40"?"""
    definition = draft.declared(heard.slot)
    return definition is not None and beside(definition, text, heard.start, heard.end)


def _only_tells(draft: Draft, text: str, told: list[Heard]) -> bool:
    """An open question takes any words, but not those that say nothing besides another slot's value and its name."""
    asked = draft.asked
    if asked is None or asked.type is not SlotType.TEXT or asked.pattern is not None:
        return True
    named = {stem for heard in told if (one := draft.declared(heard.slot)) for stem in _stems(one)}
    left = (
        word
        for word in words(text)
        if word.text not in SMALL_WORDS and word.stem not in named
        if not any(heard.start <= word.start < heard.end for heard in told)
    )
    return next(left, None) is None


def _stems(slot: SlotDef) -> tuple[str, ...]:
    return tuple(stem for phrase in (slot.called, slot.name.replace("_", " "), *slot.cues) for stem in stems(phrase))


def _takes_back(draft: Draft, text: str, heard: Heard) -> bool:
    """ "actually 12 people", "also mushrooms": about what is known, whatever open question would take the words."""
    index, asked = draft.known(heard.slot), draft.asked
    if index is None or heard.asked or asked is None:
        return False
    definition = draft.book.of(draft.stack[index]).slot(heard.slot)
    if definition.type is SlotType.LIST and list_verb(text) is not None:
        return True
    plain = (asked.type is SlotType.TEXT and asked.pattern is None) or definition.pattern is not None
    return correction_marker(text) is not None and (plain or _named(draft, text, heard))


def _named(draft: Draft, text: str, heard: Heard) -> bool:
    definition = draft.declared(heard.slot)
    named = (definition.called, *definition.cues) if definition is not None else ()
    return any(re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) for word in named)
