"""How much of the shipped knowledge is found, and what is left alone: `python -m tests.bench.knowledge [--misses]`.

In each line: of the questions that a text answers, how many are answered by it first (top-1) and how many by another;
of those that none answers, and of those that one nearly does, how many are left without an answer. Once by words alone,
and once with embeddings: those of a double on loopback that knows word families and no language, so that its figures
say that the parts work together, and nothing of a real model. With OPENAI_API_KEY and OPENAI_EMBEDDING_MODEL set, the
server of OPENAI_BASE_URL is asked instead, and the figures are its own, at a row of floors.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from engine.ports import Quote
from gateway.clock import SystemClock
from gateway.embeddings import Embeddings
from gateway.flowfolder import read_folder
from gateway.knowledge import Shelf
from gateway.meaning import ShelfMeaning
from gateway.openailine import OpenAILine
from gateway.stores.sqlite import SqliteStore
from tests.gateway.backend_double import backend
from tests.gateway.embedding_double import embedded, embedding
from tests.gateway.other_shipped_questions import HELD_OUT, HELD_OUT_UNANSWERED, NEAR_MISSES, UNANSWERED
from tests.gateway.shipped_questions import ANSWERED

FLOORS = (0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65)

Look = Callable[[str], Awaitable[tuple[Quote, ...]]]


@dataclass(kw_only=True)
class Score:
    """What became of the questions; `misses` is a line for each that did not go as it should."""

    right: int = 0
    wrong: int = 0
    asked: int = 0
    silent: int = 0
    unanswerable: int = 0
    near_silent: int = 0
    near: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def top_1(self) -> float:
        """The share of the answerable questions that are answered by the right text."""
        return self.right / self.asked

    @property
    def refused(self) -> float:
        """The share of the others that are left alone, near misses among them."""
        return (self.silent + self.near_silent) / (self.unanswerable + self.near)

    def __str__(self) -> str:
        return (
            f"top-1 {self.right}/{self.asked} ({self.top_1:.1%}), another text {self.wrong}; "
            f"unanswerable left alone {self.silent}/{self.unanswerable}, near misses {self.near_silent}/{self.near} "
            f"({self.refused:.1%})"
        )


def shipped() -> Shelf:
    """The knowledge of our own flows."""
    return Shelf(read_folder(None, {}, unset_ok=True).passages)


async def score(look: Look, *, held_out: bool = False) -> Score:
    """Ask everything of the set, or of the questions that were held out of it."""
    found = Score()
    answered, unanswered = (HELD_OUT, HELD_OUT_UNANSWERED) if held_out else (ANSWERED, UNANSWERED)
    for sources, questions in answered.items():
        for question in questions:
            found.asked += 1
            quotes = await look(question)
            first = quotes[0].source if quotes else ""
            found.right += first in sources.split("|")
            found.wrong += bool(first) and first not in sources.split("|")
            if first not in sources.split("|"):
                found.misses.append(f"{question} -> {first or 'nothing'}; should be {sources}")
    for question in unanswered:
        found.unanswerable += 1
        found.silent += await _silent(look, question, found)
    for question in () if held_out else NEAR_MISSES:
        found.near += 1
        found.near_silent += await _silent(look, question, found)
    return found


async def _silent(look: Look, question: str, found: Score) -> bool:
    quotes = await look(question)
    if quotes:
        found.misses.append(f"{question} -> {quotes[0].source}; should be nothing")
    return not quotes


def by_words(shelf: Shelf) -> Look:
    """The embedded look-up alone."""

    async def look(question: str) -> tuple[Quote, ...]:
        return shelf.quote(question, None)

    return look


@asynccontextmanager
async def with_embeddings(shelf: Shelf, embeddings: Embeddings, floor: float) -> AsyncIterator[Look]:
    """Words first; where they find nothing, meaning."""
    with tempfile.TemporaryDirectory() as folder:
        store = await SqliteStore.open(Path(folder) / "vectors.db", SystemClock())
        try:
            meaning = ShelfMeaning(shelf, embeddings, store.records, floor=floor)
            await meaning.learn()

            async def look(question: str) -> tuple[Quote, ...]:
                return shelf.quote(question, None) or await meaning.quote(question, None)

            yield look
        finally:
            await store.close()


async def with_double(shelf: Shelf, floor: float = 0.5) -> Score:
    """With embeddings of the double."""
    async with (
        backend(otherwise=embedded()) as double,
        embedding(double.url) as embeddings,
        with_embeddings(shelf, embeddings, floor) as look,
    ):
        return await score(look)


async def _main(*, misses: bool) -> None:
    shelf = shipped()
    _tell("words alone", await score(by_words(shelf)), misses=misses)
    _tell("held-out questions, words alone", await score(by_words(shelf), held_out=True), misses=misses)
    key, name = os.environ.get("OPENAI_API_KEY"), os.environ.get("OPENAI_EMBEDDING_MODEL")
    if not (key and name):
        _tell("with embeddings of a double", await with_double(shelf), misses=misses)
        return
    line = OpenAILine(key, os.environ.get("OPENAI_BASE_URL", "https://api.openai.com/v1"))
    for floor in FLOORS:
        async with with_embeddings(shelf, Embeddings(line, name, str), floor) as look:
            _tell(f"with {name}, floor {floor:g}", await score(look), misses=misses)
    await line.close()


def _tell(what: str, found: Score, *, misses: bool) -> None:
    lines: Sequence[str] = [f"  {miss}" for miss in found.misses] if misses else []
    sys.stdout.write("\n".join([f"{what}: {found}", *lines]) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="show each question that did not go as it should")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    asyncio.run(_main(misses=parser.parse_args().misses))
