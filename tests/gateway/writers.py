"""A model of tests that writes notes and narratives: it can wait, stay away, lie, and keeps what it was asked."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from engine.model import Answered, ModelRequest, Phrasing, Purpose, T, Understanding
from engine.prompts import Prompts
from handoff.redaction import shielded
from tests.engine.adviser import PROMPTS

Answer = Mapping[str, Any] | str | None
"""JSON, a text that is none, or no answer."""

POINTS: Mapping[str, Any] = {
    "decisions": ["customer wants the money back"],
    "open_points": ["the order was not found yet"],
    "topics": ["a refund"],
    "mood": "unhappy",
}


@dataclass
class Writer:
    """`writes` makes the answer of a request; nothing is answered while `awake` is clear. It reads no messages."""

    writes: Callable[[ModelRequest], Answer]
    understanding: Understanding = Understanding.AUTO
    phrasing: Phrasing = Phrasing.AUTHOR
    name: str = "writer"
    prompts: Prompts = PROMPTS
    requests: list[ModelRequest] = field(default_factory=list)
    awake: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.awake.set()

    def mask(self, text: str) -> str:
        """As the real one does."""
        return shielded(text)

    async def ask(self, request: ModelRequest, read: Callable[[str], T]) -> Answered[T] | None:
        """The answer, once it is awake."""
        if request.purpose not in (Purpose.SUMMARY, Purpose.NARRATIVE):
            return None
        self.requests.append(request)
        await self.awake.wait()
        answer = self.writes(request)
        if answer is None:
            return None
        text = answer if isinstance(answer, str) else msgspec.json.encode(answer).decode()
        try:
            return Answered(value=read(text), model=self.name)
        except ValueError:
            return None


def notes(answer: Answer = POINTS) -> Writer:
    """Of summaries only."""
    return Writer(lambda request: answer if request.purpose is Purpose.SUMMARY else None)


def narrator(writes: Callable[[dict[str, str]], Answer]) -> Writer:
    """Of narratives only: `writes` gets the lines of the case by id."""
    return Writer(lambda request: writes(lines_of(request)) if request.purpose is Purpose.NARRATIVE else None)


def lines_of(request: ModelRequest) -> dict[str, str]:
    """The lines of a case, by id, as a model is told them."""
    return dict(re.findall(r"^\[([\w:]+)\] (.*)$", request.message, re.MULTILINE))


def statement(text: str, *refs: str) -> dict[str, Any]:
    """One statement."""
    return {"text": text, "evidence": list(refs)}


def narrative(
    headline: Mapping[str, Any], *situation: Mapping[str, Any], tried: tuple[Mapping[str, Any], ...] = ()
) -> dict[str, Any]:
    """A whole answer."""
    return {
        "headline": headline,
        "situation": list(situation),
        "tried": list(tried),
        "open_question": None,
        "suggested_next_action": None,
        "confidence": 0.8,
    }
