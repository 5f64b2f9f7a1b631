"""Slack in a running desk: which ways in are open, and what /readyz says of it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from gateway.settings import Settings
from gateway.wiring import open_desk
from tests.channels.slack_double import APP_TOKEN, DESK, PAYLOADS, TOKEN, SlackDouble, payload, says, slack_double
from tests.gateway.loopback import browsed

pytestmark = pytest.mark.anyio

SECRET = "slack-desk-tests-secret"
HOOK = {"SLACK_SIGNING_SECRET": SECRET}
SOCKET = {"SLACK_APP_TOKEN": APP_TOKEN}


@pytest.fixture
async def double(anyio_backend: str) -> AsyncIterator[SlackDouble]:
    async with slack_double() as found:
        yield found


@asynccontextmanager
async def desk(double: SlackDouble, folder: Path, **more: str) -> AsyncIterator[aiohttp.ClientSession]:
    """A desk with Slack, and a client that posts to it."""
    environ = {
        "FRONTDESK_ENV": "test",
        "FRONTDESK_DATA_DIR": str(folder),
        "PSEUDONYM_KEY": "the-logs-of-this-process-stay",
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_API_URL": double.url,
        "SLACK_HANDOFF_CHANNEL": DESK,
        "HANDOFF_SLACK_AGENTS": "U0AGENT01",
    }
    opened = await open_desk(Settings.load({**environ, **more}), environ)
    running = asyncio.create_task(opened.run())
    try:
        async with browsed(opened.app) as client:
            yield client
    finally:
        opened.health.stop()
        await running
        await opened.close()


async def post(client: aiohttp.ClientSession, body: bytes) -> tuple[int, bytes]:
    stamp = str(int(time.time()))
    mac = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "content-type": "application/json",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={mac}",
    }
    async with client.post("/webhooks/slack", data=body, headers=headers) as answer:
        return answer.status, await answer.read()


async def part(client: aiohttp.ClientSession) -> dict[str, Any]:
    async with client.get("/readyz") as answer:
        assert answer.status == 200
        found: dict[str, Any] = (await answer.json())["parts"]["slack"]
        return found


async def test_C55_a_webhook_is_answered_and_its_customer_too(double: SlackDouble, tmp_path: Path) -> None:
    async with desk(double, tmp_path, **HOOK) as client:
        assert await post(client, (PAYLOADS / "challenge.json").read_bytes()) == (200, b"kettle-challenge")
        for _ in range(2):
            assert await post(client, (PAYLOADS / "dm.json").read_bytes()) == (200, b"")
        await double.until(lambda: bool(double.asked("chat.postMessage")))
        assert await post(client, (PAYLOADS / "mention_twin.json").read_bytes()) == (200, b"")
        assert await post(client, (PAYLOADS / "mention.json").read_bytes()) == (200, b"")
        await double.until(lambda: len(double.asked("chat.postMessage")) == 2)
        assert (await part(client))["ok"]
    spoken = [(body["channel"], body.get("thread_ts")) for body in double.asked("chat.postMessage")]
    assert spoken == [("D0ILSE0001", None), ("C0KETTLES1", "1795300020.000020")]


async def test_H41_what_agents_do_in_no_case_of_ours_is_acknowledged_and_dropped(
    double: SlackDouble, tmp_path: Path
) -> None:
    stems = (
        "desk_reply",
        "desk_mention",
        "desk_claim",
        "desk_view",
        "desk_edit",
        "desk_shortcut",
        "command",
        "bystander",
    )
    async with desk(double, tmp_path, **HOOK) as client:
        for stem in stems:
            status, told = await post(client, (PAYLOADS / f"{stem}.json").read_bytes())
            assert (status, bool(told)) == (200, stem == "command"), stem
        async with client.get("/metrics") as answer:
            counted = await answer.text()
    assert 'frontdesk_events_total{kind="agent_action",outcome="dropped"} 5.0' in counted
    assert 'frontdesk_events_total{kind="agent_message",outcome="dropped"} 1.0' in counted
    assert double.asked("chat.postMessage") == []


async def test_C56_with_an_app_token_alone_there_is_a_socket_and_no_webhook(
    double: SlackDouble, tmp_path: Path
) -> None:
    async with desk(double, tmp_path, **SOCKET) as client:
        assert await post(client, b"{}") == (404, b"")
        await double.connected()
        await double.delivers(payload("dm"))
        await double.until(lambda: bool(double.asked("chat.postMessage")))
    assert [said["envelope_id"] for said in double.answers()] == ["e1"]


async def test_C56_both_ways_in_may_be_open_and_an_event_stays_one(double: SlackDouble, tmp_path: Path) -> None:
    async with desk(double, tmp_path, **HOOK, **SOCKET) as client:
        await double.connected()
        await double.delivers(payload("dm"))
        assert await post(client, (PAYLOADS / "dm.json").read_bytes()) == (200, b"")
        assert await post(client, (PAYLOADS / "mention.json").read_bytes()) == (200, b"")
        await double.until(lambda: len({body["channel"] for body in double.asked("chat.postMessage")}) == 2)
    assert len(double.asked("chat.postMessage")) == 2


async def test_C37_a_refused_token_is_a_part_that_says_so(double: SlackDouble, tmp_path: Path) -> None:
    double.will("auth.test", says("invalid_auth"))
    async with desk(double, tmp_path, **HOOK) as client:
        assert await part(client) == {
            "ok": False,
            "note": "Slack refuses our token; install the app anew and set SLACK_BOT_TOKEN",
        }


async def test_C58_a_removed_app_is_a_part_that_says_so(double: SlackDouble, tmp_path: Path) -> None:
    async with desk(double, tmp_path, **HOOK) as client:
        assert await part(client) == {"ok": True, "note": ""}
        await post(client, (PAYLOADS / "uninstalled.json").read_bytes())
        while (await part(client))["ok"]:
            await asyncio.sleep(0)
        assert "install the app anew" in (await part(client))["note"]
