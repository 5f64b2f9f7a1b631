"""What a model may cost: a day's tokens of a person and of the desk, counted where all processes see them (X54)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import msgspec
import pytest
import structlog

from engine.errors import StoreAway
from engine.extraction import Extraction, read_extraction
from engine.model import Answered, Purpose
from engine.store import Record, Records
from gateway import model as models
from gateway.clock import SystemClock
from gateway.metrics import Metrics
from gateway.model import ChatModel, Fate
from gateway.spending import DESK, SPENDING, USED_UP, Caps, Spending, Spent
from gateway.stores.sqlite import SqliteStore
from gateway.telemetry import PEOPLE
from tests.gateway import model_double
from tests.gateway.backend_double import Silence, backend
from tests.gateway.model_double import REQUEST, asking, completion
from tests.gateway.opened_desk import talk, working

pytestmark = pytest.mark.anyio

SIXTY = completion("{}", prompt_tokens=50, completion_tokens=10, total_tokens=60)


class Days:
    """The desk's calendar, turned by hand."""

    def __init__(self) -> None:
        self.day = date(2026, 3, 2)

    def __call__(self) -> date:
        return self.day


@asynccontextmanager
async def counted(folder: Path) -> AsyncIterator[Records]:
    """The records of a desk's store."""
    store = await SqliteStore.open(folder / "desk.db", SystemClock())
    try:
        yield store.records
    finally:
        await store.close()


async def tokens_of(records: Records, key: str) -> int:
    """What the store has under a key."""
    stored = await records.get(SPENDING, key)
    return msgspec.json.decode(stored.blob, type=Spent).tokens if stored else 0


async def ask(model: ChatModel, person: str = "dove:loft:ada") -> Answered[Extraction] | None:
    """One person's question."""
    return await model.ask(msgspec.structs.replace(REQUEST, person=person), read_extraction)


async def test_X54_at_the_desks_cap_nobody_is_asked_until_its_next_day(tmp_path: Path) -> None:
    days, notes, fates = Days(), list[str](), list[str]()
    async with counted(tmp_path) as records, backend(otherwise=lambda asked: SIXTY) as double:
        spending = Spending(records, Caps(desk=100), days, notes.append)
        count = lambda fate, seconds: fates.append(fate)  # noqa: E731
        async with asking(double.url, spending=spending, count=count) as model:
            first, second = await ask(model), await ask(model, "dove:loft:ben")
            assert first and second
            assert (first.tokens_in, first.tokens_out) == (50, 10)
            assert await ask(model, "dove:loft:cleo") is None
            assert (len(double.asked), notes, fates[-1]) == (2, [USED_UP], Fate.SPENT)
            days.day = date(2026, 3, 3)
            assert await ask(model)
            assert (notes, await tokens_of(records, DESK)) == ([USED_UP, ""], 60)


async def test_X54_one_person_at_the_cap_holds_up_nobody_else(tmp_path: Path) -> None:
    async with (
        counted(tmp_path) as records,
        backend(otherwise=lambda asked: SIXTY) as double,
        asking(double.url, spending=Spending(records, Caps(person=50), Days())) as model,
    ):
        assert await ask(model)
        assert await ask(model) is None
        assert await ask(model, "dove:loft:ben")
    assert len(double.asked) == 2


async def test_X54_a_restart_and_another_process_know_what_was_used(tmp_path: Path) -> None:
    async with backend(otherwise=lambda asked: SIXTY) as double:
        for answered in (True, False):
            async with counted(tmp_path) as records:
                spending = Spending(records, Caps(person=60), Days())
                async with asking(double.url, spending=spending) as model:
                    assert bool(await ask(model)) is answered


async def test_X54_what_several_processes_use_at_once_adds_up(tmp_path: Path) -> None:
    async with counted(tmp_path) as records:
        processes = [Spending(records, Caps(person=10**9, desk=10**9), Days()) for _ in range(4)]
        await asyncio.gather(*(one.add("dove:loft:ada", 7) for one in processes for _ in range(10)))
        assert (await tokens_of(records, DESK), await tokens_of(records, "dove:loft:ada")) == (280, 280)


