"""The desk's texts found by what a question means: a vector for each, made once, kept in the deployment's own store.

1. A passage's vector is made once for each model and wording; later starts, and other processes, find it (X57: the
   index is the deployment's own store, and nobody else's).
2. Until every passage has its vector, and whenever a question gets none, words alone find what there is.
"""

from __future__ import annotations

import asyncio
import sys
from array import array
from collections.abc import Mapping, Sequence
from hashlib import blake2b

import structlog

from engine.errors import StoreAway
from engine.knowledge import Passage
from engine.ports import Quote
from engine.store import Records
from gateway.embeddings import BATCH, BATCH_S, Embeddings, Vector, likeness
from gateway.knowledge import Shelf

VECTOR = "vector"
"""The kind of record: a passage's figures, as little-endian float32."""
AGAIN_S = 60.0
"""Before passages without a vector are tried again."""
MOST_NEAR = 6
"""Passages that are looked at more closely."""

_log = structlog.get_logger("meaning")


class ShelfMeaning:
    """The engine's `Meaning` over a shelf."""

    def __init__(self, shelf: Shelf, embeddings: Embeddings, records: Records, *, floor: float) -> None:
        self._shelf, self._embeddings, self._records, self._floor = shelf, embeddings, records, floor
        self._vectors: Sequence[Vector] = ()

    async def quote(self, question: str, flow: str | None) -> tuple[Quote, ...]:
        """What answers it by meaning, not below the floor (S34)."""
        if not self._vectors:
            return ()
        found = await self._embeddings.of([question])
        if found is None or len(found[0]) != len(self._vectors[0]):
            return ()
        return self._shelf.quote_near(question, flow, await asyncio.to_thread(self._near, found[0]))

    async def learn(self) -> None:
        """Return once every passage has its vector, whatever goes wrong on the way."""
        while True:
            if await self._learnt():
                return
            await asyncio.sleep(AGAIN_S)

    async def _learnt(self) -> bool:
        texts = [_told(passage) for passage in self._shelf.passages]
        try:
            known = await self._kept(texts)
            for at in range(0, len(texts), BATCH):
                if not await self._made([text for text in texts[at : at + BATCH] if text not in known], known):
                    return False
        except StoreAway as away:
            _log.warning("vectors of the knowledge cannot be kept now", why=str(away))
            return False
        if len({len(vector) for vector in known.values()}) > 1:
            _log.warning("the embedding model gives vectors of another length than before; all are made anew")
            await self._forget(texts)
            return False
        self._vectors = [known[text] for text in texts]
        _log.info("knowledge is found by its meaning too", passages=len(texts), model=self._embeddings.name)
        return True

    async def _made(self, texts: Sequence[str], known: dict[str, Vector]) -> bool:
        if not texts:
            return True
        made = await self._embeddings.of(texts, within_s=BATCH_S)
        for text, vector in zip(texts, made or (), strict=False):
            known[text] = vector
            await self._records.put(VECTOR, self._key(text), _packed(vector))
        return made is not None

    async def _kept(self, texts: Sequence[str]) -> dict[str, Vector]:
        records = [(text, await self._records.get(VECTOR, self._key(text))) for text in texts]
        return {text: _unpacked(record.blob) for text, record in records if record is not None}

    async def _forget(self, texts: Sequence[str]) -> None:
        for text in texts:
            await self._records.drop(VECTOR, self._key(text))

    def _key(self, text: str) -> str:
        return blake2b(f"{self._embeddings.name}\n{text}".encode(), digest_size=16).hexdigest()

    def _near(self, question: Vector) -> list[tuple[int, float]]:
        """Places of passages above the floor, the most alike first."""
        alike = [(at, likeness(question, vector)) for at, vector in enumerate(self._vectors)]
        return sorted((one for one in alike if one[1] >= self._floor), key=lambda one: -one[1])[:MOST_NEAR]


class KeptMeaning:
    """Answers again what was answered once: of a kept conversation that is replayed (I13)."""

    def __init__(self, kept: Mapping[str, tuple[Quote, ...]]) -> None:
        self._kept = kept

    async def quote(self, question: str, flow: str | None) -> tuple[Quote, ...]:
        """What was answered then; nothing to what was not asked."""
        return self._kept.get(question, ())


def _told(passage: Passage) -> str:
    """A passage with the headings it stands under: without them "It is free." is about nothing."""
    return f"{passage.source}\n{passage.text}"


def _packed(vector: Vector) -> bytes:
    return vector.tobytes() if sys.byteorder == "little" else _swapped(vector).tobytes()


def _unpacked(blob: bytes) -> Vector:
    vector = array("f", blob)
    return vector if sys.byteorder == "little" else _swapped(vector)


def _swapped(vector: Vector) -> Vector:
    other = array("f", vector)
    other.byteswap()
    return other
