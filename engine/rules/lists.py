"""B. Filling slots: lists, where a message says what becomes of the items."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from engine.draft import Draft
from engine.flow import SlotDef, SlotType
from engine.heard import Heard, Hearing
from engine.readers.lists import ListVerb, list_verb
from engine.readers.values import check
from engine.rules.given import Given
from engine.rules.registry import Stage, rule
from engine.views import shown


@rule("R18", Stage.VALUES, 35, given=(Given.AGAIN,))
def also_without_only(draft: Draft, hearing: Hearing) -> bool:
    """ "also", "add": append; "remove": remove; "only": replace. Without a verb a known list is replaced."""
    fired = False
    for heard in tuple(hearing.values):
        definition = _list_slot(draft, heard.slot)
        if definition is None:
            continue
        verb = list_verb(hearing.text)
        index = draft.known(heard.slot)
        held = draft.stack[index].slots[heard.slot].value if index is not None else None
        if verb is None or verb is ListVerb.SET or not isinstance(held, list):
            continue
        fired = True
        hearing.drop(heard.slot)
        items = _joined(held, heard.value, verb)
        if items or index is None:
            hearing.values.append(_whole(heard, definition, items))
            continue
        draft.empty(index, heard.slot)
        draft.speech.acks.append(draft.line("list_now", label=definition.called, items=draft.line("list_empty")))
        draft.explained = True
    return fired


def _list_slot(draft: Draft, name: str) -> SlotDef | None:
    definition = draft.declared(name)
    return definition if definition is not None and definition.type is SlotType.LIST else None


def _joined(held: list[Any], said: list[Any], verb: ListVerb) -> list[Any]:
    if verb is ListVerb.REMOVE:
        return [item for item in held if item not in said]
    return [*held, *(item for item in said if item not in held)]


def _whole(heard: Heard, definition: SlotDef, items: list[Any]) -> Heard:
    """The whole list as if it had been said; how many items it has is checked anew."""
    return replace(heard, value=items, words=str(shown(items, definition)), fault=check(definition, items))
