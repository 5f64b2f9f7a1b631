"""When the runs want a clock to ring: expiry (S9), a resume offer that nobody answers (S8), a gap (R57).

Everything counts from `idle_since`. Pure: the gateway keeps the due time and makes the tick.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from engine.book import Book
from engine.conversation import Conversation
from engine.flow import EXPIRES_AFTER_S, FlowDef
from engine.frame import Frame, FrameKind
from engine.question import PendingKind


def next_due(conversation: Conversation, book: Book) -> datetime | None:
    """The earliest time at which one of the conversation's runs ends by itself; None while none does."""
    since = conversation.idle_since or conversation.heard_at
    if not conversation.stack or since is None or _stands_still(conversation):
        return None
    waits = [expires_after_s(group[0], book) for group in groups(conversation.stack)]
    if conversation.pending is not None and conversation.pending.kind is PendingKind.RESUME_OFFER:
        waits.append(offer_ttl_s(conversation.stack, book))
    return since + timedelta(seconds=min(waits))


def _stands_still(conversation: Conversation) -> bool:
    paused = conversation.paused_at is not None or conversation.opted_out or conversation.owner != "bot"
    return paused or conversation.waiting is not None


def groups(stack: Sequence[Frame]) -> list[tuple[Frame, ...]]:
    """The tasks of a stack, bottom first: each run with those it called."""
    found: list[tuple[Frame, ...]] = []
    for frame in stack:
        if frame.kind is FrameKind.CALL and found:
            found[-1] = (*found[-1], frame)
        else:
            found.append((frame,))
    return found


def active(stack: Sequence[Frame]) -> Frame:
    """The run of the task on top: not what it called, but itself."""
    return next((frame for frame in reversed(stack) if frame.kind is not FrameKind.CALL), stack[0])


def expires_after_s(frame: Frame, book: Book) -> float:
    """How long a run may be silent."""
    flow = _definition(frame, book)
    return flow.expires_after_s if flow else EXPIRES_AFTER_S


def resume_after_s(stack: Sequence[Frame], book: Book) -> float:
    """The gap after which the active task is no longer gone on with unasked."""
    flow = _definition(active(stack), book)
    return (flow and flow.resume_after_s) or book.desk.resume_after_s


def offer_ttl_s(stack: Sequence[Frame], book: Book) -> float:
    """How long the offer to resume the active task stands."""
    flow = _definition(active(stack), book)
    return (flow and flow.resume_offer_ttl_s) or book.desk.resume_offer_ttl_s


def _definition(frame: Frame, book: Book) -> FlowDef | None:
    found = book.version(frame.version) or book.current(frame.flow)
    return found.definition if found else None
