"""The model over real HTTP: down, slow, mad or refusing, it costs time and nothing else (F17-F20, S16)."""

from __future__ import annotations

import asyncio
import time

import msgspec
import pytest
import structlog

from engine.extraction import Extraction, read_extraction
from engine.model import Purpose
from gateway import model as models
from gateway.breaker import MOST_FAILURES, OFF_S, Breaker
from gateway.metrics import MODEL_FATES, Metrics
from gateway.model import AWAY, Fate
from tests.gateway.backend_double import Answering, Asked, HangUp, Say, Silence, Trickle, backend
from tests.gateway.model_double import KEY, NAME, REQUEST, answer, asking, completion, read_by

pytestmark = pytest.mark.anyio

RUBBISH = [
    completion("Sure! Here you go."),
    completion('{"flow": "ref'),
    completion("[]"),
    completion("null"),
    completion(""),
    completion(None),
    completion('{"slots": 7, "reply": {"a": NaN}}'),
    completion('{"slots": {"order_number": NaN}}'),
    completion("[" * 10_000),
    completion('{"slots": ' + '{"a":' * 10_000),
    completion("x" * 1_500_000),
    Say(body=b"<html>proxy</html>", headers={"Content-Type": "text/html"}),
    Say(body=b"\xff\xfe"),
    Say.json({"choices": []}),
    Say.json({"choices": [{"message": None}]}),
    Say.json({"choices": [{"message": {"content": None, "refusal": "I would rather not."}}]}),
]


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlines that a test can wait for."""
    monkeypatch.setattr(models, "WITHIN_S", 0.15)


async def test_a_good_answer_is_read() -> None:
    async with backend(answer(flow="refund", slots={"reason": "defective"})) as double, asking(double.url) as model:
        assert await read_by(model) == Extraction(flow="refund", slots={"reason": "defective"})
    (asked,) = double.asked
    assert asked.target == "/v1/chat/completions"
    assert asked.header("authorization") == [f"Bearer {KEY}"]
    assert asked.json["model"] == NAME
    form = asked.json["response_format"]
    assert (form["type"], form["json_schema"]["strict"], form["json_schema"]["schema"]) == (
        "json_schema",
        True,
        REQUEST.schema,
    )
    assert [told["role"] for told in asked.json["messages"]] == ["system", "user"]
    assert asked.json["messages"][1]["content"] == REQUEST.message


@pytest.mark.parametrize("rubbish", RUBBISH, ids=range(len(RUBBISH)))
async def test_F19_rubbish_is_repaired_once_and_then_left(rubbish: Say) -> None:
    async with backend(rubbish, answer(flow="refund"), rubbish, rubbish) as double, asking(double.url) as model:
        assert await read_by(model) == Extraction(flow="refund")
        assert await read_by(model) is None
    assert len(double.asked) == 4
    told = double.asked[1].json["messages"]
    assert [one["role"] for one in told] == ["system", "system", "user"]
    assert "could not be used" in told[1]["content"]
    assert told[2]["content"] == REQUEST.message


@pytest.mark.parametrize("fault", [HangUp(), Say(status=500), Say(status=503)], ids=str)
async def test_F17_a_model_that_is_down_is_tried_twice(fault: Answering) -> None:
    async with backend(fault, answer(reply="deny"), fault, fault) as double, asking(double.url) as model:
        assert await read_by(model) == Extraction(reply="deny")
        assert await read_by(model) is None


async def test_F17_nobody_at_the_address() -> None:
    async with backend() as double:
        url = double.url
    async with asking(url) as model:
        assert await read_by(model) is None


@pytest.mark.parametrize("slow", [Silence(), Trickle(status=200, pause_s=0.02)], ids=["silent", "trickling"])
async def test_F18_a_slow_model_is_cut_off_twice(slow: Answering, hasty: None) -> None:
    async with backend(otherwise=lambda asked: slow) as double, asking(double.url) as model:
        began = time.perf_counter()
        assert await read_by(model) is None
        assert time.perf_counter() - began < 1.5
    assert len(double.asked) == 2


async def test_F18_an_answer_without_end_is_not_read_to_its_end() -> None:
    endless, fates = Trickle(status=200), list[str]()
    async with (
        backend(otherwise=lambda asked: endless) as double,
        asking(double.url, count=lambda fate, seconds: fates.append(fate)) as model,
    ):
        assert await read_by(model) is None
    assert fates == [Fate.UNUSABLE, Fate.UNUSABLE]


async def test_F18_a_slow_model_holds_up_nobody_else(hasty: None) -> None:
    async with backend(otherwise=lambda asked: Silence()) as double, asking(double.url) as model:
        waiting = asyncio.create_task(read_by(model))
        laps = 0
        while not waiting.done():
            await asyncio.sleep(0.005)
            laps += 1
    assert laps > 10


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 429])
async def test_what_a_second_try_cannot_change_is_not_tried_again(status: int) -> None:
    async with backend(Say(status=status), answer(flow="refund")) as double, asking(double.url) as model:
        assert await read_by(model) is None
    assert len(double.asked) == 1


async def test_X40_nobody_is_followed_elsewhere_with_our_key() -> None:
    elsewhere = Say(status=307, headers={"Location": "/elsewhere"})
    async with backend(otherwise=lambda asked: elsewhere) as double, asking(double.url) as model:
        assert await read_by(model) is None
    assert {asked.target for asked in double.asked} == {"/v1/chat/completions"}


async def test_S16_after_five_failures_it_is_left_alone_for_half_a_minute() -> None:
    clock, reports, fates = Hands(), list[str](), list[str]()
    async with (
        backend(*[Say(status=500)] * MOST_FAILURES, otherwise=lambda asked: answer(flow="refund")) as double,
        asking(
            double.url,
            breaker=Breaker(clock),
            count=lambda fate, seconds: fates.append(fate),
            report=reports.append,
        ) as model,
    ):
        for _ in range(5):
            assert await read_by(model) is None
        assert len(double.asked) == MOST_FAILURES
        assert reports == [AWAY]
        clock.at += OFF_S - 1
        assert await read_by(model) is None
        assert len(double.asked) == MOST_FAILURES
        clock.at += 2
        assert await read_by(model) == Extraction(flow="refund")
        assert reports == [AWAY, ""]
        assert await read_by(model) == Extraction(flow="refund")
    assert fates.count(Fate.AWAY) == MOST_FAILURES
    assert set(fates) == {Fate.AWAY, Fate.SKIPPED, Fate.ANSWERED}


async def test_S19_what_is_asked_behind_replies_never_costs_a_turn_its_answer() -> None:
    """Neither by going wrong again and again, nor by taking its place."""
    behind = msgspec.structs.replace(REQUEST, purpose=Purpose.SUMMARY)
    reports = list[str]()

    def said(asked: Asked) -> Answering:
        return (
            Say(status=500) if asked.json["response_format"]["json_schema"]["name"] == "summary" else answer(flow="x")
        )

    async with backend(otherwise=said) as double, asking(double.url, report=reports.append) as model:
        for _ in range(MOST_FAILURES):
            assert await model.ask(behind, read_extraction) is None
        assert await read_by(model) == Extraction(flow="x")
        assert reports == []
    async with backend(otherwise=lambda asked: Silence()) as double, asking(double.url, at_once=1) as model:
        waiting = asyncio.create_task(model.ask(behind, read_extraction))
        while not double.asked:
            await asyncio.sleep(0.01)
        double.otherwise = said
        assert await read_by(model) == Extraction(flow="x")
        waiting.cancel()


def test_S16_when_the_breaker_lets_one_try_all_others_wait() -> None:
    clock = Hands()
    breaker = Breaker(clock)
    for _ in range(MOST_FAILURES):
        assert breaker.admits()
        breaker.failed()
    clock.at += OFF_S
    assert breaker.admits()
    assert not breaker.admits()
    breaker.failed()
    clock.at += OFF_S - 1
    assert not breaker.admits()


async def test_a_provider_that_takes_no_more_is_left_alone_at_once() -> None:
    async with backend(Say(status=429), answer(flow="refund")) as double, asking(double.url) as model:
        assert await read_by(model) is None
        assert await read_by(model) is None
    assert len(double.asked) == 1


async def test_F34_no_log_holds_the_key_the_words_or_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    said = (completion("canary-answer"), Say(status=500, body=b"canary-body"))
    with structlog.testing.capture_logs() as logs:
        async with backend(*said) as double, asking(double.url) as model:
            assert await read_by(model) is None
    printed = capsys.readouterr()
    told = f"{logs}{printed.out}{printed.err}"
    assert "no answer" in told
    for secret in (KEY, "canary", REQUEST.message):
        assert secret not in told


def test_every_fate_is_counted_by_its_name() -> None:
    metrics = Metrics()
    assert {fate.value for fate in Fate} == set(MODEL_FATES)
    for fate in Fate:
        metrics.model(fate, 0.5)
    shown = metrics.render().decode()
    assert 'frontdesk_model_calls_total{outcome="late"} 1.0' in shown
    assert "other" not in shown
    assert f"frontdesk_model_seconds_count {len(Fate)}.0" in shown
