"""The way to a model: a deadline, one second try, a breaker. Whatever goes wrong, rules go on.

1. `ask` never raises and ends within WITHIN_S for each of at most two tries (S16, F18).
2. What leaves is masked. What came back is not trusted: it is what its reader makes of it, or nothing (S24, F19, F20).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import msgspec
import structlog

from engine.model import Answered, ModelRequest, Phrasing, T, Understanding
from engine.prompts import Prompts
from gateway.breaker import Breaker

WITHIN_S = 4.0
"""For one try (S16)."""
TRIES = 2
MAX_ANSWER_TOKENS = 2000
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
    """The breaker was open."""


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """Which model reads, when, whether it phrases, by which prompts, and what no model may see (S24)."""

    name: str
    understanding: Understanding
    prompts: Prompts
    mask: Callable[[str], str]
    phrasing: Phrasing = Phrasing.AUTHOR


class ChatModel:
    """A model behind a chat-completions API, by its pinned name (X53). The engine's `Model`."""

    def __init__(self, line: Line, terms: Terms, watch: Watch | None = None, breaker: Breaker | None = None) -> None:
        self.name, self.understanding, self.prompts = terms.name, terms.understanding, terms.prompts
        self.phrasing = terms.phrasing
        self._mask = terms.mask
        self._line = line
        self._watch = watch or Watch()
        self._breaker = breaker or Breaker()

    def mask(self, text: str) -> str:
        """The text without what no model may see (S24)."""
        return self._mask(text)

    async def ask(self, request: ModelRequest, read: Callable[[str], T]) -> Answered[T] | None:
        """The answer; None when there is none in time, or nothing usable in two tries."""
        remark = ""
        for _ in range(TRIES):
            if not self._breaker.admits():
                self._watch.count(Fate.SKIPPED, 0.0)
                return None
            began = time.perf_counter()
            try:
                answer = await self._once(request, read, remark)
            except ModelFault as fault:
                self._failed(fault, time.perf_counter() - began)
                if fault.fate is Fate.REFUSED:
                    return None
                remark = str(fault) if fault.fate is Fate.UNUSABLE else ""
                continue
            self._worked(time.perf_counter() - began)
            return answer
        return None

    async def _once(self, request: ModelRequest, read: Callable[[str], T], remark: str) -> Answered[T]:
        try:
            async with asyncio.timeout(WITHIN_S):
                raw = await self._line.ask(_body(request.model or self.name, request, remark))
        except TimeoutError:
            raise ModelFault(Fate.LATE, f"no answer within {WITHIN_S:g} s") from None
        try:
            completion = _completion(raw)
            value = read(completion.text())
        except ValueError as fault:
            raise ModelFault(Fate.UNUSABLE, str(fault)) from None
        usage = completion.usage or _Usage()
        return Answered(
            value=value,
            model=completion.model or request.model or self.name,
            tokens_in=usage.prompt_tokens,
            tokens_out=usage.completion_tokens,
        )

    def _worked(self, seconds: float) -> None:
        if self._breaker.open:
            self._watch.report("")
        self._breaker.worked()
        self._watch.count(Fate.ANSWERED, seconds)

    def _failed(self, fault: ModelFault, seconds: float) -> None:
        was_open = self._breaker.open
        self._breaker.failed(at_once=fault.for_now)
        self._watch.count(fault.fate, seconds)
        _log.warning("the model gave no answer", fate=fault.fate.value, why=str(fault))
        if self._breaker.open and not was_open:
            self._watch.report(AWAY)


def _body(name: str, request: ModelRequest, remark: str) -> dict[str, Any]:
    """Built new for every try: a faulty answer is never sent back, only what was wrong with it (S18)."""
    told = [{"role": "system", "content": request.system}]
    if remark:
        told.append({"role": "system", "content": f"The answer before could not be used: {remark}. Answer once more."})
    body: dict[str, Any] = {
        "model": name,
        "messages": [*told, {"role": "user", "content": request.message}],
        "max_completion_tokens": MAX_ANSWER_TOKENS,
    }
    if request.schema:
        schema = {"name": request.purpose.value, "strict": True, "schema": request.schema}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return body


class _Message(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Message


class _Usage(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Completion(msgspec.Struct):
    choices: list[_Choice]
    model: str | None = None
    usage: _Usage | None = None

    def text(self) -> str:
        """Its words. Raises ValueError for none."""
        said = self.choices[0].message.content if self.choices else None
        if not said:
            raise ValueError("it says nothing")
        return said


def _completion(raw: bytes) -> _Completion:
    """The answer's envelope. Raises ValueError for anything else."""
    try:
        return msgspec.json.decode(raw, type=_Completion)
    except (msgspec.DecodeError, RecursionError):
        raise ValueError("it is no chat completion") from None
