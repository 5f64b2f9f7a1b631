"""What a resume offer does to the runs: it is put, taken or declined (S7, S8, R57)."""

from __future__ import annotations

from msgspec.structs import replace

from engine.draft import Draft
from engine.forgetting import awake
from engine.frame import Frame, SlotState
from engine.heard import Hearing
from engine.machine import Compiled
from engine.question import Pending, PendingKind
from engine.stopping import stop_top
from engine.timers import active
from engine.understand import values_in
from engine.views import shown, to_speech

_VALUES_NAMED = 2
"""Of a run whose flow has no phrase for its offer (S7)."""


def offered(draft: Draft) -> Pending | None:
    """The resume offer, while it is open."""
    pending = draft.pending
    return pending if pending is not None and pending.kind is PendingKind.RESUME_OFFER else None


def put_offer(draft: Draft, *, kept: str) -> None:
    """The run stays as it is: nothing is walked, looked up or asked behind the offer."""
    draft.ask_system(PendingKind.RESUME_OFFER, draft.line("resume_offer", resume=_phrase(draft)), kept=kept)
    draft.stopped = True


def carry_on(draft: Draft) -> None:
    """The runs go on as if they had never rested, but for what may have changed since."""
    draft.pending = None
    draft.stopped = False
    draft.time.idle_since = draft.now
    draft.stack = [_fresh(draft.book.of(frame), frame) for frame in draft.stack]
    draft.time.anew = {frame.run for frame in draft.stack}


def take_values(draft: Draft, hearing: Hearing, text: str) -> None:
    """Values of these words, for the runs on the stack; the rules of filling do the rest."""
    hearing.text, hearing.values = text, []
    for frame in reversed(draft.stack):
        found = values_in(draft, text, draft.book.of(frame))
        hearing.values += [heard for heard in found if hearing.of(heard.slot) is None]
    draft.explained = True


def decline(draft: Draft) -> None:
    """The offered task is archived, with what it called."""
    stop_top(draft, "declined")
    carry_on(draft)
    draft.done = draft.explained = True


def _phrase(draft: Draft) -> str:
    """S7: the flow's phrase when all it names is known and may be said; else the task and up to two values."""
    frame = active(draft.stack)
    flow = draft.book.of(frame)
    slots = flow.definition.slots
    hidden = {name for name, slot in slots.items() if slot.sensitive or slot.ask_only}
    known = awake(flow, frame)
    if flow.resume is not None:
        said = to_speech(flow.resume.names, flow.definition, known, frame.facts, draft.person)
        if flow.resume.names <= said.keys() - hidden:
            return flow.resume.render(said)
    held = [(name, slot.value) for name, slot in known.items() if slot.state is SlotState.FILLED]
    values = [str(shown(value, slots[name])) for name, value in held if name not in hidden][:_VALUES_NAMED]
    return flow.definition.task + (f" ({', '.join(values)})" if values else "")


def _fresh(flow: Compiled, frame: Frame) -> Frame:
    """W8, W12: look-ups are made again, but not the work of agents (S37); what was confirmed since the last effect is
    asked anew."""
    asked = {flow.state(name).slot for name in frame.path}
    given = {name for name in frame.slots if name in asked and flow.slot(name).ask_only}
    kept = {key: found for key, found in frame.lookups.items() if key.split(":", 1)[0] in flow.delegates}
    return replace(
        frame,
        lookups=kept,
        slots={name: slot for name, slot in frame.slots.items() if name not in given},
        ways=tuple(_fresh(flow, way) for way in frame.ways),
    )
