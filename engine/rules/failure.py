"""H. Failure and people: a person is asked for, an action fails, something goes wrong."""

from __future__ import annotations

from engine.draft import Draft
from engine.flow import HandoffDef, StateKind
from engine.frame import Frame
from engine.heard import Hearing
from engine.machine import Compiled
from engine.ports import ERROR
from engine.question import PendingKind
from engine.readers.control import Control
from engine.rules.given import Given
from engine.rules.registry import Stage, rule
from engine.walk import Need
from engine.wanted import Wanted

_FAILS_AT = (Need.LOOK_UP, Need.JUDGE, Need.DELEGATE, Need.STUCK)
ENOUGH_FAILURES = 2
"""Of one action in a row; then a person is called (spec/handoff.md section 6, `action_failure`)."""


@rule("R60", Stage.CONTROL, 5, given=(Given.CONTROL,))
def a_person_is_asked_for(draft: Draft, hearing: Hearing) -> bool:
    """In any state and slot (H96). Without a desk of persons: an honest line, and the question stays open."""
    if hearing.control is None or hearing.control.control is not Control.HUMAN:
        return False
    if draft.book.people:
        draft.want_person(Wanted(trigger="explicit_request", quote=hearing.text))
    else:
        draft.speech.acks.append(draft.line("no_person_here"))
    draft.explained = True
    return True


@rule("R60.state", Stage.ARRIVE, 5, given=(Need.HAND_OFF,), consumed_too=True)
def the_flow_wants_a_person(draft: Draft, hearing: Hearing) -> bool:
    """A `handoff` state. Without a desk of persons: an honest line, and the run ends."""
    frame = draft.top
    if frame is None or draft.walk is None or draft.walk.need is not Need.HAND_OFF:
        return False
    if frame.uncertain:
        draft.speech.notices.append(draft.line("unknown_effect"))
    if draft.book.people:
        draft.question = None
        draft.want_person(_by_state(draft.flow, frame))
        return True
    if not frame.uncertain:
        draft.speech.notices.append(draft.line("no_person"))
    draft.end("gave_up", "failed")
    return True


def _by_state(flow: Compiled, frame: Frame) -> Wanted:
    """The flow's own step wants it, or the action before it that failed."""
    own = flow.state(frame.state).handoff or HandoffDef(reason="")
    failed = _failed_before(flow, frame)
    if failed:
        return Wanted(trigger="action_failure", reason=own.reason, queue=own.queue, about=f"action:{failed}")
    return Wanted(trigger="flow_step", reason=own.reason, queue=own.queue, about="flow:active")


def _failed_before(flow: Compiled, frame: Frame) -> str:
    """The action whose error edge led here; "" when none did."""
    came_from = next(iter(frame.path[-2:-1] or frame.trail[-1:]), "")
    state = flow.state(came_from)
    return state.action or "" if state.kind is StateKind.ACTION and state.on_error == frame.state else ""


@rule("R59", Stage.ARRIVE, 6, given=_FAILS_AT, consumed_too=True)
def an_action_failed(draft: Draft, hearing: Hearing) -> bool:
    """No edge takes its failure: what cannot be reached, and what can be done. Slots stay; nothing is counted."""
    walk, frame = draft.walk, draft.top
    if walk is None or frame is None or walk.need not in _FAILS_AT:
        return False
    action = draft.failed or draft.flow.state(frame.state).action or ""
    what = action.replace("_", " ")
    if walk.need is not Need.STUCK and draft.failed:
        _unreachable(draft, frame, action)
        return True
    result = frame.results.get(frame.state)
    if walk.need is not Need.STUCK or result is None or result.outcome != ERROR:
        return False
    if not result.certain and draft.book.people:
        draft.question = None
        draft.speech.notices.append(draft.line("unknown_effect"))
        draft.want_person(Wanted(trigger="action_failure", about=f"action:{action}"))
        return True
    line = draft.line("cannot_reach", what=what) if result.certain else draft.line("unknown_effect")
    draft.speech.notices.append(line)
    draft.end("failed", "failed")
    return True


def _unreachable(draft: Draft, frame: Frame, action: str) -> None:
    """A look-up failed and no edge takes that: once may be chance, twice in a row calls a person."""
    count = frame.failures.get(action, 0) + 1
    draft.change(failures=frame.failures | {action: count})
    draft.speech.notices.append(draft.line("cannot_reach", what=action.replace("_", " ")))
    if draft.book.people and count >= ENOUGH_FAILURES:
        wanted = Wanted(
            trigger="action_failure", about=f"action:{action}", value=float(count), threshold=float(ENOUGH_FAILURES)
        )
        draft.want_person(wanted)


@rule("R10", Stage.ARRIVE, 10, given=_FAILS_AT, consumed_too=True)
def too_many_steps(draft: Draft, hearing: Hearing) -> bool:
    """More steps or actions than a turn may take, or no edge fits: back to where the turn began."""
    if draft.top is None or draft.walk is None or not (draft.overrun or draft.walk.need is Need.STUCK):
        return False
    why = "it passed more steps or actions than a turn may" if draft.overrun else "no edge leads on"
    draft.alert = f"flow {draft.flow.name} cannot go on from state {draft.top.state}: {why}"
    draft.speech.said.clear()
    draft.speech.notices.append(draft.line("went_wrong"))
    draft.back_to_before()
    if draft.book.people:
        draft.ask_system(PendingKind.PERSON, draft.line("offer_person"), about={"trigger": "engine_error"})
    return True
