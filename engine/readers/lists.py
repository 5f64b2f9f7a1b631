"""Lists: the items of a message as one value, and what it wants done with them (R18)."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

import msgspec

from engine.flow import SlotDef, SlotType
from engine.readers.corrections import set_aside, took_back
from engine.readers.reading import Found
from engine.readers.sentences import answer_span, trimmed
from engine.readers.words import clip, plain

_SPLIT = re.compile(r"\s{0,3}(?:,\s{0,3}(?:and|or)\s|[,;\n&+]|\s(?:and|as well as|plus)\s)\s{0,3}")
_VERB = re.compile(
    r"^(?:(?:please|also|and|then)\s){0,2}(?:add|remove|drop|delete|take off|only|just|also|include|without)\s{1,3}"
)
_REMOVE = re.compile(r"\b(?:remove|drop|delete|take (?:off|out|away)|without|leave out|no longer|not the)\b")
_SET = re.compile(
    r"^\W{0,3}(?:no,? )?(?:only|just|replace|change (?:it|that|them|the list) to)\b|\bonly\b[^,;]{0,40}$"
    r"|\bnothing but\b"
)
_APPEND = re.compile(r"\b(?:also|add|as well|too|in addition|plus|another|include|and then)\b")
_OPEN_TYPES = frozenset({SlotType.TEXT, SlotType.NAME})


class ListVerb(StrEnum):
    """What becomes of the items: `set_slot`'s `op`."""

    SET = "set"
    APPEND = "append"
    REMOVE = "remove"


def list_verb(text: str) -> ListVerb | None:
    """The verb of a message about a list, None when it has none: the caller then knows what to do (R18)."""
    folded = plain(clip(text))
    for verb, said in ((ListVerb.REMOVE, _REMOVE), (ListVerb.SET, _SET), (ListVerb.APPEND, _APPEND)):
        if said.search(folded):
            return verb
    return None


def find_list(
    slot: SlotDef, text: str, find_items: Callable[[SlotDef, str], list[Found]], *, asked: bool
) -> list[Found]:
    """All items of the text as one JSON list, each item once, in order. `find_items` reads the slot's item type."""
    items = _parts(text) if asked and is_open(slot) else find_items(item_slot(slot), text)
    kept: list[Found] = []
    for item in items:
        if kept and took_back(text[kept[-1].end : item.start]):
            kept.pop()
        if not set_aside(text, item.start):
            kept.append(item)
    if not kept:
        return []
    start, end = kept[0].start, kept[-1].end
    each_once = {msgspec.json.encode(item.value): item.value for item in kept}
    return [Found(value=list(each_once.values()), start=start, end=end, words=text[start:end])]


def item_slot(slot: SlotDef) -> SlotDef:
    """The slot of one item: without the list's bounds, which count items."""
    return msgspec.structs.replace(slot, type=slot.of or SlotType.TEXT, of=None, min=None, max=None)


def is_open(slot: SlotDef) -> bool:
    """Are the items free text, which only commas and "and" part?"""
    return item_slot(slot).type in _OPEN_TYPES and slot.pattern is None


def _parts(text: str) -> list[Found]:
    start, end = answer_span(text)
    folded = plain(text)
    if verb := _VERB.match(folded[start:end]):
        start += verb.end()
    cuts = [*_SPLIT.finditer(folded, start, end)]
    edges = zip([start, *(cut.end() for cut in cuts)], [*(cut.start() for cut in cuts), end], strict=True)
    spans = [trimmed(text, first, last) for first, last in edges if first < last]
    return [Found(value=text[a:b], start=a, end=b, words=text[a:b]) for a, b in spans if a < b]
