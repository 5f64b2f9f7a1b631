"""A. Intake: who may be written to, what cannot be read, and a run whose flow has changed."""

from __future__ import annotations

from engine.archive import Reason
from engine.draft import Draft
from engine.frame import Frame
from engine.heard import Hearing
from engine.machine import Compiled
from engine.question import PendingKind
from engine.rules.given import Given
from engine.rules.registry import Stage, rule
from engine.versions import moved, still_awaited, still_open


@rule("R2", Stage.GATHER, 10)
def waiting_texts_are_one(draft: Draft, hearing: Hearing) -> bool:
    """Up to `join_waiting` texts that wait are read as one turn, in order; one reply answers all."""
    joined = min(draft.texts, draft.book.desk.join_waiting)
    if joined < 2:
        return False
    draft.joined = joined
    return True


@rule("X65", Stage.INTAKE, 5, given=(Given.ODD,))
def who_may_be_written_to(draft: Draft, hearing: Hearing) -> bool:
    """Opting out acts at once and is not answered; while it lasts only opting in is heard (C38). Runs stay. Who comes
    back while a person has the conversation is greeted by nobody else (H24)."""
    if hearing.consent is None and not draft.opted_out:
        return False
    if hearing.consent is not None:
        draft.opted_out = not hearing.consent
    draft.silent = draft.done = draft.opted_out or hearing.answered or draft.before.owner != "bot"
    return True


@rule("R3", Stage.INTAKE, 10, given=(Given.ODD,))
def unreadable(draft: Draft, hearing: Hearing) -> bool:
    """Say what can be read, then the open question; no try is counted."""
    if hearing.readable and not hearing.too_long:
        return False
    line = draft.line("too_long", max=draft.book.desk.max_input) if hearing.too_long else draft.line("please_type")
    draft.speech.acks.append(line)
    draft.unread += 1
    draft.done = draft.explained = True
    return True


@rule("R58", Stage.LOAD, 10)
def changed_flow(draft: Draft, hearing: Hearing) -> bool:
    """A run whose version nobody has any more goes on in the deployed one, with every answer that is still valid."""
    stale = [index for index, frame in enumerate(draft.stack) if draft.book.version(frame.version) is None]
    for index in reversed(stale):
        frame = draft.stack[index]
        current = draft.book.deployed(frame)
        if current is None:
            _stop(draft, index)
            continue
        there = moved(frame, current)
        if there is None:
            _stop(draft, index)
            continue
        draft.stack[index] = there
        _keep_open(draft, there, current)
        draft.speech.acks.append(draft.line("improved", current))
    return bool(stale)


def _keep_open(draft: Draft, frame: Frame, flow: Compiled) -> None:
    """What the run was asked, and the result it waits for, find it where it is now."""
    if draft.question is not None and draft.question.run == frame.run:
        draft.question = draft.committed = still_open(draft.question, flow)
    if draft.waiting is not None and draft.waiting.run == frame.run:
        draft.waiting = still_awaited(draft.waiting, flow)


def _stop(draft: Draft, index: int) -> None:
    if draft.pending is not None and draft.pending.kind is PendingKind.RESUME_OFFER and index == len(draft.stack) - 1:
        draft.pending = None  # nobody can carry on with what is gone
    frame = draft.stack.pop(index)
    if draft.question is not None and draft.question.run == frame.run:
        draft.question = None
    draft.archive(frame, Reason.FAILED, "failed")
    said = draft.book.line  # as the desk words it: the run below may be of a flow that is gone, too
    done = said("was_done" if frame.acted else "nothing_done")
    draft.speech.acks.append(said("flow_gone", task=frame.flow.replace("_", " "), done=done))
