"""I. "Same as last time": a whole run again, once the customer has seen what that means (S13, S8)."""

from __future__ import annotations

from typing import Any

from engine.draft import Draft
from engine.frame import Ended, FrameKind, Slot, SlotState, Source
from engine.heard import Hearing
from engine.machine import Compiled
from engine.memory import NOTHING, DoneRun
from engine.question import Pending, PendingKind
from engine.remembering import last_run, may_offer
from engine.rules.ambiguity import menu
from engine.rules.given import Given
from engine.rules.interruption import begin
from engine.rules.registry import Stage, rule
from engine.views import shown

_FLOW, _VALUES, _NAMED = "flow", "values", "named"
"""What the question keeps in `about`: the flow, its values, and whether the customer named it."""
_ANEW = "anew"
"""The values are of a run that ended unfinished: they are to be offered, not taken."""


@rule("S13", Stage.ROUTE, 1, given=(Given.LIKE_LAST,))
def the_same_again(draft: Draft, hearing: Hearing) -> bool:
    """The last run that was done, of the flow that is named, else of any: "Last time: {title}, {values}. The same?"""
    if not hearing.like_last or (draft.stack and not hearing.routes) or draft.pending is not None:
        return False
    named = hearing.routes[0].flow if hearing.routes else None
    run = last_run(draft.memory or NOTHING, named, draft.book)
    flow = draft.book.current(run.flow) if run is not None else None
    values = _again(draft, flow, run) if run is not None and flow is not None else {}
    if run is None or flow is None or (named and not values):
        return _no_last_time(draft, named)
    told = [_named(draft, flow, name, value) for name, value in values.items()]
    text = draft.line("last_time", values=", ".join((flow.definition.title, *told)))
    about = {_FLOW: flow.name, _VALUES: values, _NAMED: named is not None}
    draft.ask_system(PendingKind.MEMORY, text, kept=hearing.text, about=about)
    hearing.routes, hearing.task_words = (), ""
    draft.done = draft.explained = True
    return True


def _no_last_time(draft: Draft, named: str | None) -> bool:
    """Says so; a task that was named begins as for anybody, else the menu."""
    draft.speech.acks.append(draft.line("no_last_time"))
    draft.explained = True
    if named is None:
        draft.speech.acks.append(menu(draft))
        draft.done = True
    return True


def _again(draft: Draft, flow: Compiled, run: DoneRun) -> dict[str, Any]:
    """Of that run's values, in the file's order, those that may be offered (S12)."""
    memory, slots = draft.memory or NOTHING, flow.definition.slots
    return {
        name: run.values[name]
        for name, slot in slots.items()
        if name in run.values and may_offer(memory, flow.definition, slot, run.values[name])
    }


def _named(draft: Draft, flow: Compiled, name: str, value: Any) -> str:
    slot = flow.slot(name)
    return draft.line("recap_value", label=slot.called, value=shown(value, slot))


def offer_anew(draft: Draft, ended: Ended) -> bool:
    """S8: a yes that came too late may start anew, with those values as offers of memory."""
    flow = draft.book.current(ended.flow)
    if flow is None or draft.stack or draft.pending is not None:
        return False
    kept = {name: slot.value for name, slot in ended.slots.items() if slot.state is SlotState.FILLED}
    slots = flow.definition.slots
    values = {
        name: value
        for name, value in kept.items()
        if name in slots and may_offer(NOTHING, flow.definition, slots[name], value)
    }
    text = draft.line("start_anew", task=flow.definition.task)
    draft.ask_system(PendingKind.MEMORY, text, about={_FLOW: flow.name, _ANEW: values})
    draft.done = draft.explained = True
    return True


@rule("S13.yes", Stage.SYSTEM, 62, given=(Given.SYSTEM,))
def once_more(draft: Draft, hearing: Hearing) -> bool:
    """yes: a new run with those values; look-ups are made anew, and every bound confirmation is still asked."""
    pending = _open_question(draft.pending)
    flow = draft.book.current(pending.about[_FLOW]) if pending is not None else None
    if pending is None or flow is None or not (hearing.pressed is True or hearing.like_last):
        return False
    draft.pending = None
    _begin(draft, flow)
    offered = _ANEW in pending.about
    for name, value in pending.about[_ANEW if offered else _VALUES].items():
        state = SlotState.OFFERED if offered else SlotState.FILLED
        turn, at = (0, draft.now) if offered else (draft.turn, None)
        if name in flow.definition.slots and name not in draft.stack[-1].slots:
            draft.put(
                len(draft.stack) - 1, name, Slot(value=value, state=state, source=Source.MEMORY, turn=turn, at=at)
            )
    _hear_again(hearing, pending)
    return True


@rule("S13.no", Stage.SYSTEM, 63, given=(Given.SYSTEM,))
def not_again(draft: Draft, hearing: Hearing) -> bool:
    """no: a task that was named is asked from its beginning, without proposals; else the menu."""
    pending = _open_question(draft.pending)
    if pending is None or hearing.pressed is not False:
        return False
    draft.pending = None
    flow = draft.book.current(pending.about[_FLOW])
    if flow is not None and pending.about.get(_NAMED):
        draft.memory = NOTHING
        _begin(draft, flow)
        _hear_again(hearing, pending)
    else:
        draft.speech.acks.append(draft.line("kept_going") if draft.stack else menu(draft))
        draft.done = draft.explained = True
    return True


def _open_question(pending: Pending | None) -> Pending | None:
    return pending if pending is not None and pending.kind is PendingKind.MEMORY and _FLOW in pending.about else None


def _begin(draft: Draft, flow: Compiled) -> None:
    if draft.stack:
        task = draft.flow.definition.task
        draft.speech.acks.append(draft.line("first_this", old=task, new=flow.definition.task))
    begin(draft, flow, FrameKind.INTERRUPT if draft.stack else FrameKind.REGULAR)


def _hear_again(hearing: Hearing, pending: Pending) -> None:
    """What the request said besides is heard for the run that begins."""
    hearing.text, hearing.values, hearing.routes = pending.kept, [], ()
    hearing.pressed, hearing.like_last = None, False
