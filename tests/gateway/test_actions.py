"""Actions against a back end on loopback: what comes of them, and what is asked again under the same key."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import aiohttp
import pytest

from engine.actions import ActionCall, ActionResult
from engine.book import Book
from engine.errors import SettingsError
from engine.flow import FlowDef, HttpDef, SaveDef, SlotType, StateDef, StateKind
from engine.machine import Compiled
from engine.ports import ActionRequest
from gateway import backend as backends
from gateway.actions import ActionRunner, Tries
from gateway.failpoints import Disarmed
from gateway.plans import FlowHome, make_plans
from tests.gateway.action_shop import PAY, Shop, http, open_shop, python
from tests.gateway.backend_double import Answering, HangUp, Say, Silence, backend
from tests.gateway.web_desk import MemoryRecords

pytestmark = pytest.mark.anyio


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with open_shop() as opened:
        yield opened


@pytest.mark.parametrize(("status", "outcome"), [(200, "found"), (404, "not_found")])
async def test_the_status_is_the_outcome(shop: Shop, status: int, outcome: str) -> None:
    shop.double.script = [Say(status=status)]
    assert (await shop.act(http(), order="ORD-1")).outcome == outcome
    assert shop.counted == ["answered"]


async def test_the_json_answer_becomes_typed_facts(shop: Shop) -> None:
    body = {"item": {"name": "Lamp"}, "price": "34.5", "currency": "EUR", "lines": [{"left": "3"}], "odd": "x"}
    shop.double.script = [Say.json(body)]
    save = {
        "item": SaveDef(path="item.name"),
        "price": SaveDef(path="price", type=SlotType.AMOUNT, currency_path="currency"),
        "left": SaveDef(path="lines.0.left", type=SlotType.INTEGER),
        "odd": SaveDef(path="odd", type=SlotType.NUMBER),
        "gone": SaveDef(path="item.weight.kg"),
    }
    outcome = await shop.act(http(save=save), order="ORD-1")
    assert outcome.facts == {"item": "Lamp", "price": {"amount": "34.50", "currency": "EUR"}, "left": 3}


async def test_a_long_answer_is_read_to_its_end(shop: Shop) -> None:
    shop.double.script = [Say.json({"filler": "x" * 3_000_000, "name": "Lamp"})]
    outcome = await shop.act(http(save={"item": SaveDef(path="name")}), order="ORD-1")
    assert outcome.facts == {"item": "Lamp"}


async def test_X44_of_an_answer_over_10_mb_only_the_status_counts(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    assert backends.MAX_ANSWER_BYTES == 10_000_000
    monkeypatch.setattr(backends, "MAX_ANSWER_BYTES", 100_000)
    shop.double.script = [Say.json({"name": "x" * 100_000})]
    outcome = await shop.act(http(save={"item": SaveDef(path="name")}), order="ORD-1")
    assert (outcome.outcome, outcome.facts) == ("found", {})


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"name": ', b"\xff", b"[" * 5_000])
async def test_an_answer_that_is_no_json_has_no_facts(shop: Shop, body: bytes) -> None:
    shop.double.script = [Say(body=body)]
    outcome = await shop.act(http(save={"item": SaveDef(path="name")}), order="ORD-1")
    assert (outcome.outcome, outcome.facts) == ("found", {})


@pytest.mark.parametrize("status", [302, 401, 418, 429])
async def test_a_status_nobody_foresaw_is_an_error_that_certainly_did_nothing(shop: Shop, status: int) -> None:
    shop.double.script = [Say(status=status)]
    outcome = await shop.act(http(irreversible=True), order="ORD-1")
    assert (outcome.outcome, outcome.certain, len(shop.double.asked)) == ("error", True, 1)
    assert shop.counted == ["failed"]


@pytest.mark.parametrize(
    ("first", "certain"),
    [(Say(status=500), False), (Say(status=503), False), (HangUp(), False)],
    ids=["500", "503", "hung up"],
)
async def test_R59_what_may_have_acted_is_asked_again_under_the_same_key_with_the_same_body(
    shop: Shop, first: Answering, certain: bool
) -> None:
    shop.double.script = [first, Say(status=200)]
    assert (await shop.act(http(PAY, irreversible=True), order="ORD-1")).outcome == "found"
    one, other = shop.double.asked
    assert one.body == other.body
    assert one.header("idempotency-key") == other.header("idempotency-key") == ["run:state:1"]
    assert shop.counted == ["answered"]


@pytest.mark.parametrize(("irreversible", "tries"), [(False, 2), (True, 3)])
async def test_R59_after_the_last_try_it_is_unknown_whether_it_acted(
    shop: Shop, irreversible: bool, tries: int
) -> None:
    shop.double.otherwise = lambda asked: Say(status=500)
    outcome = await shop.act(http(irreversible=irreversible), order="ORD-1")
    assert (outcome.outcome, outcome.certain, outcome.tries) == ("error", False, tries)
    assert len(shop.double.asked) == tries
    assert shop.counted == ["unknown"]


async def test_R59_a_plain_no_does_not_make_an_earlier_unknown_certain(shop: Shop) -> None:
    shop.double.script = [HangUp(), Say(status=400)]
    outcome = await shop.act(http(PAY, irreversible=True), order="ORD-1")
    assert (outcome.outcome, outcome.certain) == ("error", False)


async def test_X44_a_back_end_that_does_not_answer_in_time_is_an_error(shop: Shop) -> None:
    shop.double.otherwise = lambda asked: Silence()
    outcome = await shop.act(http(timeout_s=0.05), order="ORD-1")
    assert (outcome.outcome, outcome.certain, outcome.detail) == ("error", False, "TimeoutError")


async def test_where_no_connection_came_about_nothing_was_done(shop: Shop) -> None:
    async with backend() as gone:
        shop.double.url = gone.url
    outcome = await shop.act(http(irreversible=True), order="ORD-1")
    assert (outcome.outcome, outcome.certain, outcome.tries) == ("error", True, 3)


async def test_redirects_are_not_followed(shop: Shop) -> None:
    shop.double.script = [Say(status=302)]
    assert (await shop.act(http(statuses={"302": "found"}), order="ORD-1")).outcome == "found"
    assert len(shop.double.asked) == 1


async def test_a_python_action_speaks_to_the_flow_s_back_end_with_the_call_s_key(shop: Shop) -> None:
    async def act(call: ActionCall) -> ActionResult:
        answer = await call.http.post("/refunds", json={"order": call.slots["order"]})
        return ActionResult(outcome="done", facts={"status": answer.status_code, "id": answer.json()["id"]})

    shop.double.script = [Say.json({"id": "r1"}, 201)]
    outcome = await shop.act(python(), act, order="ORD-1")
    assert (outcome.outcome, outcome.facts) == ("done", {"status": 201, "id": "r1"})
    (asked,) = shop.double.asked
    assert (asked.target, asked.json, asked.header("idempotency-key")) == (
        "/refunds",
        {"order": "ORD-1"},
        ["run:state:1"],
    )


@pytest.mark.parametrize(
    ("error", "certain"), [(ConnectionError("500"), False), (KeyError("x"), False), (ConnectionRefusedError(), True)]
)
async def test_R59_a_function_that_raises_is_called_again_and_then_an_error(
    shop: Shop, error: Exception, certain: bool
) -> None:
    keys: list[str] = []

    async def act(call: ActionCall) -> ActionResult:
        keys.append(call.key)
        raise error

    outcome = await shop.act(python(), act)
    assert (outcome.outcome, outcome.certain, keys) == ("error", certain, ["run:state:1"] * 3)


async def test_a_function_that_hangs_is_cut_off(shop: Shop) -> None:
    async def act(call: ActionCall) -> ActionResult:
        await asyncio.Event().wait()
        raise AssertionError

    outcome = await shop.act(python(timeout_s=0.01), act)
    assert (outcome.outcome, outcome.certain) == ("error", False)


async def test_an_outcome_that_is_not_declared_is_an_error(shop: Shop) -> None:
    async def act(call: ActionCall) -> ActionResult:
        return ActionResult(outcome="perhaps")

    outcome = await shop.act(python(), act)
    assert (outcome.outcome, outcome.certain) == ("error", False)


async def test_without_a_back_end_nothing_is_said_to_have_been_sent(tmp_path: Any) -> None:
    flow = FlowDef(
        name="shop",
        title="Shop",
        actions={"act": http(irreversible=True), "own": python(name="own", python="own")},
        states={"end": StateDef(name="end", kind=StateKind.TERMINAL, prompts={"": ("Bye",)})},
    )
    (tmp_path / "actions.py").write_text("async def own(call):\n    await call.http.get('/')\n")
    home = FlowHome(flow=flow, folder=tmp_path, shipped=False)
    compiled = Compiled(flow)
    async with aiohttp.ClientSession() as session:
        plans = make_plans([home], {}, session, MemoryRecords())
        runner = ActionRunner(plans, Book([flow]), Disarmed(), tries=Tries(pause_s=0.0))
        for name in ("act", "own"):
            request = ActionRequest(id="1", flow="shop", version=compiled.version, action=name, key="k", values={})
            outcome = await runner.run(request)
            assert (outcome.outcome, outcome.certain) == ("error", True)


@pytest.mark.parametrize("url", ["shop.example", "ftp://shop.example", "http://", "http://shop:port", "http:/shop"])
async def test_a_variable_that_holds_no_address_is_an_error_at_the_start(tmp_path: Any, url: str) -> None:
    flow = FlowDef(name="shop", title="Shop", actions={"act": http()})
    home = FlowHome(flow=flow, folder=tmp_path, shipped=False)
    environ: Mapping[str, str] = {"SHOP_API_URL": url}
    async with aiohttp.ClientSession() as session:
        with pytest.raises(SettingsError, match=r"^\$\{SHOP_API_URL\} is not an http\(s\) address"):
            make_plans([home], environ, session, MemoryRecords())


async def test_two_back_ends_of_one_flow_are_each_asked_their_own(tmp_path: Any) -> None:
    other = HttpDef(method="GET", url="${STOCK_API_URL}/left/{{ order }}")
    actions = {"act": http(), "stock": http(other, name="stock")}
    states = {"end": StateDef(name="end", kind=StateKind.TERMINAL, prompts={"": ("Bye",)})}
    flow = FlowDef(name="shop", title="Shop", actions=actions, states=states)
    compiled, home = Compiled(flow), FlowHome(flow=flow, folder=tmp_path, shipped=False)
    async with backend() as shop, backend() as stock, aiohttp.ClientSession() as session:
        plans = make_plans([home], {"SHOP_API_URL": shop.url, "STOCK_API_URL": stock.url}, session, MemoryRecords())
        runner = ActionRunner(plans, Book([flow]), Disarmed())
        for name in actions:
            values = {"order": "1"}
            await runner.run(
                ActionRequest(id="1", flow="shop", version=compiled.version, action=name, key="k", values=values)
            )
    targets: Sequence[str] = [asked.target for double in (shop, stock) for asked in double.asked]
    assert targets == ["/orders/1", "/left/1"]
