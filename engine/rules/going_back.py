"""G. Going back: to the last question, or to the one that is named."""

from __future__ import annotations

from engine.draft import Draft
from engine.forgetting import gone_back
from engine.heard import Hearing
from engine.places import last_asked, named
from engine.readers.control import Control
from engine.rules.given import Given
from engine.rules.registry import Stage, rule


@rule("R55", Stage.CONTROL, 30, given=(Given.RUN, Given.CONTROL))
def back(draft: Draft, hearing: Hearing) -> bool:
    """To the last asked state of this run since its checkpoint (W11), or to `to`; answers asked from there on are
    forgotten. What else the message says is heard there."""
    control = hearing.control
    if control is None or control.control is not Control.BACK or draft.top is None:
        return False
    frame, flow = draft.top, draft.flow
    target = named(flow, frame, control.to) if control.to else last_asked(flow, frame)
    draft.done = draft.explained = True
    if target is None:
        draft.speech.acks.append(draft.line("at_first"))
        return True
    old = frame.slots[flow.state(target).slot or ""]
    draft.stack[-1] = gone_back(flow, frame, target)
    draft.question = None
    draft.speech.lead = ("back_question", {"old": old.words}) if old.words else ("back_plain", {})
    draft.follow_up = control.rest
    return True
