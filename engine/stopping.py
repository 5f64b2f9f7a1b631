"""A task ends before it is done: the run and those it called are archived, and the customer is told what was done."""

from __future__ import annotations

from engine.draft import Draft
from engine.frame import Frame, FrameKind
from engine.timers import groups


def stop_top(draft: Draft, reason: str) -> None:
    """The task on top, with what it called."""
    ended = [draft.end(reason, reason)]
    while ended[-1].kind is FrameKind.CALL and draft.stack:
        ended.append(draft.end(reason, reason))
    _tell(draft, ended)


def stop_lowest(draft: Draft, reason: str) -> None:
    """The task that waits longest, with what it called."""
    ended = [*reversed(groups(draft.stack)[0])]
    del draft.stack[: len(ended)]
    for frame in ended:
        draft.archive(frame, reason, reason)
    _tell(draft, ended)


def _tell(draft: Draft, ended: list[Frame]) -> None:
    """Which task it was, and whether something was done: what cannot be undone stays done, whichever run did it."""
    flow = draft.book.of(ended[-1])
    done = draft.line("was_done" if any(frame.acted for frame in ended) else "nothing_done")
    draft.speech.acks.append(draft.line("stopped", flow, task=flow.definition.task, done=done))
