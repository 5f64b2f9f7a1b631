"""B. Filling slots: what a message's values do."""

from __future__ import annotations

import re

from engine.conversation import Loose
from engine.draft import Draft
from engine.flow import SlotDef, SlotType
from engine.frame import Slot, SlotState, Source
from engine.heard import Heard, Hearing
from engine.readers.values import ends_talk
from engine.rules.given import Given
from engine.rules.registry import Stage, rule
from engine.understand import values_in
from engine.views import shown

_ABOUT_ASKING = re.compile(r"\b(ask|question|questions|help|tell|talk|know)\b", re.IGNORECASE)
_NONE_WORDS = re.compile(r"\W*(none|nothing|n/?a|(i )?(do not|don'?t) have (one|any|it|that))\W*", re.IGNORECASE)


@rule("R13", Stage.VALUES, 10, given=(Given.NEW,))
def values_of_the_flow_being_started(draft: Draft, hearing: Hearing) -> bool:
    """A message that starts a flow is read for that flow's slots too, wherever in the sentence they stand."""
    begun = False
    for index, frame in enumerate(draft.stack):
        if frame.path:
            continue
        found = values_in(draft, hearing.text, draft.book.of(frame))
        hearing.values += [heard for heard in found if _unread(hearing, heard)]
        flow = draft.book.of(frame).definition
        for heard in [one for one in hearing.values if one.slot in flow.slots]:
            _give_way(draft, index, heard)
        begun |= _take_the_question(draft, index, hearing) or bool(found)
    return begun


def _take_the_question(draft: Draft, index: int, hearing: Hearing) -> bool:
    """A question is what a `takes: question` slot waits for, unless it only asks whether one may ask."""
    slot = draft.book.of(draft.stack[index]).takes
    if slot is None or not hearing.question or (hearing.bare and _ABOUT_ASKING.search(hearing.text)):
        return False
    source = Slot(value=hearing.text, source=Source.VOLUNTEERED, words=hearing.text, turn=draft.turn)
    draft.put(index, slot.name, source)
    hearing.question = False  # it is no aside any more
    return True


def _give_way(draft: Draft, index: int, heard: Heard) -> None:
    """What was known before the run began gives way to the message that begins it, without a word."""
    known = draft.stack[index].slots.get(heard.slot)
    if known is not None and not heard.fault and known.value != heard.value:
        draft.empty(index, heard.slot)


def _unread(hearing: Hearing, heard: Heard) -> bool:
    """Has nobody read this slot, nor the same words into another (R16)?"""
    used = any(one.model and one.value == heard.value for one in hearing.values)
    return hearing.of(heard.slot) is None and heard.slot not in hearing.read_by_model and not used


@rule("R14", Stage.VALUES, 20, given=(Given.VALUES,))
def only_its_own_question_fills_it(draft: Draft, hearing: Hearing) -> bool:
    """An `ask_only` slot takes only what answers its committed question (R14)."""
    bound = {heard.slot for heard in hearing.values if not _may_fill(draft, heard)}
    for slot in bound:
        hearing.drop(slot)
    return bool(bound)


def _may_fill(draft: Draft, heard: Heard) -> bool:
    definition = draft.declared(heard.slot)
    if definition is None or not definition.ask_only:
        return True
    return heard.asked and not heard.model and draft.question is draft.committed


@rule("R15", Stage.VALUES, 40, given=(Given.AGAIN,))
def the_same_value_again(draft: Draft, hearing: Hearing) -> bool:
    """Nothing special: never "changed"."""
    same = [heard.slot for heard in hearing.values if _is_same(draft, heard)]
    for slot in same:
        hearing.drop(slot)
    draft.explained |= bool(same)
    return bool(same)


def _is_same(draft: Draft, heard: Heard) -> bool:
    index = draft.holder(heard.slot, settled=True, within=heard.within)
    if index is None or heard.asked:
        return False
    return bool(draft.stack[index].slots[heard.slot].value == heard.value)


@rule("R11", Stage.VALUES, 60, given=(Given.VALUES,))
def fill(draft: Draft, hearing: Hearing) -> bool:
    """Valid values settle their slots, asked or not; unasked ones are acknowledged once (S4)."""
    filled = False
    for heard in [h for h in hearing.values if not h.fault]:
        index = draft.holder(heard.slot, settled=False, within=heard.within)
        if index is None and heard.asked:
            index = len(draft.stack) - 1
        if index is None:
            continue
        _settle(draft, index, heard)
        hearing.drop(heard.slot)
        filled = True
    draft.explained |= filled
    return filled


def source_of(heard: Heard) -> Source:
    """Where a value came from."""
    if heard.model:
        return Source.MODEL
    return Source.ASKED if heard.asked else Source.VOLUNTEERED


def shown_with(draft: Draft, asked: SlotDef) -> str:
    """The digest that the open question was put with, for an answer that is bound to it (R14)."""
    return draft.question.digest if draft.question and asked.ask_only else ""


