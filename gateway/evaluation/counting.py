"""A stage whose model is real and whose turns are counted: calls, tokens, and questions that were asked twice."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from engine.conversation import Conversation
from engine.message import Event, Reply
from engine.model import Answered, Model, ModelRequest, T, Understanding
from gateway.metrics import Metrics
from gateway.rehearsal.props import ScriptedModel
from gateway.rehearsal.stage import Stage

REOPENS = frozenset({"R30", "R35", "R36", "R38", "R55", "S3", "S12"})
"""Rules that ask again because something was changed, doubted or taken back (P3)."""


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
    """What one conversation cost, and what was asked in it twice."""

    turns: int = 0
    asking: int = 0
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    reasks: int = 0
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
        began = time.perf_counter()
        answered = await self._model.ask(request, read)
        counts = self._counts
        counts.calls += 1
        counts.seconds.append(round(time.perf_counter() - began, 4))
        if answered is not None:
            counts.tokens_in += answered.tokens_in
            counts.tokens_out += answered.tokens_out
        return answered


class Reasks:
    """Sees a question that is put anew for a slot whose value was given in the same run (P3)."""

    def __init__(self) -> None:
        self._given: set[tuple[str, str]] = set()

    def happened(self, before: Conversation, after: Conversation, rules: Iterable[str]) -> bool:
        """Did it happen in this turn, though nothing was changed, doubted or taken back in it?"""
        question, was = after.question, before.question
        put = question is not None and (was is None or (was.run, was.slot) != (question.run, question.slot))
        again = put and question is not None and (question.run, question.slot) in self._given
        for frame in after.stack:
            held = {(frame.run, name) for name, slot in frame.slots.items() if slot.settled and slot.source != "memory"}
            self._given = {one for one in self._given if one[0] != frame.run} | held
        return again and REOPENS.isdisjoint(rule.partition(".")[0] for rule in rules)


class CountedStage(Stage):
    """A stage that looks at each turn when it is over. A subclass of it names the model and the counts."""

    counts: Counts
    asks: Model

    async def __aenter__(self) -> Stage:
        """Open it, with the model in the place of the scripted one."""
        self.model = CountedModel(self.asks, self.counts)
        self._reasks = Reasks()
        return await super().__aenter__()

    async def hear(self, events: Sequence[Event]) -> list[Reply]:
        """The next turn, counted if it is somebody's."""
        before, calls = await self.conversation(), self.counts.calls
        replies = await super().hear(events)
        if events:
            self.counts.turns += 1
            self.counts.asking += self.counts.calls > calls
            self.counts.reasks += self._reasks.happened(before, await self.conversation(), await self.rules())
        return replies


def counted(model: Model, counts: Counts) -> type[CountedStage]:
    """Such a stage for one conversation."""
    given = counts

    class OfThisOne(CountedStage):
        asks, counts = model, given

    return OfThisOne
