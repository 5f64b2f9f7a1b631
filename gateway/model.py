"""The way to a model: a deadline, one second try, a breaker, caps. Whatever goes wrong, rules go on.

1. `ask` never raises and ends within WITHIN_S for each of its tries, and within the request's own time for all of them:
   a turn gives each what is left of its TURN_S (S16, F18).
2. What leaves is masked. What came back is not trusted: it is what its reader makes of it, or nothing (S24, F19, F20).
3. At most `at_once` questions are under way; who waits longer for its place than for an answer gives up (X54).
4. Tokens are counted once they were sent, answered or not; where a day's are used up nothing is sent (X54).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Protocol

import structlog

from engine.briefing import estimated
from engine.model import BEHIND_THE_REPLY, Answered, ModelRequest, Phrasing, T, Understanding
from engine.ports import NO_SPANS, Noted, Spans
from engine.prompts import Prompts
from gateway.breaker import Breaker
from gateway.completion import asked, read_completion
from gateway.modelvariables import AT_ONCE
from gateway.spending import Spending

WITHIN_S = 4.0
"""For one try, with the wait for its place (S16)."""
LEAST_S = 0.5
"""With less than this left of a turn's time it is not worth asking."""
BEHIND_SHARE = 4
"""Of the places for requests, the part that may be asked behind replies besides."""
AWAY = "the model does not answer well; rules go on"

_log = structlog.get_logger("model")


class Fate(StrEnum):
    """What became of one try."""

    ANSWERED = "answered"
    LATE = "late"
    AWAY = "away"
    """No connection, or an error of theirs."""
    REFUSED = "refused"
    """They want no such request: our key, our model's name, too many."""
    UNUSABLE = "unusable"
    """An answer that is not what was asked for."""
    SKIPPED = "skipped"
    """The breaker was open, or the turn has had all it may have."""
    CROWDED = "crowded"
    """Too many asked at once."""
    SPENT = "spent"
    """The day's tokens are used up."""


_NOT_ASKED = frozenset({Fate.SKIPPED, Fate.CROWDED, Fate.SPENT})
"""They say nothing of the model."""
_CHAT: dict[str, Noted] = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai"}
"""Of every call: the provider is whoever speaks OpenAI's API."""
_FINAL = _NOT_ASKED | {Fate.REFUSED}
"""A second try would change nothing."""


class ModelFault(Exception):
    """A try that came to nothing; the words name no secret and quote nobody."""

    def __init__(self, fate: Fate, why: str, *, for_now: bool = False) -> None:
        """`for_now`: they want no request at all, and a while will pass before that changes."""
        super().__init__(why)
        self.fate, self.for_now = fate, for_now


class Line(Protocol):
    """The way to a provider of models."""

    async def ask(self, body: dict[str, Any]) -> bytes:
        """One chat completion's JSON. Raises ModelFault only."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """Who is told how it goes: `count` of each try's fate and its seconds, `report` whether the part works."""

    count: Callable[[str, float], None] = lambda fate, seconds: None
    report: Callable[[str], None] = lambda note: None
    """Given AWAY when the breaker opens, "" when it works again."""
    tokens: Callable[[str, int, int], None] = lambda purpose, tokens_in, tokens_out: None
    """Told what each try used."""
    spans: Spans = NO_SPANS


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """Which model reads, when, whether it phrases, by which prompts, what is blacked out before it sees a text (S24),
    how many may ask it at once, and what it may cost."""

    name: str
    understanding: Understanding
    prompts: Prompts
    mask: Callable[[str], str]
    at_once: int = AT_ONCE
    spending: Spending | None = None
    """None: no cap."""
    phrasing: Phrasing = Phrasing.AUTHOR


class _Lane:
    """Requests that wait for one another and for nobody else: what is asked behind replies never costs a turn its
    answer, neither its place nor, when it goes wrong, the belief that the model answers."""

    def __init__(self, breaker: Breaker, places: int) -> None:
        self.breaker, self.places = breaker, asyncio.Semaphore(places)


