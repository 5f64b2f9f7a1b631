"""H. Failure and people: a person is asked for, an action fails, something goes wrong."""

from __future__ import annotations

from engine.draft import Draft
from engine.heard import Hearing
from engine.ports import ERROR
from engine.readers.control import Control
from engine.rules.registry import Stage, rule
from engine.walk import Need


@rule("R60", Stage.CONTROL, 5)
def a_person_is_asked_for(draft: Draft, hearing: Hearing) -> bool:
    """Without a desk of persons: an honest line, and the question stays open."""
    if hearing.control is None or hearing.control.control is not Control.HUMAN:
        return False
    draft.speech.acks.append(draft.line("no_person_here"))
    draft.done = draft.explained = True
    return True


@rule("R60.state", Stage.ARRIVE, 5, consumed_too=True)
def the_flow_wants_a_person(draft: Draft, hearing: Hearing) -> bool:
    """A `handoff` state without a desk of persons: an honest line, and the run ends."""
    if draft.top is None or draft.walk is None or draft.walk.need is not Need.HAND_OFF:
        return False
    draft.speech.notices.append(draft.line("unknown_effect" if draft.top.uncertain else "no_person"))
    draft.end("gave_up", "failed")
    return True


@rule("R59", Stage.ARRIVE, 6, consumed_too=True)
def an_action_failed(draft: Draft, hearing: Hearing) -> bool:
    """No edge takes its failure: what cannot be reached, and what can be done. Slots stay; nothing is counted."""
    walk, frame = draft.walk, draft.top
    if walk is None or frame is None:
        return False
    action = draft.flow.state(frame.state).action or ""
    what = action.replace("_", " ")
    if walk.need is Need.LOOK_UP and draft.failed:
        draft.speech.notices.append(draft.line("cannot_reach", what=what))
        return True
    result = frame.results.get(frame.state)
    if walk.need is not Need.STUCK or result is None or result.outcome != ERROR:
        return False
    line = draft.line("cannot_reach", what=what) if result.certain else draft.line("unknown_effect")
    draft.speech.notices.append(line)
    draft.end("failed", "failed")
    return True


@rule("R10", Stage.ARRIVE, 10, consumed_too=True)
def too_many_steps(draft: Draft, hearing: Hearing) -> bool:
    """More steps or actions than a turn may take, or no edge fits: back to where the turn began."""
    if draft.top is None or draft.walk is None or not (draft.overrun or draft.walk.need is Need.STUCK):
        return False
    draft.speech.said.clear()
    draft.speech.notices.append(draft.line("went_wrong"))
    draft.back_to_before()
    return True
