"""G. Control words: cancel, skip, restart, repeat, help; and the recap that may be asked for (S30)."""

from __future__ import annotations

from engine.beginning import start
from engine.draft import Draft
from engine.frame import Slot, SlotState
from engine.heard import Hearing
from engine.question import PendingKind
from engine.readers.control import RECAP, Control
from engine.recap import so_far
from engine.rules.filling import shown_with
from engine.rules.given import Given
from engine.rules.registry import Stage, rule
from engine.stopping import stop_top

_WITHDRAWN_BY_CANCEL = (
    PendingKind.RESTART,
    PendingKind.CLARIFICATION,
    PendingKind.STACK_FULL,
    PendingKind.PERSON,
    PendingKind.PERSON_MEANT,
)


def _said(hearing: Hearing, control: Control) -> bool:
    return hearing.control is not None and hearing.control.control is control


@rule("R51.question", Stage.SYSTEM, 10, given=(Given.SYSTEM, Given.CONTROL))
def cancel_withdraws_a_question(draft: Draft, hearing: Hearing) -> bool:
    """cancel at a clarification or a restart question withdraws only that question."""
    if not _said(hearing, Control.CANCEL) or draft.pending is None or draft.pending.kind not in _WITHDRAWN_BY_CANCEL:
        return False
    draft.pending = None
    draft.speech.acks.append(draft.line("kept_going"))
    draft.done = draft.explained = True
    return True


@rule("R51", Stage.CONTROL, 10, given=(Given.RUN, Given.CONTROL))
def cancel(draft: Draft, hearing: Hearing) -> bool:
    """Ends the frames from the top down to the first that was not called by another; what is below goes on (R46)."""
    if not _said(hearing, Control.CANCEL) or not draft.stack:
        return False
    stop_top(draft, "cancelled")
    draft.done = draft.explained = True
    return True


@rule("R52", Stage.CONTROL, 11, given=(Given.NO_RUN, Given.CONTROL))
def nothing_to_cancel(draft: Draft, hearing: Hearing) -> bool:
    """cancel with nothing active says so, and what can be done."""
    if not _said(hearing, Control.CANCEL) or draft.stack or draft.done:
        return False
    titles = ", ".join(flow.definition.title for flow in draft.book.flows)
    draft.speech.acks += [draft.line("nothing_open"), draft.line("menu", titles=titles)]
    draft.done = draft.explained = True
    return True


@rule("R53", Stage.CONTROL, 12, given=(Given.CONTROL,), consumed_too=True)
def and_then_this(draft: Draft, hearing: Hearing) -> bool:
    """ "Stop that, show my bill": both, in order."""
    if not _said(hearing, Control.CANCEL) or hearing.control is None or not hearing.control.rest.strip():
        return False
    draft.follow_up = hearing.control.rest
    return True


@rule("R54", Stage.CONTROL, 20, given=(Given.ASKED, Given.CONTROL))
def skip(draft: Draft, hearing: Hearing) -> bool:
    """An optional question is passed; a required one is explained."""
    asked = draft.asked
    if not _said(hearing, Control.SKIP) or asked is None:
        return False
    if asked.optional:
        skipped = Slot(state=SlotState.SKIPPED, turn=draft.turn, shown=shown_with(draft, asked))
        draft.put(len(draft.stack) - 1, asked.name, skipped)
        draft.speech.acks.append(draft.line("skipped"))
    else:
        why = asked.why or draft.line("person_instead" if draft.book.people else "no_person_here")
        draft.speech.notices.append(draft.line("required", label=asked.called, why=why))
    draft.done = draft.explained = True
    return True


@rule("R56.restart", Stage.CONTROL, 40, given=(Given.RUN, Given.CONTROL))
def restart(draft: Draft, hearing: Hearing) -> bool:
    """Asks once when answers would be lost; else begins anew."""
    if not _said(hearing, Control.RESTART) or draft.top is None:
        return False
    draft.done = draft.explained = True
    if not any(slot.settled for slot in draft.top.slots.values()):
        _begin_anew(draft)
        return True
    text = draft.line("restart_sure", task=draft.flow.definition.task)
    draft.ask_system(PendingKind.RESTART, text)
    return True


@rule("R56.answer", Stage.SYSTEM, 30, given=(Given.SYSTEM,))
def restart_confirmed(draft: Draft, hearing: Hearing) -> bool:
    """yes: this frame anew, after an effect a new run; no: we go on."""
    pending = draft.pending
    if pending is None or pending.kind is not PendingKind.RESTART or not isinstance(hearing.pressed, bool):
        return False
    draft.pending = None
    draft.done = draft.explained = True
    if hearing.pressed and draft.top is not None:
        _begin_anew(draft)
    else:
        draft.speech.acks.append(draft.line("kept_going"))
    return True


def _begin_anew(draft: Draft) -> None:
    kind, flow = draft.stack[-1].kind, draft.flow
    flow = draft.book.current(flow.name) or flow
    draft.end("superseded", "cancelled")
    start(draft, flow, kind)
    draft.speech.acks.append(draft.line("restarted"))


@rule("S30", Stage.CONTROL, 48, given=(Given.RUN, Given.CONTROL))
def recap(draft: Draft, hearing: Hearing) -> bool:
    """ "Summarise so far": what is known and what is still open, then the question."""
    control = hearing.control
    if not _said(hearing, Control.REPEAT) or control is None or control.what != RECAP or draft.top is None:
        return False
    draft.speech.acks += so_far(draft)
    draft.done = draft.explained = True
    return True


@rule("R56.repeat", Stage.CONTROL, 50, given=(Given.RUN, Given.CONTROL))
def repeat(draft: Draft, hearing: Hearing) -> bool:
    """The last question with its choices; no action is repeated, no try counted."""
    if not _said(hearing, Control.REPEAT) or not draft.stack:
        return False
    draft.done = draft.explained = True
    return True


@rule("R56.help", Stage.CONTROL, 60, given=(Given.CONTROL,))
def help_(draft: Draft, hearing: Hearing) -> bool:
    """What works here, the control words, the person."""
    if not _said(hearing, Control.HELP):
        return False
    titles = ", ".join(flow.definition.title for flow in draft.book.flows)
    if draft.stack:
        draft.speech.acks.append(draft.line("help_in_run", task=draft.flow.definition.task))
        if draft.asked is not None and draft.asked.help:
            draft.speech.answers.append(draft.asked.help)
    else:
        draft.speech.acks.append(draft.line("help", titles=titles))
    draft.done = draft.explained = True
    return True
