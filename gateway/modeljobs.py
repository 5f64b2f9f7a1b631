"""Model jobs on their way: asked beside everything else, behind the reply; what comes of them returns as an event.

1. No lease is held while a model is asked: the row stays in the outbox, due again only long after its deadline.
2. A job is asked at most TRIES times, the second time only where the first left nothing behind (a crash).
3. Its row leaves once its answer is in the inbox, or when it is given up. An answer has one id, however often it comes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

import structlog
from msgspec.structs import replace

from engine.errors import StoreAway
from engine.extraction import Consultation
from engine.jobs import JobAnswer, JobFate, SummaryJob, answer_event, answered_job
from engine.memory import person_key
from engine.message import Event
from engine.model import Model, Purpose
from engine.store import Grant
from gateway.parcels import Round
from gateway.parts import Parts
from gateway.questions import Question, narrative_question, summary_question
from gateway.rows import Job, Row, encode, read_conversation
from handoff.posts import NarrativeJob

TRIES = 2
JOB_WITHIN_S = 10.0
"""For one try, whatever the model's own deadlines are."""
AGAIN_AFTER_S = 30.0
"""A job without an answer by then died with its process."""

_log = structlog.get_logger("modeljobs")


class ModelJobs:
    """Asks models about the jobs of granted conversations. One per process."""

    def __init__(self, parts: Parts, take: Callable[[Event], Awaitable[None]]) -> None:
        """`take` is the door by which answers come in."""
        self._parts = parts
        self._take = take
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def see(self, id: str, row: Row, job: Job, round_: Round) -> None:
        """Begin a job whose turn it is; give up one that has no model any more, or was tried enough."""
        now, model = round_.now(), self._parts.model
        if row.due is not None and row.due > now:
            round_.wait(row.due)
        elif model is None or row.tries >= TRIES:
            self._parts.metrics.job(_purpose(job), JobFate.GIVEN_UP)
            round_.done.append(id)
        elif id not in self._tasks:
            due = now + timedelta(seconds=AGAIN_AFTER_S)
            round_.again.append((id, encode(replace(row, due=due, tries=row.tries + 1))))
            round_.wait(due)
            task = asyncio.create_task(self._asked(round_.grant.conversation, job, model))
            self._tasks[id] = task
            task.add_done_callback(partial(self._ended, id))

    async def finished(self) -> None:
        """Until every job that was begun has brought its answer."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def stop(self) -> None:
        """Leave what is under way: its rows are asked again when they are due."""
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _ended(self, id: str, task: asyncio.Task[None]) -> None:
        self._tasks.pop(id, None)
        if not task.cancelled() and (raised := task.exception()) is not None:
            _log.error("a model job raised", job=id, exc_info=raised)

    async def _asked(self, conversation: str, job: Job, model: Model) -> None:
        try:
            answer = await self._answer(conversation, job, model)
            await self._take(answer_event(answer, conversation=conversation, at=self._parts.clock.now()))
        except StoreAway:
            _log.warning("a model's answer could not be kept; its job is tried once more", job=job.id)

    async def _answer(self, conversation: str, job: Job, model: Model) -> JobAnswer:
        purpose = _purpose(job)
        began, now = time.perf_counter(), self._parts.clock.now()
        within_s = _within_s(job, now)
        if within_s <= 0:
            return JobAnswer(job=job.id, purpose=purpose, fate=JobFate.LATE)
        question = await self._question(conversation, job, model)
        if question is None:
            return JobAnswer(job=job.id, purpose=purpose, fate=JobFate.OVER_BUDGET)
        said, fate, answered = "", JobFate.AWAY, None
        name = model.name
        try:
            async with asyncio.timeout(within_s):
                request = replace(question.brief.request, person=await self._person(conversation))
                answered = await model.ask(request, question.read)
            if answered is not None:
                said, fate, name = answered.value, JobFate.USED, answered.model
        except TimeoutError:
            fate = JobFate.LATE
        asked = Consultation(
            model=name,
            parts=question.brief.parts,
            payload=question.brief.payload,
            purpose=purpose.value,
            said=said,
            tokens_in=answered.tokens_in if answered else 0,
            tokens_out=answered.tokens_out if answered else 0,
            seconds=answered.seconds if answered else 0.0,
        )
        return JobAnswer(
            job=job.id,
            purpose=purpose,
            answer=said,
            fate=fate,
            fault=question.fault,
            consulted=asked,
            latency_ms=round((time.perf_counter() - began) * 1000),
        )

    async def _person(self, conversation: str) -> str:
        """Whose day's share of the spending it is, as in the turns of the conversation (X54)."""
        stored = await self._parts.mailbox.peek(conversation)
        address = read_conversation(conversation, stored.state if stored else b"").address
        return person_key(address) if address else conversation

    async def _question(self, conversation: str, job: Job, model: Model) -> Question | None:
        match job:
            case SummaryJob():
                return await summary_question(job, model, self._parts, conversation)
            case NarrativeJob():
                return narrative_question(job, model, self._parts.book)


def answered_jobs(grant: Grant) -> frozenset[str]:
    """The jobs whose answers are in the inbox: their rows may leave."""
    return frozenset(job for id, _ in grant.inbox if (job := answered_job(id)))


def _purpose(job: Job) -> Purpose:
    return Purpose.SUMMARY if isinstance(job, SummaryJob) else Purpose.NARRATIVE


def _within_s(job: Job, now: datetime) -> float:
    """Seconds that are left for its answer."""
    if isinstance(job, SummaryJob):
        return JOB_WITHIN_S
    return min(JOB_WITHIN_S, (job.ends_at - now).total_seconds())