class ChatModel:
    """A model behind a chat-completions API, by its pinned name (X53). The engine's `Model`."""

    def __init__(self, line: Line, terms: Terms, watch: Watch | None = None, breaker: Breaker | None = None) -> None:
        self.name, self.understanding, self.prompts = terms.name, terms.understanding, terms.prompts
        self.phrasing = terms.phrasing
        self._mask = terms.mask
        self._line = line
        self._watch = watch or Watch()
        self._spending = terms.spending
        self._in_turn = _Lane(breaker or Breaker(), terms.at_once)
        self._behind = _Lane(Breaker(), max(1, terms.at_once // BEHIND_SHARE))

    def mask(self, text: str) -> str:
        """The text without what no model may see (S24)."""
        return self._mask(text)

    async def ask(self, request: ModelRequest, read: Callable[[str], T]) -> Answered[T] | None:
        """The answer; None when there is none in time, nothing usable in two tries, or nothing left to spend."""
        remark, waited_s = "", 0.0
        for number in range(1, request.tries + 1):
            began = time.perf_counter()
            try:
                answer = await self._once(request, read, remark, request.within_s - waited_s)
            except ModelFault as fault:
                waited_s += self._ended(fault.fate, began)
                self._failed(fault, request)
                if fault.fate in _FINAL:
                    return None
                remark = str(fault) if fault.fate is Fate.UNUSABLE else ""
                continue
            waited_s += self._ended(Fate.ANSWERED, began)
            self._worked(request)
            return replace(answer, seconds=round(waited_s, 3), tries=number)
        return None

    async def _once(self, request: ModelRequest, read: Callable[[str], T], remark: str, left_s: float) -> Answered[T]:
        """One call, if it may be made. By the GenAI semantic conventions: gateway/tracing.py."""
        name, spans = request.model or self.name, self._watch.spans
        async with self._place(request, left_s) as within_s:
            with spans.of(f"chat {name}", **{"gen_ai.request.model": name, **_CHAT}, purpose=request.purpose.value):
                try:
                    answer = await self._called(asked(name, request, remark), request, read, within_s)
                except ModelFault as fault:
                    spans.note(**{"error.type": fault.fate.value})
                    raise
                spans.note(**_answered(answer))
                return answer

    @asynccontextmanager
    async def _place(self, request: ModelRequest, left_s: float) -> AsyncIterator[float]:
        """A place among those who ask, and the seconds that are left of the try's time and of the turn's."""
        lane, within_s, began = self._lane(request), min(WITHIN_S, left_s), time.perf_counter()
        if left_s < LEAST_S or lane.breaker.resting:
            raise ModelFault(Fate.SKIPPED, "it is not asked for now")
        try:
            async with asyncio.timeout(within_s):
                if self._spending and (refusal := await self._spending.refuses(request.person)):
                    raise ModelFault(Fate.SPENT, refusal)
                await lane.places.acquire()
        except TimeoutError:
            raise ModelFault(Fate.CROWDED, f"no place within {within_s:g} s") from None
        try:
            if not lane.breaker.admits():
                raise ModelFault(Fate.SKIPPED, "it is not asked for now")
            yield within_s - (time.perf_counter() - began)
        finally:
            lane.places.release()

    async def _called(
        self, body: dict[str, Any], request: ModelRequest, read: Callable[[str], T], within_s: float
    ) -> Answered[T]:
        used = estimated("".join(one["content"] for one in body["messages"])), 0
        try:
            async with asyncio.timeout(within_s):
                raw = await self._line.ask(body)
        except TimeoutError:
            await self._count(request, *used)
            raise ModelFault(Fate.LATE, f"no answer within {WITHIN_S:g} s") from None
        try:
            completion = read_completion(raw)
            used = completion.used(used[0])
            value = read(completion.text())
        except ValueError as fault:
            raise ModelFault(Fate.UNUSABLE, str(fault)) from None
        finally:
            await self._count(request, *used)
        return Answered(value=value, model=completion.model or body["model"], tokens_in=used[0], tokens_out=used[1])

    async def _count(self, request: ModelRequest, tokens_in: int, tokens_out: int) -> None:
        self._watch.tokens(request.purpose.value, tokens_in, tokens_out)
        if self._spending:
            await self._spending.add(request.person, tokens_in + tokens_out)

    def _ended(self, fate: Fate, began: float) -> float:
        """The seconds that a try took, told to whom they concern."""
        seconds = time.perf_counter() - began
        self._watch.count(fate, 0.0 if fate in _NOT_ASKED else seconds)
        return seconds

    def _lane(self, request: ModelRequest) -> _Lane:
        return self._behind if request.purpose in BEHIND_THE_REPLY else self._in_turn

    def _worked(self, request: ModelRequest) -> None:
        lane = self._lane(request)
        if lane.breaker.open and lane is self._in_turn:
            self._watch.report("")
        lane.breaker.worked()

    def _failed(self, fault: ModelFault, request: ModelRequest) -> None:
        if fault.fate in _NOT_ASKED:
            return
        lane = self._lane(request)
        was_open = lane.breaker.open
        lane.breaker.failed(at_once=fault.for_now)
        _log.warning("the model gave no answer", fate=fault.fate.value, why=str(fault), purpose=request.purpose.value)
        if lane.breaker.open and not was_open and lane is self._in_turn:
            self._watch.report(AWAY)


def _answered(answer: Answered[T]) -> dict[str, Noted]:
    return {
        "gen_ai.response.model": answer.model,
        "gen_ai.usage.input_tokens": answer.tokens_in,
        "gen_ai.usage.output_tokens": answer.tokens_out,
    }
