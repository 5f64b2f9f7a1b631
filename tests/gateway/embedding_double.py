"""An embeddings server of tests: a text is the words in it, hashed; of a language it knows what a test teaches it."""

from __future__ import annotations

import hashlib
import math
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from engine.readers.inquiries import family, is_topical
from engine.readers.words import words
from gateway.embeddings import Embeddings
from gateway.model import Watch
from gateway.openailine import OpenAILine
from tests.gateway.backend_double import Answering, Asked, Say
from tests.gateway.model_double import KEY

NAME = "hashed-words-1"
LENGTH = 256


def hashed(text: str, taught: Mapping[str, str] | None = None) -> list[float]:
    """Its topic words and their triples of letters, each a place that is counted; words of a family share one, and
    `taught` words are the others that they stand for."""
    figures = [0.0] * LENGTH
    for word in words(text):
        if is_topical(word):
            stem = (taught or {}).get(word.text, word.stem)
            kin = min((stem, *family(stem)))
            for part, weight in ((kin, 1.0), *((stem[at : at + 3], 0.15) for at in range(len(stem) - 2))):
                figures[int(hashlib.blake2b(part.encode(), digest_size=4).hexdigest(), 16) % LENGTH] += weight
    length = math.sqrt(sum(figure * figure for figure in figures))
    return [figure / length for figure in figures] if length else [1.0, *figures[1:]]


def embedded(taught: Mapping[str, str] | None = None) -> Callable[[Asked], Answering]:
    """What the server answers: a vector for each text, the last text's first."""

    def answer(asked: Asked) -> Answering:
        texts: list[str] = asked.json["input"]
        rows: list[dict[str, Any]] = [
            {"object": "embedding", "index": at, "embedding": hashed(text, taught)} for at, text in enumerate(texts)
        ]
        return Say.json({"object": "list", "model": NAME, "data": rows[::-1], "usage": {"prompt_tokens": 1}})

    return answer


@asynccontextmanager
async def embedding(
    url: str, *, count: Callable[[str, float], None] = lambda fate, s: None
) -> AsyncIterator[Embeddings]:
    """The embedding model at this address."""
    line = OpenAILine(KEY, f"{url}/v1")
    try:
        yield Embeddings(line, NAME, str, Watch(count=count))
    finally:
        await line.close()
