"""A model of tests: answers what it is told to, in order, and keeps every request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from engine.model import Answered, ModelRequest, Phrasing, T, Understanding
from engine.prompts import Prompts
from gateway.promptfolder import read_prompts

PROMPTS = read_prompts()


@dataclass
class Adviser:
    """`answers` are JSON objects; None is no answer in time. When they are used up, the last one is repeated."""

    answers: Sequence[dict[str, Any] | None]
    understanding: Understanding = Understanding.AUTO
    name: str = "adviser"
    prompts: Prompts = PROMPTS
    costs: tuple[int, int, float] = (0, 0, 0.0)
    """Tokens in and out, and seconds, of each answer."""
    tries: int = 1
    phrasing: Phrasing = Phrasing.AUTHOR
    requests: list[ModelRequest] = field(default_factory=list)

    def mask(self, text: str) -> str:
        """What is masked here is easily seen."""
        return text.replace("4111111111111111", "****")

    async def ask(self, request: ModelRequest, read: Callable[[str], T]) -> Answered[T] | None:
        """The next answer, as it would have come over the wire."""
        answer = self.answers[min(len(self.requests), len(self.answers) - 1)]
        self.requests.append(request)
        if answer is None:
            return None
        value = read(msgspec.json.encode(answer).decode())
        tokens_in, tokens_out, seconds = self.costs
        return Answered(
            value=value,
            model=self.name,
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            seconds=seconds,
            tries=self.tries,
        )

    @property
    def slots(self) -> list[str]:
        """The slots of the newest request."""
        return list(self.requests[-1].schema["properties"]["slots"]["properties"])


def reads_all(*answers: dict[str, Any] | None) -> Adviser:
    """A model that reads every message."""
    return Adviser(answers, Understanding.MODEL)
