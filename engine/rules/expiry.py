"""H. Time is over: runs that end without a word, and what the customer hears of it when they write again (S8, S9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from engine.conversation import Gone
from engine.draft import Draft
from engine.frame import Frame
from engine.heard import Hearing
from engine.question import PendingKind
from engine.readers.answer import Answer, read_answer
from engine.rules.ambiguity import menu
from engine.rules.given import Given
from engine.rules.last_time import offer_anew
from engine.rules.registry import Stage, rule
from engine.timers import expires_after_s, groups, offer_ttl_s

EXPIRED = "expired"
UNANSWERED = "offer_unanswered"
_ABANDONED = "abandoned"


@rule("S8.silence", Stage.DUE, 10)
def nobody_answered_the_offer(draft: Draft, hearing: Hearing) -> bool:
    """The offered run is archived; nothing is sent."""
    offered = draft.pending is not None and draft.pending.kind is PendingKind.RESUME_OFFER
    if not offered or not draft.stack or not _over(draft, offer_ttl_s(draft.stack, draft.book)):
        return False
    _end(draft, groups(draft.stack)[-1], UNANSWERED)
    return True


@rule("S9", Stage.DUE, 20)
def runs_expire(draft: Draft, hearing: Hearing) -> bool:
    """Every run whose time is over is archived, each by its flow's own time; nothing is sent."""
    over = [group for group in groups(draft.stack) if _over(draft, expires_after_s(group[0], draft.book))]
    for group in over:
        _end(draft, group, EXPIRED)
    return bool(over)


def _over(draft: Draft, wait_s: float) -> bool:
    return draft.time.idle_since is not None and draft.now - draft.time.idle_since >= timedelta(seconds=wait_s)


def _end(draft: Draft, group: Sequence[Frame], reason: str) -> None:
    draft.pending = None
    for frame in reversed(group):
        draft.stack.remove(frame)
        draft.archive(frame, reason, _ABANDONED)
        if draft.question is not None and draft.question.run == frame.run:
            draft.question = None
    draft.time.gone.append(Gone(flow=group[0].flow, reason=reason, acted=any(frame.acted for frame in group)))


@rule("S9.told", Stage.INTAKE, 15, given=(Given.LAPSED,), consumed_too=True)
def it_has_expired(draft: Draft, hearing: Hearing) -> bool:
    """Said once, with the next message; a bare yes or no has nothing left to answer."""
    expired = [gone for gone in draft.time.gone if gone.reason == EXPIRED]
    if not expired or draft.silent:
        return False
    draft.time.gone = [gone for gone in draft.time.gone if gone.reason != EXPIRED]
    draft.speech.acks += [draft.line("expired", task=_task(draft, gone)) for gone in expired]
    if _answer(draft, hearing) is not None:
        _nothing_left(draft)
    return True


@rule("S8.late", Stage.INTAKE, 16, given=(Given.LAPSED,))
def the_offer_has_lapsed(draft: Draft, hearing: Hearing) -> bool:
    """A yes, typed or pressed, that comes too late is told so."""
    lapsed = [gone for gone in draft.time.gone if gone.reason == UNANSWERED]
    if not lapsed or not (hearing.stale or _answer(draft, hearing) is Answer.AFFIRM):
        return False
    for gone in lapsed:
        done = draft.line("was_done") if gone.acted else draft.line("nothing_done")
        draft.speech.acks.append(draft.line("offer_lapsed", task=_task(draft, gone), done=done))
    if not (draft.ended is not None and draft.ended.reason == UNANSWERED and offer_anew(draft, draft.ended)):
        _nothing_left(draft)
    return True


def _answer(draft: Draft, hearing: Hearing) -> Answer | None:
    """A yes or no that is the whole message."""
    read = read_answer(hearing.text, draft.reading)
    return None if read.rest or read.answer is Answer.UNSURE else read.answer


def _nothing_left(draft: Draft) -> None:
    if not draft.stack and draft.pending is None:
        draft.speech.acks.append(menu(draft))
        draft.done = draft.explained = True


def _task(draft: Draft, gone: Gone) -> str:
    flow = draft.book.current(gone.flow)
    return flow.definition.task if flow else gone.flow.replace("_", " ")