def _settle(draft: Draft, index: int, heard: Heard) -> None:
    definition = draft.book.of(draft.stack[index]).slot(heard.slot)
    slot = Slot(
        value=heard.value,
        source=source_of(heard),
        words="" if definition.sensitive else heard.words,
        turn=draft.turn,
        shown=shown_with(draft, definition) if heard.asked else "",
    )
    draft.put(index, heard.slot, slot)
    if heard.asked:
        draft.speech.lead = None
    elif not definition.sensitive:
        draft.speech.got.append((definition.called, str(shown(heard.value, definition))))


@rule("R23", Stage.VALUES, 70, given=(Given.ASKED, Given.TRIED))
def a_valid_answer_ends_the_tries(draft: Draft, hearing: Hearing) -> bool:
    """Once the open question's slot is settled, `tries` and `clarify` begin anew."""
    asked = draft.asked
    if asked is None or draft.top is None:
        return False
    held = draft.top.slots.get(asked.name)
    frame = draft.top
    if (
        held is None
        or not held.settled
        or held.turn != draft.turn
        or asked.validate is not None
        or not (frame.tries or frame.clarify or frame.offers)
    ):
        return False
    draft.change(tries=0, clarify=0, offers=0)
    return True


@rule("R20", Stage.VALUES, 80, given=(Given.VALUES,))
def an_unasked_value_that_is_wrong(draft: Draft, hearing: Hearing) -> bool:
    """It waits as `refused`; the reason is said when its step is reached, and no try is counted."""
    refused = False
    for heard in [h for h in hearing.values if h.fault and not h.asked]:
        index = draft.holder(heard.slot, settled=False)
        if index is None:
            index = next(
                (i for i, f in enumerate(draft.stack) if heard.slot in draft.book.of(f).definition.slots), None
            )
        if index is None:
            continue
        slot = Slot(
            value=heard.value, state=SlotState.REFUSED, source=Source.VOLUNTEERED, turn=draft.turn, fault=heard.fault
        )
        draft.put(index, heard.slot, slot)
        hearing.drop(heard.slot)
        refused = draft.explained = True
    return refused


@rule("R12", Stage.VALUES, 90, given=(Given.LOOSE,))
def a_value_without_a_flow(draft: Draft, hearing: Hearing) -> bool:
    """A scope of this conversation takes it; else it waits by slot name, newest wins, for the next flow that has it."""
    proposed = [heard for heard in hearing.values if heard.model and not heard.fault and _homeless(draft, heard)]
    for heard in proposed:
        _keep(draft, heard)
        hearing.drop(heard.slot)
    draft.explained |= bool(proposed)
    if draft.stack:
        return bool(proposed)
    kept = bool(proposed)
    for flow in draft.book.flows:
        for heard in values_in(draft, hearing.text, flow, unmistakable=True):
            definition = flow.slot(heard.slot)
            if heard.fault or definition.ask_only or heard.slot in {one.slot for one in proposed}:
                continue
            slot = Slot(value=heard.value, source=Source.VOLUNTEERED, words=heard.words, turn=draft.turn)
            draft.loose[heard.slot] = Loose(slot=slot, at=draft.now)
            kept = True
    return kept


def _homeless(draft: Draft, heard: Heard) -> bool:
    return not any(heard.slot in draft.book.of(frame).definition.slots for frame in draft.stack)


def _keep(draft: Draft, heard: Heard) -> None:
    slot = Slot(value=heard.value, source=Source.MODEL, words=heard.words, turn=draft.turn)
    scope = next((one for one in _scopes(draft) if _shares(draft, one, heard.slot)), None)
    if scope is None:
        draft.loose[heard.slot] = Loose(slot=slot, at=draft.now)
    else:
        draft.scopes[scope] = draft.scopes.get(scope, {}) | {heard.slot: slot}


def _scopes(draft: Draft) -> list[str]:
    """The scopes of this conversation: of the runs on the stack, of the one that ended last, then all others."""
    flows = [draft.book.of(frame) for frame in reversed(draft.stack)]
    if draft.ended is not None and (ended := draft.book.current(draft.ended.flow)):
        flows.append(ended)
    near = [slot.scope for flow in flows for slot in flow.definition.slots.values() if slot.scope]
    return [*dict.fromkeys((*near, *draft.scopes))]


def _shares(draft: Draft, scope: str, name: str) -> bool:
    slots = (flow.definition.slots.get(name) for flow in draft.book.flows)
    return any(slot is not None and slot.scope == scope for slot in slots)


@rule("R17", Stage.VALUES, 95, given=(Given.OPTIONAL,))
def none_of_it(draft: Draft, hearing: Hearing) -> bool:
    """ "none", "I don't have one" for an optional slot, "no thanks" where a question was waited for: state `none`."""
    asked = draft.asked
    if asked is None or not asked.optional or asked.type is SlotType.BOOLEAN:
        return False
    asks_no_more = bool(asked.takes) and ends_talk(hearing.text, draft.reading)
    if not (asks_no_more or _NONE_WORDS.fullmatch(hearing.text)):
        return False
    none = Slot(state=SlotState.NONE, turn=draft.turn, words=hearing.text, shown=shown_with(draft, asked))
    draft.put(len(draft.stack) - 1, asked.name, none)
    if not asks_no_more:
        draft.speech.acks.append(draft.line("none_noted", label=asked.called))
    draft.explained = draft.done = True
    return True
