"""What a model is asked in a job, and how its answer is read: built anew from what is stored (S18, S20)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

import msgspec

from engine.book import Book
from engine.briefing import Brief, Form, of_parts
from engine.conversation import Conversation
from engine.jobs import SummaryJob
from engine.model import Model, Purpose
from engine.prompts import DESK
from engine.summarising import SUMMARY, TALK, read_points, since_the_last, summary_schema, talk_of
from gateway.parts import Parts
from gateway.past import recent
from gateway.rows import encode, read_conversation
from handoff.document import Summary
from handoff.posts import NarrativeJob
from handoff.retelling import CASE, NARRATIVE, case_told, narrative_schema, read_told

LOOK_BACK = 40
"""Turns of the journal in which the last summary is looked for; it was written a few turns ago."""
LEAST_SAID = 3
"""Messages below which a question is not cut any more."""


@dataclass(slots=True)
class Question:
    """A request, and what makes an answer of a model's text: JSON in the one form it is kept in."""

    brief: Brief
    shape: Callable[[str], object]
    fault: str = ""
    """What was wrong with the form of the last answer."""

    def read(self, text: str) -> str:
        """The answer as it is kept. Raises ValueError with what is wrong with its shape."""
        try:
            value = self.shape(text)
        except ValueError as fault:
            self.fault = str(fault)
            raise
        self.fault = ""
        return encode(value).decode()


async def summary_question(job: SummaryJob, model: Model, parts: Parts, conversation: str) -> Question | None:
    """What was said since the last summary, and that one; None when even little of it is over the budget.

    The words come from the journal: the stored window is shorter than the turns between two summaries. May raise
    StoreAway.
    """
    turns = since_the_last(await recent(parts.records, conversation, turns=LOOK_BACK), job.new)
    stored = await parts.mailbox.peek(conversation)
    state = read_conversation(conversation, stored.state if stored else b"")
    said = talk_of(turns, parts.book, secrets=tuple(_secrets(state, parts.book)))
    values = {"guardrails": parts.book.desk.guardrails, "old": job.old, "new": job.new, "mark": _mark(job.id)}
    form = Form(purpose=Purpose.SUMMARY, parts=SUMMARY, schema=summary_schema(), last=TALK)
    for most in range(len(said), min(len(said), LEAST_SAID) - 1, -1):
        brief = of_parts(job.flow, model, {**values, "said": said[len(said) - most :]}, form)
        if brief.tokens <= parts.book.desk.prompt_budget:
            return Question(brief, read_points)
    return None


def narrative_question(job: NarrativeJob, model: Model, book: Book) -> Question | None:
    """The deterministic part of the summary, its older messages left out where it is too long (H74)."""
    form = Form(purpose=Purpose.NARRATIVE, parts=NARRATIVE, schema=narrative_schema(), last=CASE)
    summary = job.summary
    for most in range(len(summary.messages), 0, -1):
        values = {
            "guardrails": book.desk.guardrails,
            "language": summary.narrative.language,
            "case": case_told(_with_newest(summary, most)),
            "mark": _mark(job.id),
        }
        brief = of_parts(DESK, model, values, form)
        if brief.tokens <= book.desk.prompt_budget:
            return Question(brief, read_told)
    return None


def _with_newest(summary: Summary, most: int) -> Summary:
    return msgspec.structs.replace(summary, messages=summary.messages[-most:])


def _secrets(conversation: Conversation, book: Book) -> Iterator[str]:
    """What sensitive slots hold, wherever it is said again (S24)."""
    for frame in conversation.stack:
        flow = book.version(frame.version)
        for name, held in frame.slots.items():
            declared = flow.definition.slots.get(name) if flow else None
            if held.value is not None and (declared is None or declared.sensitive):
                yield str(held.value)


def _mark(job: str) -> str:
    return blake2b(job.encode(), digest_size=4).hexdigest()
