"""Words that name a task, and are no choice within it: "check my balance" is not about the checking account (R16)."""

from __future__ import annotations

from collections.abc import Iterable

from engine.flow import SlotDef
from engine.readers.enums import phrases
from engine.readers.reading import Found
from engine.readers.words import only, stems


def names_the_task(triggers: Iterable[str], slot: SlotDef, found: Found, text: str) -> bool:
    """Do the words of this choice stand in the task's own triggers, and nowhere in `text` as the choice is written?"""
    named = {stem for trigger in triggers for stem in stems(trigger)}
    if not named.issuperset(stems(found.words)):
        return False
    whole = f" {only(text)} "
    return not any(f" {only(phrase)} " in whole for phrase in phrases(slot).get(str(found.value), ()))
