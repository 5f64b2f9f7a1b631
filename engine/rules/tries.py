"""C. Validation and tries: a wrong answer, the second, the third, and what is offered then."""

from __future__ import annotations

from msgspec.structs import replace

from engine.draft import Draft
from engine.flow import SlotDef, SlotType
from engine.frame import SlotState
from engine.heard import Hearing
from engine.rules.given import Given
from engine.rules.registry import Stage, rule
from engine.walk import Need
from engine.wanted import Wanted

MOST_OFFERS = 2
"""Alternatives offered in a row; then a person, or the end."""


def _failed(draft: Draft, hearing: Hearing) -> SlotDef | None:
    """The asked slot, when the message was meant as its answer and cannot be used."""
    return None if draft.explained or draft.pending is not None else draft.asked


def _limit(draft: Draft, slot: SlotDef) -> int:
    return slot.retries or draft.flow.definition.retries or draft.book.desk.retries


def reason(draft: Draft, slot: SlotDef, fault: str) -> str:
    """Why an answer cannot be used: what its reader said, else the slot's own words, else what its type wants."""
    if fault:
        return fault
    if slot.error_msg:
        return slot.error_msg
    if slot.type is SlotType.BOOLEAN:
        return draft.line("yes_or_no")
    return draft.line("not_usable", label=slot.called)


@rule("R22", Stage.TRIES, 10, given=(Given.ASKED, Given.OPEN))
def enough_tries(draft: Draft, hearing: Hearing) -> bool:
    """At the last try: what else can be done. One more failure: shorter; a second: a person, or the run ends."""
    slot, frame = _failed(draft, hearing), draft.top
    if slot is None or frame is None or frame.tries + 1 < _limit(draft, slot):
        return False
    limit = _limit(draft, slot)
    offer_instead(draft, slot, Wanted(trigger="repeated_failure", quote=hearing.text, value=limit, threshold=limit))
    if draft.top is not None and draft.wanted is None:
        draft.change(tries=limit)
    return True


def offer_instead(draft: Draft, slot: SlotDef, wanted: Wanted) -> None:
    """What else can be done; the next time shorter; the time after that a person, or the run ends."""
    offers = draft.top.offers if draft.top else 0
    if offers >= MOST_OFFERS and draft.book.people:
        draft.want_person(replace(wanted, about=f"slot:{slot.name}"))
    elif offers >= MOST_OFFERS:
        _give_up(draft)
    else:
        line = "alternatives_short" if offers else "alternatives"
        draft.speech.notices += _alternatives(draft, slot, line)
        draft.change(offers=offers + 1)
        draft.speech.reworded = True
    draft.done = draft.explained = True


def _alternatives(draft: Draft, slot: SlotDef, line: str) -> list[str]:
    """What can be done instead; that nobody can take over is said plainly."""
    said = [draft.line(line, ways=_ways(draft, slot))]
    return said if draft.book.people else [*said, draft.line("no_person_here")]


def _ways(draft: Draft, slot: SlotDef) -> str:
    ways = [draft.line("way_again")]
    if draft.question and draft.question.choices:
        ways = [draft.line("way_pick")]
    if slot.optional:
        ways.append(draft.line("way_skip"))
    if draft.book.people:
        ways.append(draft.line("way_person"))
    ways.append(draft.line("way_stop"))
    return ", ".join(ways[:-1]) + " or " + ways[-1]


def _give_up(draft: Draft) -> None:
    frame = draft.top
    task = draft.flow.definition.task
    done = draft.line("was_done") if frame and frame.acted else draft.line("nothing_done")
    draft.speech.notices.append(draft.line("gave_up", task=task, done=done))
    draft.end("gave_up", "failed")


@rule("R21", Stage.TRIES, 20, given=(Given.ASKED, Given.OPEN, Given.TRIED))
def second_try(draft: Draft, hearing: Hearing) -> bool:
    """Other, richer words: the prompt's next wording, else `help`, else how to answer."""
    slot, frame = _failed(draft, hearing), draft.top
    if slot is None or frame is None or frame.tries < 1:
        return False
    _count(draft, hearing, slot)
    wordings = draft.person.wordings(draft.flow.prompts[frame.state])
    if len(wordings) < 2:
        draft.speech.notices.append(_richer(draft, slot))
        draft.speech.reworded = True
    return True


def _richer(draft: Draft, slot: SlotDef) -> str:
    if slot.help:
        return slot.help
    if draft.question and draft.question.choices:
        return draft.line("which_of", options=", ".join(choice.label for choice in draft.question.choices))
    return draft.line("just_send", label=slot.called)


@rule("R19", Stage.TRIES, 30, given=(Given.ASKED, Given.OPEN))
def first_try(draft: Draft, hearing: Hearing) -> bool:
    """The reason and the question, as one message."""
    slot = _failed(draft, hearing)
    if slot is None:
        return False
    _count(draft, hearing, slot)
    return True


def _count(draft: Draft, hearing: Hearing, slot: SlotDef) -> None:
    heard = hearing.of(slot.name)
    draft.speech.notices.append(reason(draft, slot, heard.fault if heard else ""))
    draft.change(tries=draft.top.tries + 1 if draft.top else 1)
    draft.done = draft.explained = True


@rule("R22.edges", Stage.ARRIVE, 20, given=(Need.ASK,), consumed_too=True)
def the_same_question_by_the_flows_own_edges(draft: Draft, hearing: Hearing) -> bool:
    """The flow's own edges led to this ask state once too often: the alternatives come with it, then as R22."""
    frame, walk = draft.top, draft.walk
    if frame is None or walk is None or walk.need is not Need.ASK:
        return False
    if not walk.backs:
        if frame.entries:
            draft.change(entries={})
        return False
    state = draft.flow.state(frame.state)
    slot = draft.flow.slot(state.slot or "")
    entries, limit = frame.entries.get(frame.state, 0), _limit(draft, slot)
    if state.loop or entries < limit:
        return False
    if entries < limit + MOST_OFFERS:
        draft.speech.notices += _alternatives(draft, slot, "alternatives_short" if entries > limit else "alternatives")
    elif draft.book.people:
        draft.question = None
        draft.want_person(Wanted(trigger="repeated_failure", about=f"slot:{slot.name}", value=entries, threshold=limit))
    else:
        _give_up(draft)
    return True


@rule("R20.reached", Stage.ARRIVE, 30, given=(Need.ASK,), consumed_too=True)
def why_it_was_refused(draft: Draft, hearing: Hearing) -> bool:
    """A refused value's step is reached: its reason comes with the question."""
    frame, walk = draft.top, draft.walk
    if frame is None or walk is None or walk.need is not Need.ASK:
        return False
    name = draft.flow.state(frame.state).slot or ""
    held = frame.slots.get(name)
    if held is None or held.state is not SlotState.REFUSED:
        return False
    draft.speech.notices.append(held.fault)
    draft.empty(len(draft.stack) - 1, name)
    return True
