"""Doors and workers apart: two desks on one Redis, one that hears and one that answers, and their clocks."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from channels.audience import Audience
from engine.errors import StoreAway
from gateway import worker as worker_module
from gateway.clock import SystemClock, TestClock
from gateway.neighbours import Neighbours
from gateway.roles import Role
from gateway.settings import Settings
from gateway.sharedclock import SharedClock
from gateway.stores.redis import RedisStore
from gateway.stores.redis_address import RedisAddress
from gateway.wiring import Desk, open_desk
from tests.gateway.loopback import served
from tests.gateway.test_cli import BARE, ROOT, frontdesk
from tests.gateway.web_desk import Page
from tests.redis_servers import RedisServer

pytestmark = pytest.mark.anyio

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
PATIENCE_S = 20.0


@asynccontextmanager
async def running(role: Role, url: str, folder: Path, **environ: str) -> AsyncIterator[Desk]:
    """A desk that has one part of the work."""
    environ = {"FRONTDESK_DATA_DIR": str(folder), "REDIS_URL": url, **environ}
    desk = await open_desk(Settings.load(environ), environ, role=role)
    work = asyncio.create_task(desk.run())
    try:
        yield desk
    finally:
        desk.health.stop()
        await work
        await desk.close()


@asynccontextmanager
async def visited(desk: Desk) -> AsyncIterator[Page]:
    """A page that was opened at its door."""
    patience = aiohttp.ClientTimeout(total=PATIENCE_S)
    jar = aiohttp.CookieJar(unsafe=True)
    async with served(desk.app) as (host, port), aiohttp.ClientSession(cookie_jar=jar, timeout=patience) as client:
        page = Page(client, f"http://{host}:{port}")
        assert (await page.begin()).status == 201
        yield page
        desk.health.stop()


async def test_what_one_process_hears_another_answers_as_soon_as_it_is_told(
    redis_server: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "SWEEP_S", 10 * PATIENCE_S)  # nobody finds the message by looking
    async with (
        running(Role.WORKERS, redis_server.url, tmp_path),
        running(Role.DOORS, redis_server.url, tmp_path) as doors,
        visited(doors) as page,
        page.events() as stream,
    ):
        assert (await page.say("6a1b1b2e-1f7c-4b5e-9a53-0d2f6f0c0001", text="refund")).status == 202
        assert (await stream.texts(2))[1].startswith("Let us get your money back")


async def test_DESIGN_8_readiness_says_what_the_store_is_and_names_it_when_it_is_away(
    redis_server: RedisServer, tmp_path: Path
) -> None:
    async with running(Role.DOORS, redis_server.url, tmp_path) as doors, visited(doors) as page:
        assert await readiness(page) == (200, {"ok": True, "note": "Redis"})
        redis_server.kill()
        assert await readiness(page) == (503, {"ok": False, "note": "the store is away"})
        assert (await page.say("6a1b1b2e-1f7c-4b5e-9a53-0d2f6f0c0002", text="refund")).status == 503
        redis_server.start()
        assert (await readiness(page))[0] == 200
        assert (await page.say("6a1b1b2e-1f7c-4b5e-9a53-0d2f6f0c0002", text="refund")).status == 202


async def readiness(page: Page) -> tuple[int, dict[str, object]]:
    """The status of /readyz, and what it says of the store."""
    async with aiohttp.ClientSession() as client, client.get(f"{page.url}/readyz") as answer:
        return answer.status, (await answer.json())["parts"]["store"]


async def test_C95_a_page_hears_of_news_and_typing_in_another_process(redis_server: RedisServer) -> None:
    here = await RedisStore.open(RedisAddress.parse(redis_server.url), SystemClock())
    there = await RedisStore.open(RedisAddress.parse(redis_server.url), SystemClock())
    audience = Audience()
    hearing = asyncio.create_task(Neighbours(here.news).hear(lambda: None, audience))
    telling = Audience(Neighbours(there.news).call_pages)
    with audience.listening("ann") as ann, audience.listening("ben") as ben:
        async with asyncio.timeout(PATIENCE_S):
            while not await ann.wait(0.01):
                telling.tell("ann", typing=True)
        assert not await ben.wait(0)
    hearing.cancel()
    await asyncio.gather(hearing, return_exceptions=True)
    await here.close()
    await there.close()


async def test_X15_clocks_on_one_store_go_where_the_one_ahead_goes(redis_server: RedisServer) -> None:
    store = await RedisStore.open(RedisAddress.parse(redis_server.url), SystemClock())
    real_s = 100.0
    one, late = (TestClock(START, real=lambda: real_s) for _ in range(2))
    shared = SharedClock(one, store.records, real=lambda: real_s)
    assert not await shared.meet()

    real_s += 5.0  # a process that starts later was told the same time
    late = TestClock(START, real=lambda: real_s)
    follower = SharedClock(late, store.records, real=lambda: real_s)
    assert await follower.meet()
    assert abs(late.now() - one.now()) < timedelta(milliseconds=1)

    moved = asyncio.Event()
    following = asyncio.create_task(follower.follow(moved.set))
    one.advance(90_000)
    await shared.advanced()
    assert moved.is_set(), "who moved the clock may go on once the others have followed"
    assert abs(late.now() - one.now()) < timedelta(milliseconds=1)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    await store.close()


@pytest.mark.parametrize("words", [("work",), ("serve", "--no-worker", "--port", "0")])
def test_F39_work_is_not_divided_on_the_embedded_store(words: tuple[str, ...], tmp_path: Path) -> None:
    done = frontdesk(*words, FRONTDESK_DATA_DIR=str(tmp_path))
    assert done.returncode == 2
    assert "REDIS_URL is not set" in done.stderr
    assert "or run `frontdesk serve`, which works by itself" in done.stderr


def test_F25_work_says_that_it_is_ready_what_is_not_well_and_leaves_with_0_after_sigterm(
    redis_server: RedisServer, tmp_path: Path
) -> None:
    environ = {**BARE, "REDIS_URL": redis_server.url, "FRONTDESK_ENV": "test", "FRONTDESK_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-c", "from gateway.cli.main import run; run()", "work"]
    with subprocess.Popen(command, env=environ, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            lines = (json.loads(line) for line in process.stdout)
            assert next(line for line in lines if line["event"] == "ready to work")
            redis_server.kill()
            ill = next(line for line in lines if line["event"] == "a part is not well")
            assert (ill["part"], ill["note"]) == ("store", "the store is away")
            redis_server.start()
            assert next(line for line in lines if line["event"] == "a part is well again")["part"] == "store"
        finally:
            os.kill(process.pid, signal.SIGTERM)
        assert process.wait(12) == 0


def test_work_does_not_start_without_its_redis_and_says_why(tmp_path: Path) -> None:
    done = frontdesk("work", FRONTDESK_DATA_DIR=str(tmp_path), REDIS_URL="redis://:canary@127.0.0.1:1/0")
    assert done.returncode == 1
    assert "Redis cannot be reached (ConnectionError); start it, or correct REDIS_URL" in done.stderr
    assert "canary" not in done.stdout + done.stderr


async def test_F15_a_desk_whose_redis_is_not_there_does_not_open(tmp_path: Path) -> None:
    with pytest.raises(StoreAway):
        await open_desk(Settings.load({"REDIS_URL": "redis://127.0.0.1:1/0", "FRONTDESK_DATA_DIR": str(tmp_path)}), {})
