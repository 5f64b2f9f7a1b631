"""Knowledge found by what a question means, over real HTTP: beside the words, never instead of them (S34, X57)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.knowledge import cut
from engine.ports import Quote
from gateway import embeddings as embeddings_
from gateway.breaker import MOST_FAILURES
from gateway.clock import SystemClock
from gateway.knowledge import Shelf
from gateway.meaning import VECTOR, ShelfMeaning
from gateway.stores.sqlite import SqliteStore
from tests.gateway.backend_double import Answering, BackendDouble, HangUp, Say, Silence, backend
from tests.gateway.embedding_double import LENGTH, NAME, embedded, embedding, hashed
from tests.gateway.kept_desk import run
from tests.gateway.model_double import KEY
from tests.gateway.opened_desk import talk, working

pytestmark = pytest.mark.anyio

TEXT = """# Delivery
Delivery takes three working days and costs $4.90.

# Warranty
Everything we sell has a warranty of 24 months.

# Parking
You find spaces for cars behind the house.
"""
TAUGHT = {"courier": "deliveri", "vehicl": "car", "vehicle": "car", "leave": "park"}
QUESTION = "what does the courier cost?"
FLOW = """frontdesk: 1
flow: wave
title: Wave
triggers: [wave back]
slots: {hand: {type: enum, values: {left: [], right: []}}, pin: {type: text, sensitive: true}}
states:
  which: {prompt: "Which hand?", slot: hand, next: secret}
  secret: {prompt: "Your secret word?", slot: pin, next: done}
  done: {prompt: "There.", terminal: true}
