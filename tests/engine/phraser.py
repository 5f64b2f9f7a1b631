"""A model of tests that only puts replies into words: what it says of each, and every request it was given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from engine.model import Answered, ModelRequest, Phrasing, Purpose, T, Understanding
from engine.prompts import Prompts
from tests.engine.adviser import PROMPTS


@dataclass
class Phraser:
    """`lines` in order, the last one again and again; None is no answer in time."""

    lines: Sequence[str | None]
    understanding: Understanding = Understanding.RULES
    phrasing: Phrasing = Phrasing.MODEL
    name: str = "phraser"
    prompts: Prompts = PROMPTS
    requests: list[ModelRequest] = field(default_factory=list)

    def mask(self, text: str) -> str:
        """What is masked here is easily seen."""
        return text.replace("4111111111111111", "****")

    async def ask(self, request: ModelRequest, read: Callable[[str], T]) -> Answered[T] | None:
        """The next line, as it would have come over the wire."""
        line = self.lines[min(len(self.phrased), len(self.lines) - 1)]
        self.requests.append(request)
        if line is None or request.purpose is not Purpose.PHRASING:
            return None
        try:
            return Answered(value=read(line), model=self.name)
        except ValueError:
            return None

    @property
    def phrased(self) -> list[ModelRequest]:
        """The requests about replies."""
        return [request for request in self.requests if request.purpose is Purpose.PHRASING]
