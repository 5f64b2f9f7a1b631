"""The app around the door: health, metrics, the test clock, headers, and honesty about our own bugs."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from engine.errors import StoreAway
from gateway import health as health_module
from gateway.clock import TestClock
from gateway.health import Health
from gateway.settings import Settings
from tests.gateway.loopback import AUTHENTIC, Front, browsed

pytestmark = pytest.mark.anyio


@pytest.fixture
def front() -> Front:
    return Front()


@pytest.fixture
async def client(front: Front) -> AsyncIterator[aiohttp.ClientSession]:
    async with browsed(front.app()) as client:
        yield client


async def get(client: aiohttp.ClientSession, path: str) -> tuple[int, dict[str, object]]:
    async with client.get(path) as answer:
        return answer.status, await answer.json()


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/nowhere", "/webhooks/nowhere"])
async def test_X20_every_answer_carries_the_guarding_headers_and_no_servers_name(
    client: aiohttp.ClientSession, path: str
) -> None:
    async with client.get(path) as answer:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers
        assert "access-control-allow-origin" not in answer.headers


async def test_a_route_may_set_its_own_headers() -> None:
    async def page(_: Request) -> Response:
        return PlainTextResponse("hello", headers={"Cache-Control": "no-cache"})

    async with browsed(Front().app(routes=[Route("/", page)])) as client, client.get("/") as answer:
        assert answer.headers.getall("cache-control") == ["no-cache"]
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_healthz_is_alive_whatever_the_store_does(front: Front, client: aiohttp.ClientSession) -> None:
    front.store_away = True
    async with client.get("/healthz") as answer:
        assert (answer.status, await answer.text()) == (200, "alive\n")


async def test_readyz_names_each_part_and_stays_200_while_a_provider_is_away(
    front: Front, client: aiohttp.ClientSession
) -> None:
    front.health.report("pigeon", ok=False, note="the provider refuses our account")
    parts = {"store": {"ok": True, "note": ""}, "pigeon": {"ok": False, "note": "the provider refuses our account"}}
    assert await get(client, "/readyz") == (200, {"ready": True, "stopping": False, "parts": parts})
    front.health.report("pigeon", ok=True)
    _, said = await get(client, "/readyz")
    assert said["parts"] == {"store": {"ok": True, "note": ""}, "pigeon": {"ok": True, "note": ""}}


async def test_F15_readyz_is_503_without_the_store_and_recovers_with_it(
    front: Front, client: aiohttp.ClientSession
) -> None:
    front.store_away = True
    status, said = await get(client, "/readyz")
    assert (status, said["parts"]) == (503, {"store": {"ok": False, "note": "the store is away"}})
    front.store_away = False
    assert (await get(client, "/readyz"))[0] == 200


async def test_F15_a_store_that_hangs_is_asked_once_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_module, "PING_S", 0.01)
    asked, answers = 0, asyncio.Event()

    async def ping() -> None:
        nonlocal asked
        asked += 1
        await answers.wait()

    health = Health(ping)
    seen = await asyncio.gather(*(health.look() for _ in range(20)))
    assert {one.ready for one in seen} == {False}
    assert seen[0].parts["store"].note == "the store does not answer"
    assert asked == 1
    answers.set()
    assert (await health.look()).ready


async def test_F25_readyz_is_503_while_stopping(front: Front, client: aiohttp.ClientSession) -> None:
    front.health.stop()
    status, said = await get(client, "/readyz")
    assert (status, said["ready"], said["stopping"]) == (503, False, True)
    assert front.health.stopping.is_set()
    async with client.post("/webhooks/pigeon", json={"id": 1}, headers=AUTHENTIC) as answer:
        assert answer.status == 200, "what still arrives is kept"


async def test_X16_metrics_are_prometheus_text_without_a_word_of_the_store(
    front: Front, client: aiohttp.ClientSession
) -> None:
    front.store_away = True
    await get(client, "/readyz")
    async with client.post("/webhooks/nobody-knows-me", json={}) as answer:
        assert answer.status == 404
    async with client.get("/metrics") as answer:
        text = await answer.text()
        assert answer.content_type == "text/plain"
    assert 'frontdesk_webhooks_total{status="404"} 1.0' in text.splitlines()
    assert "somewhere" not in text
    assert "nobody" not in text


@pytest.mark.parametrize(("method", "path"), [("POST", "/healthz"), ("DELETE", "/readyz"), ("POST", "/metrics")])
async def test_other_methods_are_405(client: aiohttp.ClientSession, method: str, path: str) -> None:
    async with client.request(method, path) as answer:
        assert answer.status == 405


@pytest.mark.parametrize("path", ["/nowhere", "/healthz/", "/%2fevil.example/", "/console", "/_test/clock"])
async def test_C5_everything_else_is_404_and_nothing_redirects(client: aiohttp.ClientSession, path: str) -> None:
    async with client.get(path, headers={"Host": "evil.example"}, allow_redirects=False) as answer:
        assert answer.status == 404
        assert len(await answer.read()) < 100


async def test_our_own_bug_is_an_honest_500_without_a_trace() -> None:
    async def broken(_: Request) -> Response:
        raise RuntimeError("words of a customer")

    async with browsed(Front().app(routes=[Route("/broken", broken)])) as client, client.get("/broken") as answer:
        assert answer.status == 500
        assert await answer.text() == "Something broke here; it was not your request. It is written down.\n"
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_an_answer_that_breaks_half_way_is_cut_and_not_finished() -> None:
    async def half(scope: object, receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
        raise RuntimeError("ours")

    class Half:
        __call__ = staticmethod(half)

    app = Front().app(routes=[Route("/half", Half())])
    async with browsed(app) as client:
        with pytest.raises(aiohttp.ClientError):
            async with client.get("/half") as answer:
                await answer.read()


async def test_C13_a_route_that_finds_the_store_away_answers_503() -> None:
    async def away(_: Request) -> Response:
        raise StoreAway("locked")

    async with browsed(Front().app(routes=[Route("/away", away)])) as client, client.get("/away") as answer:
        assert (answer.status, await answer.read()) == (503, b"")


START = datetime(2026, 3, 1, 9, tzinfo=UTC)


def clocked(env: str = "test") -> Front:
    return Front(settings=Settings.load({"FRONTDESK_ENV": env}), clock=TestClock(START, real=lambda: 0.0))


async def test_X15_the_test_clock_moves_and_what_became_due_is_on_its_way_before_the_answer() -> None:
    front = clocked()
    async with browsed(front.app()) as client, client.post("/_test/clock", json={"advance_s": 90}) as answer:
        assert (answer.status, await answer.json()) == (200, {"now": "2026-03-01T09:01:30Z"})
    assert front.clock.now() == START + timedelta(seconds=90)
    assert front.advanced == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"\xff", 400),
        (b"", 400),
        (b'{"advance_s":', 400),
        (b'{"advance_s":NaN}', 400),
        (b"[1]", 422),
        (b"{}", 422),
        (b'{"advance_s":"1"}', 422),
        (b'{"advance_s":-1}', 422),
        (b'{"advance_s":1e300}', 422),
        (b'{"advance_s":true}', 422),
        (b'{"advance_s":1}'.ljust(2_000), 413),
    ],
)
async def test_X15_a_bad_body_moves_no_clock(body: bytes, status: int) -> None:
    front = clocked()
    async with browsed(front.app()) as client, client.post("/_test/clock", data=body) as answer:
        assert answer.status == status
    assert (front.clock.now(), front.advanced) == (START, 0)


@pytest.mark.parametrize("env", ["development", "production"])
async def test_X15_outside_a_test_environment_there_is_no_clock_to_move(env: str) -> None:
    async with browsed(clocked(env).app()) as client, client.post("/_test/clock", json={"advance_s": 1}) as answer:
        assert answer.status == 404


async def test_X15_a_test_environment_on_real_time_has_none_either() -> None:
    front = Front(settings=Settings.load({"FRONTDESK_ENV": "test"}))
    async with browsed(front.app()) as client, client.post("/_test/clock", json={"advance_s": 1}) as answer:
        assert answer.status == 404


def test_C3_importing_the_app_brings_no_channels_library() -> None:
    code = "import sys, gateway.app; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(found.stdout.split()).isdisjoint({"aiogram", "slack_bolt", "slack_sdk", "twilio", "openai"})