"""


def shelf(text: str = TEXT, flow: str | None = None) -> Shelf:
    return Shelf(passage for section in cut(text, "shop.md", flow) for passage in section.passages)


def places(quotes: tuple[Quote, ...]) -> list[str]:
    return [quote.source for quote in quotes]


async def answered(double: BackendDouble, folder: Path, *questions: str, text: str = TEXT) -> list[list[str]]:
    """What is found by meaning, by somebody who has learnt the texts."""
    store = await SqliteStore.open(folder / "desk.db", SystemClock())
    try:
        async with embedding(double.url) as model:
            meaning = ShelfMeaning(shelf(text), model, store.records, floor=0.5)
            await meaning.learn()
            return [places(await meaning.quote(question, None)) for question in questions]
    finally:
        await store.close()


def texts(double: BackendDouble) -> list[str]:
    return [text for asked in double.asked for text in asked.json["input"]]


async def test_S34_what_no_word_finds_is_found_by_its_meaning(tmp_path: Path) -> None:
    assert shelf().quote(QUESTION, None) == ()
    async with backend(otherwise=embedded(TAUGHT)) as double:
        assert await answered(double, tmp_path, QUESTION) == [["Delivery"]]
    first = double.asked[0]
    assert (first.target, first.header("authorization")) == ("/v1/embeddings", [f"Bearer {KEY}"])
    assert (first.json["model"], first.json["encoding_format"]) == (NAME, "float")
    assert texts(double)[0] == "Delivery\nDelivery takes three working days and costs $4.90."


@pytest.mark.parametrize(
    "question",
    [
        "who won the football match?",  # nothing is like it
        "what does the courier cost to Canada?",  # a word that narrows is nowhere
        "why is the courier slow?",  # no reason is told
        "how many couriers are there?",  # nor how many
    ],
)
async def test_S34_below_the_floor_or_without_the_fact_nothing_is_an_answer(question: str, tmp_path: Path) -> None:
    async with backend(otherwise=embedded(TAUGHT)) as double:
        assert await answered(double, tmp_path, question) == [[]]


async def test_S34_two_texts_that_disagree_are_both_found(tmp_path: Path) -> None:
    other = TEXT + "\n# Couriers\nDelivery takes three working days and costs $19.\n"
    taught = TAUGHT | {"couriers": "deliveri"}
    async with backend(otherwise=embedded(taught)) as double:
        (found,) = await answered(double, tmp_path, QUESTION.replace("courier", "courier delivery"), text=other)
    assert sorted(found) == ["Couriers", "Delivery"]


async def test_a_passage_is_embedded_once_however_often_the_desk_starts(tmp_path: Path) -> None:
    async with backend(otherwise=embedded(TAUGHT)) as double:
        await answered(double, tmp_path, QUESTION)
        assert len(texts(double)) == 4
        await answered(double, tmp_path, QUESTION)
        assert len(texts(double)) == 5
        await answered(double, tmp_path, QUESTION, text=TEXT.replace("24 months", "36 months"))
    assert texts(double)[5:] == ["Warranty\nEverything we sell has a warranty of 36 months.", QUESTION]


async def test_a_model_that_changes_its_length_makes_all_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.meaning.AGAIN_S", 0.0)
    async with backend(otherwise=embedded(TAUGHT)) as double:
        await answered(double, tmp_path, QUESTION)
        store = await SqliteStore.open(tmp_path / "desk.db", SystemClock())
        (first, *_) = await store.records.scan(VECTOR)
        await store.records.put(VECTOR, first.key, first.blob[:8])
        await store.close()
        assert await answered(double, tmp_path, QUESTION) == [["Delivery"]]


def said(*vectors: Sequence[float | None]) -> Say:
    return Say.json({"data": [{"index": at, "embedding": vector} for at, vector in enumerate(vectors)]})


@pytest.mark.parametrize(
    "rubbish",
    [
        HangUp(),
        Say(status=500),
        Say(status=429),
        Say(body=b"<html>"),
        Say(body=b'{"data": [{"index": 0, "embedding": [NaN, 1]}]}'),
        Say(body=b'{"data": [{"index": 0, "embedding": [1e999, 1]}]}'),
        said([0.0] * LENGTH),
        said([]),
        said(hashed("parking"), hashed("delivery")),
        said([1.0, 2.0]),
        said([None] * LENGTH),
        Say(body=b"[" * 10_000),
    ],
    ids=range(12),
)
async def test_F19_a_question_without_a_usable_vector_finds_nothing(rubbish: Answering, tmp_path: Path) -> None:
    async with backend(otherwise=embedded(TAUGHT)) as double:
        await answered(double, tmp_path)
        double.script[:] = [rubbish]
        assert await answered(double, tmp_path, QUESTION) == [[]]


async def test_F18_nobody_waits_for_a_slow_server_and_soon_it_is_left_alone() -> None:
    fates: list[str] = []
    async with (
        backend(otherwise=lambda asked: Silence()) as double,
        embedding(double.url, count=lambda fate, s: fates.append(fate)) as model,
    ):
        for _ in range(MOST_FAILURES + 1):
            assert await model.of(["hello"], within_s=0.05) is None
    assert fates == [*["late"] * MOST_FAILURES, "skipped"]
    assert len(double.asked) == MOST_FAILURES
    assert embeddings_.QUESTION_S <= 2.0


async def test_a_desk_answers_by_meaning_with_its_source_and_keeps_that_for_a_replay(tmp_path: Path) -> None:
    flows = _desk(tmp_path)
    async with (
        backend(otherwise=embedded(TAUGHT)) as double,
        working(tmp_path / "data", FLOWS_DIR=str(flows), **_named(double)) as (_, page, _),
    ):
        await _learnt(double, 3)
        told = await talk(page, "wave back", QUESTION, "and who won the football match?")
        assert "Delivery takes three working days and costs $4.90. (Source: Delivery)" in told[3]
        assert "Which hand?" in told[3]
        assert "can't help with that" in told[5]
    environ = {"FLOWS_DIR": str(flows), "FRONTDESK_DATA_DIR": str(tmp_path / "data")}
    again = await asyncio.to_thread(run, environ, "replay", f"web:site:{page.person}")
    assert (again.exit_code, "Delivery takes" in again.output) == (0, False), again.output


async def test_S24_a_card_number_and_an_answer_to_a_question_for_a_secret_do_not_leave(tmp_path: Path) -> None:
    flows = _desk(tmp_path)
    async with (
        backend(otherwise=embedded(TAUGHT)) as double,
        working(tmp_path / "data", FLOWS_DIR=str(flows), **_named(double)) as (_, page, _),
    ):
        await _learnt(double, 3)
        await talk(page, "wave back", "does the courier take 4111 1111 1111 1111?", "left", "is it swordfish?")
    asked = texts(double)[3:]
    assert len(asked) == 1
    assert "4111" not in asked[0]


async def test_a_desk_whose_embeddings_are_away_answers_by_words_and_says_who_is_away(tmp_path: Path) -> None:
    flows = _desk(tmp_path)
    async with (
        backend(otherwise=lambda asked: Say(status=401)) as double,
        working(tmp_path / "data", FLOWS_DIR=str(flows), **_named(double)) as (desk, page, _),
    ):
        told = await talk(page, "how much is delivery?", QUESTION)
        assert "(Source: Delivery)" in told[1]
        assert "(Source" not in told[3]
        assert not (await desk.health.look()).parts["embeddings"].ok


def _desk(folder: Path) -> Path:
    flows = folder / "flows"
    (flows / "wave").mkdir(parents=True)
    (flows / "wave" / "flow.yaml").write_text(FLOW, "utf-8")
    (flows / "knowledge").mkdir()
    (flows / "knowledge" / "shop.md").write_text(TEXT, "utf-8")
    return flows


def _named(double: BackendDouble) -> dict[str, str]:
    return {"OPENAI_API_KEY": KEY, "OPENAI_EMBEDDING_MODEL": NAME, "OPENAI_BASE_URL": f"{double.url}/v1"}


async def _learnt(double: BackendDouble, passages: int) -> None:
    async with asyncio.timeout(20):
        while len(texts(double)) < passages:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)
