"""Texts as vectors, from the provider's embeddings API: a deadline, a breaker, and nothing is taken on trust."""

from __future__ import annotations

import asyncio
import math
import time
from array import array
from collections.abc import Callable, Sequence
from operator import mul
from typing import Any, Protocol, TypeAlias

import msgspec
import structlog

from gateway.breaker import Breaker
from gateway.model import Fate, ModelFault, Watch

QUESTION_S = 2.0
"""For the vector of a question, while a customer waits."""
BATCH_S = 30.0
"""For a batch of passages, while nobody waits."""
BATCH = 32
AWAY = "embeddings do not come; knowledge is found by its words alone"

Vector: TypeAlias = "array[float]"
"""Of length 1, so that the likeness of two is the sum of their products."""

_log = structlog.get_logger("embeddings")


class EmbeddingLine(Protocol):
    """The way to a provider of embeddings."""

    async def embed(self, body: dict[str, Any]) -> bytes:
        """The JSON of some texts' vectors. Raises ModelFault only."""
        ...


class Embeddings:
    """Asks one embedding model, by its pinned name, and masks what leaves (S24)."""

    def __init__(
        self,
        line: EmbeddingLine,
        name: str,
        mask: Callable[[str], str],
        watch: Watch | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        self.name = name
        self._line, self._mask = line, mask
        self._watch, self._breaker = watch or Watch(), breaker or Breaker()

    async def of(self, texts: Sequence[str], *, within_s: float = QUESTION_S) -> list[Vector] | None:
        """A vector for each text, in order; None when there are none in time. Never raises; asked once."""
        if not self._breaker.admits():
            self._watch.count(Fate.SKIPPED, 0.0)
            return None
        began = time.perf_counter()
        try:
            vectors = await self._once([self._mask(text) for text in texts], within_s)
        except ModelFault as fault:
            self._failed(fault, time.perf_counter() - began)
            return None
        if self._breaker.open:
            self._watch.report("")
        self._breaker.worked()
        self._watch.count(Fate.ANSWERED, time.perf_counter() - began)
        return vectors

    async def _once(self, texts: list[str], within_s: float) -> list[Vector]:
        body = {"model": self.name, "input": texts, "encoding_format": "float"}
        try:
            async with asyncio.timeout(within_s):
                raw = await self._line.embed(body)
        except TimeoutError:
            raise ModelFault(Fate.LATE, f"no vectors within {within_s:g} s") from None
        return read_vectors(raw, len(texts))

    def _failed(self, fault: ModelFault, seconds: float) -> None:
        was_open = self._breaker.open
        self._breaker.failed(at_once=fault.for_now)
        self._watch.count(fault.fate, seconds)
        _log.warning("no embeddings came", fate=fault.fate.value, why=str(fault))
        if self._breaker.open and not was_open:
            self._watch.report(AWAY)


def likeness(one: Vector, other: Vector) -> float:
    """The cosine of two vectors."""
    return float(sum(map(mul, one, other)))


class _Embedding(msgspec.Struct):
    index: int
    embedding: list[float]


class _Embedded(msgspec.Struct):
    data: list[_Embedding]


def read_vectors(raw: bytes, count: int) -> list[Vector]:
    """The vectors of an answer in the order of their texts. Raises ModelFault for any that cannot be used."""
    try:
        data = sorted(msgspec.json.decode(raw, type=_Embedded).data, key=lambda one: one.index)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise ModelFault(Fate.UNUSABLE, "it is no list of vectors") from None
    if [one.index for one in data] != list(range(count)):
        raise ModelFault(Fate.UNUSABLE, f"it has other vectors than those of the {count} texts")
    if len({len(one.embedding) for one in data}) != 1:
        raise ModelFault(Fate.UNUSABLE, "its vectors have different lengths")
    return [_unit(one.embedding) for one in data]


def _unit(figures: list[float]) -> Vector:
    length = math.sqrt(sum(map(mul, figures, figures)))
    if not math.isfinite(length) or length == 0:
        raise ModelFault(Fate.UNUSABLE, "a vector of it has no direction")
    return array("f", [figure / length for figure in figures])
