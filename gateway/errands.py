"""One question to a model on behalf of a plan: made of its part and of data between marks, in time, and noted (S36)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any, Generic

import msgspec

from engine.briefing import Brief, Form, of_parts
from engine.delegation import Assignment, Errand
from engine.model import Answered, Model, Purpose, T, Understanding

MODEL_S = 8.0
"""For all tries of one question: rules do the task in what is left of its own deadline (S37)."""
IN_TIME = "there was no answer in time"
_MESSAGE = "agent_task"
"""The part that holds what is asked, as data."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question(Generic[T]):
    """What is asked: what for, by which part, with which texts to rest on, and how the answer must look.

    `read` raises ValueError with why an answer does not count, in words that quote nobody.
    """

    purpose: Purpose
    part: str
    texts: tuple[Mapping[str, str], ...] = ()
    values: Mapping[str, Any]
    schema: dict[str, Any]
    read: Callable[[str], T]


async def put(model: Model, question: Question[T], assignment: Assignment) -> T | None:
    """The answer; None where none came in time that counts. All that left is noted (S21)."""
    if model.understanding is Understanding.RULES:
        return None
    made = _composed(model, question, assignment)
    refusals = [IN_TIME]

    def read(text: str) -> T:
        try:
            return question.read(text)
        except ValueError as fault:
            refusals.append(str(fault))
            raise

    answered: Answered[T] | None = None
    try:
        async with asyncio.timeout(MODEL_S):
            answered = await model.ask(made.request, read)
    except TimeoutError:
        refusals.append(IN_TIME)
    assignment.note(
        Errand(
            task=assignment.task,
            model=answered.model if answered else made.request.model or model.name,
            parts=made.parts,
            payload=made.payload,
            refused="" if answered else refusals[-1],
            tokens_in=answered.tokens_in if answered else 0,
            tokens_out=answered.tokens_out if answered else 0,
        )
    )
    return answered.value if answered else None


def _composed(model: Model, question: Question[T], assignment: Assignment) -> Brief:
    """The agent's own part, then its input and texts between marks that no text can contain."""
    told = [assignment.task, assignment.input, *(one["text"] for one in question.texts)]
    mark = blake2b("\n".join(told).encode(), digest_size=6).hexdigest()
    values = {"input": assignment.input, "texts": question.texts, "mark": mark, **question.values}
    form = Form(purpose=question.purpose, parts=(question.part,), schema=question.schema, last=_MESSAGE)
    made = of_parts(assignment.flow, model, values, form)
    return replace(made, request=msgspec.structs.replace(made.request, person=assignment.person))


def read_as(text: str, type_: type[T]) -> T:
    """The JSON object that a model answered. Raises ValueError, in words that quote nobody."""
    try:
        return msgspec.json.decode(text, type=type_)
    except (msgspec.DecodeError, RecursionError):
        raise ValueError("it is not the JSON that was asked for") from None
