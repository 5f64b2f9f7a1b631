"""The whole desk, wired as `serve` does it, in this process: its doors, its flows, its page, its one data folder."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from engine.errors import FlowError, SettingsError
from engine.flow import content_hash
from gateway.clock import SystemClock
from gateway.definitions import DEFINITION
from gateway.flowfolder import OURS, read_folder
from gateway.settings import Settings
from gateway.stores.opening import STORE_FILE
from gateway.stores.sqlite import SqliteStore
from gateway.wiring import open_chat, open_desk
from tests.gateway import model_double
from tests.gateway.backend_double import BackendDouble, Say, backend
from tests.gateway.opened_desk import talk, working
from tests.gateway.web_desk import Page

pytestmark = pytest.mark.anyio


async def get(client: aiohttp.ClientSession, page: Page, path: str) -> tuple[int, Any]:
    """Status and body, JSON where it is some."""
    async with client.get(page.url + path) as answer:
        return answer.status, await (answer.json() if "json" in answer.content_type else answer.text())


def _cookies(client: aiohttp.ClientSession) -> dict[str, str]:
    return {cookie.key: cookie.value for cookie in client.cookie_jar}


def _again(client: aiohttp.ClientSession, cookies: dict[str, str]) -> None:
    """Come back as somebody who was here."""
    client.cookie_jar.clear()
    client.cookie_jar.update_cookies(cookies)


def _sell(_: object) -> Say:
    """A shop that has every order, and a cookie for whoever asks."""
    return Say.json({"item": {"name": "Kettle"}, "amount": "12", "currency": "EUR"}, cookie="cart=ada")


async def test_DESIGN_8_readiness_names_the_store_and_every_channel_that_is_on(tmp_path: Path) -> None:
    async with working(tmp_path) as (_, page, client):
        status, body = await get(client, page, "/readyz")
    assert (status, body["ready"]) == (200, True)
    assert {name: part["ok"] for name, part in body["parts"].items()} == {"store": True, "web": True}


async def test_a_message_on_the_page_leads_to_a_reply_and_to_its_picture(tmp_path: Path) -> None:
    async with working(tmp_path) as (_, page, client):
        said = await talk(page, "I want a refund for ORD-12345, it arrived broken")
        status, state = await get(client, page, "/playground/state")
        assert (await get(client, page, "/"))[0] == 200
    assert said[1].endswith("Order ORD-12345: Wireless headphones, $79.99. Is that the right one?")
    assert status == 200
    assert (state["state"], state["path"][-1], state["pending"]) == ("confirm_item", "confirm_item", "confirmed")
    slots = {slot["name"]: (slot["value"], slot["shown"], slot["source"], slot["state"]) for slot in state["slots"]}
    assert slots["order_number"] == ("ORD-12345", None, "volunteered", "filled")
    assert slots["reason"] == ("defective", "defective", "volunteered", "filled")
    assert slots["confirmed"] == (None, None, None, "empty")
    assert "R13" in state["rules"]
    assert state["phase"] == "confirming"


async def test_the_page_shows_the_rules_of_the_turn_that_made_the_call_with_those_of_its_result(tmp_path: Path) -> None:
    async with working(tmp_path) as (_, page, client):
        await talk(page, "refund for ORD-24680, wrong item", "yes")
        _, state = await get(client, page, "/playground/state")
    assert (state["outcome"], state["state"], state["pending"]) == ("resolved", "confirmation", None)
    assert "R11" in state["rules"]
    assert state["phase"] == "closing"
    assert state["path"][-2:] == ["process_refund", "confirmation"]
    assert {slot["name"]: slot["shown"] for slot in state["slots"]}["reason"] == "wrong item"


async def test_X14_without_a_playground_there_is_no_page(tmp_path: Path) -> None:
    async with working(tmp_path, FRONTDESK_ENV="production") as (_, page, client):
        assert [(await get(client, page, path))[0] for path in ("/", "/playground/state")] == [404, 404]
        assert (await get(client, page, "/readyz"))[0] == 200


async def test_what_was_said_and_done_is_there_after_a_restart(tmp_path: Path) -> None:
    async with working(tmp_path) as (_, page, client):
        await talk(page, "refund for ORD-13579, it is broken")
        cookies = _cookies(client)
    async with working(tmp_path) as (_, page, client):
        _again(client, cookies)
        assert (await talk(page, "yes", seen=2))[1].startswith("Done: $58.00")


async def test_R58_a_run_goes_on_in_the_words_it_began_with_after_its_flow_has_changed(tmp_path: Path) -> None:
    shutil.copytree(OURS / "refund", tmp_path / "flows" / "refund")
    flow = tmp_path / "flows" / "refund" / "flow.yaml"
    async with backend(otherwise=_sell) as shop:
        environ = {"FLOWS_DIR": str(tmp_path / "flows"), "SHOP_API_URL": shop.url}
        async with working(tmp_path / "data", **environ) as (_, page, client):
            await talk(page, "refund for ORD-1234")
            cookies = _cookies(client)
        flow.write_text(flow.read_text().replace("Why are you sending it back?", "What is wrong with it?"))
        async with working(tmp_path / "data", **environ) as (_, page, client):
            _again(client, cookies)
            assert "Why are you sending it back?" in await talk(page, "yes", seen=2)
        async with working(tmp_path / "data", **environ) as (_, page, _):
            assert "What is wrong with it?" in await talk(page, "refund for ORD-1235", "yes")


async def test_F16_a_kept_definition_that_is_unreadable_stops_nothing(tmp_path: Path) -> None:
    async with working(tmp_path):
        pass
    store = await SqliteStore.open(tmp_path / STORE_FILE, SystemClock())
    kept = {record.key for record in await store.records.scan(DEFINITION)}
    await store.records.put(DEFINITION, "odd", b'{"name": 7}')
    await store.close()
    assert kept == {content_hash(flow) for flow in read_folder(None, {}).flows}
    async with working(tmp_path) as (_, page, _):
        assert (await talk(page, "refund"))[1].startswith("Let us get your money back")


async def test_F37_a_second_desk_on_the_same_folder_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    environ = {"FRONTDESK_DATA_DIR": str(tmp_path)}
    async with working(tmp_path) as (_, page, _):
        with pytest.raises(SettingsError, match="FRONTDESK_DATA_DIR"):
            await open_desk(Settings.load(environ), environ)
        assert (await talk(page, "refund"))[1].startswith("Let us get your money back")


async def test_a_terminal_talks_beside_a_running_desk(tmp_path: Path) -> None:
    environ = {"FRONTDESK_DATA_DIR": str(tmp_path)}
    said: list[str] = []
    async with working(tmp_path):
        console, worker, closing = await open_chat(Settings.load(environ), said.append, session="s", environ=environ)
        for event in console.parse(console.heard("refund for ORD-12345", SystemClock().now())):
            await worker.take(event)
        await worker.finished()
        await closing.aclose()
    assert "Wireless headphones" in said[0]


async def test_F17_a_desk_asks_the_model_that_is_named_and_goes_on_when_it_is_away(tmp_path: Path) -> None:
    async with backend(model_double.answer(flow="refund", slots={"order_number": "ORD-12345"})) as double:
        double.otherwise = lambda asked: Say(status=503)
        environ = model_double.named(double.url)
        async with working(tmp_path, **environ) as (_, page, client):
            said = await talk(page, "please give me the cash of ord 12345 again", "oh dear", "what a sad story", "yes")
            _, ready = await get(client, page, "/readyz")
            _, metrics = await get(client, page, "/metrics")
    assert "Wireless headphones" in said[1]
    assert "Why are you sending it back?" in said[-1]
    assert ready["ready"]
    assert 'frontdesk_model_calls_total{outcome="answered"} 1.0' in metrics
    away = next(line for line in metrics.splitlines() if line.startswith('frontdesk_model_calls_total{outcome="away"}'))
    named = [one.json["response_format"]["json_schema"]["name"] for one in double.asked]
    assert named.count("extraction") == 1 + 4, "one answered; two messages after it, two tries each"
    assert float(away.split()[-1]) == len(named) - 1


async def test_where_rules_read_alone_no_model_is_asked(tmp_path: Path) -> None:
    async with backend() as double:
        environ = model_double.named(double.url) | {"FRONTDESK_UNDERSTANDING": "rules"}
        async with working(tmp_path, **environ) as (_, page, _):
            await talk(page, "please give me the cash of ord 12345 again")
    assert double.asked == []


async def test_a_broken_flow_stops_the_start_before_a_store_is_opened(tmp_path: Path) -> None:
    (tmp_path / "flows" / "x").mkdir(parents=True)
    (tmp_path / "flows" / "x" / "flow.yaml").write_text("frontdesk: 1\nflow: x\n")
    environ = {"FRONTDESK_DATA_DIR": str(tmp_path / "data"), "FLOWS_DIR": str(tmp_path / "flows")}
    with pytest.raises(FlowError):
        await open_desk(Settings.load(environ), environ)
    assert not (tmp_path / "data").exists()


async def test_the_shop_of_the_environment_is_asked_instead_of_the_demo_and_gets_no_cookies(tmp_path: Path) -> None:
    async with backend(otherwise=_sell) as shop, working(tmp_path, SHOP_API_URL=_named(shop)) as (_, page, _):
        assert "Kettle, €12.00" in (await talk(page, "refund for ORD-999", "no", "ORD-998"))[1]
    assert [asked.target for asked in shop.asked] == ["/orders/ORD-999", "/orders/ORD-998"]
    assert [asked.header("cookie") for asked in shop.asked] == [[], []]


def _named(shop: BackendDouble) -> str:
    """Its address by name: cookies of a bare number are never kept."""
    return shop.url.replace("127.0.0.1", "localhost")