@pytest.mark.parametrize(
    "usage", [{}, {"prompt_tokens": -5, "completion_tokens": 1}, {"prompt_tokens": 10**15, "completion_tokens": 1}]
)
async def test_S20_where_the_provider_counts_nothing_that_can_be_true_the_estimate_counts(
    usage: dict[str, int],
) -> None:
    async with backend(completion('{"reply": "deny"}', **usage)) as double, asking(double.url) as model:
        answered = await ask(model)
    assert answered
    assert answered.tokens_in == -(-len(REQUEST.system + REQUEST.message) // 3)
    assert answered.tokens_out == 6


async def test_X54_rubbish_and_silence_are_paid_for_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "WITHIN_S", 0.6)
    used = list[tuple[str, int, int]]()
    async with counted(tmp_path) as records:
        spending = Spending(records, Caps(desk=10**6), Days())
        async with (
            backend(Silence(), completion("no JSON", prompt_tokens=30, completion_tokens=4)) as double,
            asking(double.url, spending=spending, tokens=lambda *each: used.append(each)) as model,
        ):
            assert await ask(model) is None
        estimate = -(-len(REQUEST.system + REQUEST.message) // 3)
        assert used == [("extraction", estimate, 0), ("extraction", 30, 4)]
        assert await tokens_of(records, DESK) == 34 + estimate


async def test_X54_while_nothing_can_be_counted_nothing_is_spent() -> None:
    class Away:
        async def get(self, kind: str, key: str) -> Record | None:
            raise StoreAway("the disk is full")

    spending = Spending(Away(), Caps(desk=100), Days())  # type: ignore[arg-type] # no other verb is needed
    async with backend(otherwise=lambda asked: SIXTY) as double, asking(double.url, spending=spending) as model:
        assert await ask(model) is None
    assert double.asked == []


async def test_X54_a_person_at_the_cap_is_told_to_operators_once(tmp_path: Path) -> None:
    with structlog.testing.capture_logs() as logs:
        async with (
            counted(tmp_path) as records,
            backend(otherwise=lambda asked: SIXTY) as double,
            asking(double.url, spending=Spending(records, Caps(person=50), Days())) as model,
        ):
            for _ in range(3):
                await ask(model)
    (line,) = logs
    assert line["event"].startswith("a person's tokens of today are used up")
    assert line["person"] == "dove:loft:ada"  # a field that every log names by a pseudonym (X61)
    assert "person" in PEOPLE


async def test_X54_a_desk_at_its_cap_goes_on_by_rules_and_says_so(tmp_path: Path) -> None:
    async with backend(otherwise=lambda asked: SIXTY) as double:
        environ = model_double.named(double.url) | {"MODEL_DAILY_TOKENS": "50"}
        async with working(tmp_path, **environ) as (_, page, client):
            said = await talk(page, "oh dear me, what a sad story", "what a sad story it is", "I want a refund")
            async with client.get(f"{page.url}/readyz") as answer:
                ready = await answer.json()
            async with client.get(f"{page.url}/metrics") as answer:
                metrics = await answer.text()
    assert "order number" in said[-1].lower()
    assert len(double.asked) == 1
    assert (ready["ready"], ready["parts"]["model"]) == (True, {"ok": False, "note": USED_UP})
    assert 'frontdesk_model_calls_total{outcome="spent"}' in metrics
    assert 'frontdesk_model_tokens_total{direction="in",purpose="extraction"} 50.0' in metrics
    assert 'frontdesk_model_tokens_total{direction="out",purpose="extraction"} 10.0' in metrics


def test_every_purpose_is_a_label_of_its_own() -> None:
    metrics = Metrics()
    for purpose in Purpose:
        metrics.model_tokens(purpose.value, 3, 1)
    shown = metrics.render().decode()
    assert shown.count('direction="in"') == shown.count('direction="out"') == 2 * len(Purpose)
    assert "other" not in shown
