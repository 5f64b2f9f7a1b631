"""A stage whose model is real and whose turns are counted: calls, tokens and seconds."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from engine.message import Event, Reply
from engine.model import BEHIND_THE_REPLY, Answered, Model, ModelRequest, T, Understanding
from gateway.metrics import Metrics
from gateway.rehearsal.props import ScriptedModel
from gateway.rehearsal.stage import Stage


class Fates(Metrics):
    """Metrics of one evaluation: what became of each try to ask the model."""

    def __init__(self) -> None:
        super().__init__()
        self.counted: Counter[str] = Counter()

    def model(self, outcome: str, seconds: float) -> None:
        """A try came to an end."""
        super().model(outcome, seconds)
        self.counted[outcome] += 1


@dataclass(slots=True)
class Counts:
    """What one conversation cost."""

    turns: int = 0
    asking: int = 0
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: list[float] = field(default_factory=list)


class CountedModel(ScriptedModel):
    """The model behind it, except where a conversation file says itself what a model answers."""

    def __init__(self, model: Model, counts: Counts) -> None:
        super().__init__(prompts=model.prompts, name=model.name)
        self._model, self._counts = model, counts

    @property
    def understanding(self) -> Understanding:
        """As the settings say."""
        return self._model.understanding

    def mask(self, text: str) -> str:
        """As for customers."""
        return self._model.mask(text)

    async def ask(self, request: ModelRequest, read: Callable[[str], T]) -> Answered[T] | None:
        """Ask it, and count."""
        if self.answers:
            return await super().ask(request, read)
        if request.purpose in BEHIND_THE_REPLY:
            return None
        began = time.perf_counter()
        answered = await self._model.ask(request, read)
        counts = self._counts
        counts.calls += 1
        counts.seconds.append(round(time.perf_counter() - began, 4))
        if answered is not None:
            counts.tokens_in += answered.tokens_in
            counts.tokens_out += answered.tokens_out
        return answered


class CountedStage(Stage):
    """A stage that looks at each turn when it is over. A subclass of it names the model and the counts."""

    counts: Counts
    asks: Model

    async def __aenter__(self) -> Stage:
        """Open it, with the model in the place of the scripted one."""
        self.model = CountedModel(self.asks, self.counts)
        return await super().__aenter__()

    async def hear(self, events: Sequence[Event]) -> list[Reply]:
        """The next turn, counted if it is somebody's."""
        calls = self.counts.calls
        replies = await super().hear(events)
        if events:
            self.counts.turns += 1
            self.counts.asking += self.counts.calls > calls
        return replies


def counted(model: Model, counts: Counts) -> type[CountedStage]:
    """Such a stage for one conversation."""
    given = counts

    class OfThisOne(CountedStage):
        asks, counts = model, given

    return OfThisOne
