"""Model jobs: what a model is asked behind the reply. Each is a row of the outbox; its answer comes back as an event.

1. A job is committed with its turn and changes nothing by itself; what code wrote stands until an answer has passed.
2. An answer changes only what its job was made for: where that is gone, or newer, the answer is noted and dropped.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from engine.course import Summary
from engine.extraction import Consultation
from engine.message import Event, EventKind
from engine.model import Purpose

_PREFIX = "answer:"


class SummaryJob(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="summary_job"):
    """The rolling summary `new`, which code wrote, is to be written better; `old` is the one before it (S19)."""

    id: str
    new: Summary
    old: Summary | None = None
    flow: str = ""
    """Whose wording of the prompt's parts counts; "": the desk's."""


class JobFate(StrEnum):
    """What became of a job."""

    USED = "used"
    REFUSED = "refused"
    """Its answer did not pass."""
    AWAY = "away"
    """No answer, or none that could be read."""
    LATE = "late"
    OVER_BUDGET = "over_budget"
    """It was not asked: the question is too long (S20)."""
    MOVED_ON = "moved_on"
    """What it was made for has changed meanwhile, or is no more."""
    GIVEN_UP = "given_up"
    """It was tried twice, and nobody knows what came of it."""


class JobAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came of a job: `answer` is the JSON that was read of it, "" where there was none, and `fate` says why."""

    job: str
    purpose: Purpose
    answer: str = ""
    fate: JobFate = JobFate.AWAY
    fault: str = ""
    """What was wrong with the form of an answer."""
    consulted: Consultation | None = None
    latency_ms: int = 0


_ANSWER = msgspec.json.Decoder(JobAnswer)


def answer_event(answer: JobAnswer, *, conversation: str, at: datetime) -> Event:
    """The event that brings it to the conversation. A repeat has the same id, and so changes nothing (R1)."""
    return Event(
        id=_PREFIX + answer.job,
        conversation=conversation,
        kind=EventKind.MODEL_RESULT,
        at=at,
        addressed=False,
        fields={"answer": msgspec.json.encode(answer).decode()},
    )


def answer_in(event: Event) -> JobAnswer:
    """What such an event brings. Raises msgspec.ValidationError for any other."""
    return _ANSWER.decode(event.fields.get("answer", ""))


def answered_job(event_id: str) -> str:
    """The id of the job that this event answers; "" for other events."""
    return event_id.removeprefix(_PREFIX) if event_id.startswith(_PREFIX) else ""
