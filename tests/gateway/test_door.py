"""The webhook door on a real server: what it refuses, in which order, and what it promises with a 2xx."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from channels.base import Answer, Inbound, Refusal, Verified
from engine.message import Event
from gateway import door as door_module
from gateway.door import MAX_ACKNOWLEDGING, MAX_BODY_BYTES
from gateway.listener import Listener
from tests.gateway.loopback import AUTHENTIC, SECRET, Front, browsed, raw, served, status

pytestmark = pytest.mark.anyio

HOOK = "/webhooks/pigeon"


@pytest.fixture
def front() -> Front:
    return Front()


@pytest.fixture
async def provider(front: Front) -> AsyncIterator[aiohttp.ClientSession]:
    async with browsed(front.app()) as client:
        yield client


async def post(
    provider: aiohttp.ClientSession, body: object, *, headers: dict[str, str] | None = None, to: str = HOOK
) -> int:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with provider.post(to, data=data, headers=AUTHENTIC if headers is None else headers) as answer:
        assert await answer.read() == b""
        assert "server" not in answer.headers
        return answer.status


def counted(front: Front, line: str) -> bool:
    return line in front.metrics.render().decode().splitlines()


async def test_C6_an_authentic_event_is_taken_and_answered_200(front: Front, provider: aiohttp.ClientSession) -> None:
    assert await post(provider, {"id": 7}) == 200
    assert list(front.intake.taken) == ["7"]
    assert counted(front, 'frontdesk_webhooks_total{status="200"} 1.0')


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_X6_only_post_is_answered_and_the_others_are_told_so(
    front: Front, provider: aiohttp.ClientSession, method: str
) -> None:
    async with provider.request(method, HOOK, headers=AUTHENTIC) as answer:
        assert (answer.status, answer.headers["allow"]) == (405, "POST")
    assert front.channel.seen == []


async def test_C6_the_method_comes_before_the_size_and_the_size_before_the_signature(
    front: Front, provider: aiohttp.ClientSession
) -> None:
    large = b"x" * (MAX_BODY_BYTES + 1)
    async with provider.put(HOOK, data=large) as answer:
        assert answer.status == 405
    assert await post(provider, large, headers={}) == 413
    assert front.channel.seen == []


async def test_C6_the_signature_comes_before_the_content_type_and_that_before_the_body(
    provider: aiohttp.ClientSession,
) -> None:
    assert await post(provider, b"{", headers={"content-type": "text/plain"}) == 401
    assert await post(provider, b"{", headers={**AUTHENTIC, "content-type": "text/plain"}) == 415
    assert await post(provider, b"{") == 400


async def test_C7_exactly_one_million_bytes_are_read(front: Front, provider: aiohttp.ClientSession) -> None:
    body = b'{"id":1}'.ljust(MAX_BODY_BYTES)
    assert await post(provider, body) == 200
    assert len(front.channel.seen[0].body) == MAX_BODY_BYTES


async def test_C7_one_byte_more_is_413_and_the_connection_goes_on(
    front: Front, provider: aiohttp.ClientSession
) -> None:
    assert await post(provider, b'{"id":1}'.ljust(MAX_BODY_BYTES + 1)) == 413
    assert await post(provider, {"id": 2}) == 200
    assert list(front.intake.taken) == ["2"]


async def test_C7_a_chunked_body_is_counted_as_it_comes(front: Front) -> None:
    piece = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    head = f"POST {HOOK} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n".encode()
    async with served(front.app()) as at:
        answer = await raw(at, head, *[piece] * 17, ended=lambda heard: b"\r\n\r\n" in heard)
    assert status(answer) == 413
    assert front.channel.seen == []


async def test_C7_no_more_than_the_limit_is_kept_of_a_body_without_end(front: Front) -> None:
    piece = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    asked = 0

    async def receive() -> dict[str, object]:
        nonlocal asked
        asked += 1
        return {"type": "http.request", "body": piece, "more_body": True}

    said: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        said.append(message)

    scope = {"type": "http", "method": "POST", "path": HOOK, "headers": [], "query_string": b"", "root_path": ""}
    await front.app()(scope, receive, send)  # type: ignore[arg-type] # dicts where ASGI says MutableMapping
    assert said[0]["status"] == 413
    assert asked == MAX_BODY_BYTES // len(piece) + 1


@pytest.mark.parametrize("length", [str(MAX_BODY_BYTES + 1), "9" * 18])
async def test_C7_a_large_content_length_is_refused_before_a_byte_of_the_body(front: Front, length: str) -> None:
    head = f"POST {HOOK} HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n".encode()
    async with served(front.app()) as at:
        assert status(await raw(at, head, ended=lambda heard: b"\r\n\r\n" in heard)) == 413


async def test_C7_of_a_body_longer_than_its_content_length_only_that_much_is_read(front: Front) -> None:
    head = f"POST {HOOK} HTTP/1.1\r\nhost: x\r\nx-pigeon: {SECRET.decode()}\r\ncontent-length: 5\r\n\r\n".encode()
    async with served(front.app()) as at:
        answer = await raw(at, head + b"x" * 100_000)
    assert status(answer) == 400
    assert [len(request.body) for request in front.channel.seen] == [5]


async def test_X5_a_body_that_does_not_come_costs_its_connection(front: Front) -> None:
    class Hasty(Listener):
        request_s = 0.05

    head = f"POST {HOOK} HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n".encode()
    async with served(front.app(), http=Hasty) as at:
        assert status(await raw(at, head + b"{")) == 408
    assert front.channel.seen == []


async def test_a_client_that_leaves_half_way_is_not_answered(front: Front) -> None:
    head = f"POST {HOOK} HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n".encode()
    async with served(front.app()) as at:
        await raw(at, head + b"{", ended=lambda _: True)
        async with aiohttp.ClientSession(f"http://{at[0]}:{at[1]}") as provider:
            assert await post(provider, {"id": 1}) == 200
    assert counted(front, 'frontdesk_webhooks_total{status="200"} 1.0')
    assert not counted(front, 'frontdesk_webhooks_total{status="500"} 1.0')


async def test_C8_a_header_reaches_the_channel_as_raw_bytes_and_as_often_as_it_was_sent(front: Front) -> None:
    head = f"POST {HOOK}?a=1&b= HTTP/1.1\r\nHost: x\r\nX-Pigeon: ".encode() + SECRET + b"\r\nx-pigeon: \xe9\xff\r\n"
    async with served(front.app()) as at:
        answer = await raw(at, head + b"content-length: 2\r\n\r\n{}", ended=lambda heard: b"\r\n\r\n" in heard)
    assert status(answer) == 401
    (seen,) = front.channel.seen
    assert [value for name, value in seen.headers if name == "x-pigeon"] == [SECRET, b"\xe9\xff"]
    assert (seen.method, seen.path, seen.query) == ("POST", HOOK, b"a=1&b=")


@pytest.mark.parametrize("headers", [{}, {"x-pigeon": "wrong"}, {"x-pigeon": ""}])
async def test_X4_every_wrong_signature_gets_the_same_empty_answer(
    front: Front, provider: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    assert await post(provider, {"id": 1}, headers={"content-type": "application/json", **headers}) == 401
    assert front.intake.taken == {}


@pytest.mark.parametrize("path", ["/webhooks/raven", "/webhooks/", "/webhooks/%2e%2e/console", "/webhooks/pigeon/"])
async def test_C9_a_channel_that_is_off_is_404(provider: aiohttp.ClientSession, path: str) -> None:
    async with provider.post(path, data=b"{}", headers=AUTHENTIC) as answer:
        assert answer.status == 404


async def test_a_channel_may_have_a_second_webhook_below_its_own(provider: aiohttp.ClientSession) -> None:
    assert await post(provider, {"id": 1}, to="/webhooks/pigeon/status") == 200


@pytest.mark.parametrize("error", [RuntimeError("words of a customer"), KeyError("x"), RecursionError()])
@pytest.mark.parametrize("verb", ["verify", "parse"])
async def test_C10_what_a_channel_did_not_foresee_is_400_and_counted(verb: str, error: Exception) -> None:
    front = Front()

    def raises(_: object) -> list[Event]:
        raise error

    setattr(front.channel, verb, raises)
    async with browsed(front.app()) as provider:
        assert await post(provider, {"id": 1}) == 400
    assert counted(front, 'frontdesk_webhooks_total{status="400"} 1.0')


async def test_C10_what_holds_nothing_for_us_is_200_counted_and_not_stored(
    front: Front, provider: aiohttp.ClientSession
) -> None:
    assert await post(provider, {"hologram": True}) == 200
    assert front.intake.taken == {}
    assert counted(front, "frontdesk_webhooks_unusable_total 1.0")


async def test_C11_the_second_delivery_is_answered_like_the_first(
    front: Front, provider: aiohttp.ClientSession
) -> None:
    assert [await post(provider, {"id": 1}) for _ in range(3)] == [200, 200, 200]
    assert list(front.intake.taken) == ["1"]


async def test_C72_what_was_taken_is_answered_as_the_channel_says(
    front: Front, provider: aiohttp.ClientSession
) -> None:
    front.channel.answers = Answer(body=b"<coo/>", content_type="text/xml")
    async with provider.post(HOOK, json={"id": 1}, headers={"x-pigeon": SECRET.decode()}) as answer:
        assert (answer.status, answer.content_type, await answer.read()) == (200, "text/xml", b"<coo/>")
    front.channel.answers = Answer(status=204)
    async with provider.post(HOOK, json={"id": 2}, headers={"x-pigeon": SECRET.decode()}) as answer:
        assert (answer.status, "content-length" in answer.headers) == (204, False)
    assert counted(front, 'frontdesk_webhooks_total{status="204"} 1.0')


async def test_C72_what_was_refused_or_not_taken_is_answered_with_nothing(
    front: Front, provider: aiohttp.ClientSession
) -> None:
    front.channel.answers = Answer(body=b"<coo/>", content_type="text/xml")
    assert await post(provider, {"id": 1}, headers={}) == 401
    front.intake.away = True
    assert await post(provider, {"id": 1}) == 503


async def test_C11_the_failpoints_stand_before_the_take_and_between_it_and_the_answer(
    front: Front, provider: aiohttp.ClientSession
) -> None:
    await post(provider, {"id": 1})
    assert front.footprints.reached == [("received", 0), ("accepted", 1)]
    await post(provider, {"id": 2}, headers={})
    assert len(front.footprints.reached) == 2


async def test_C13_without_the_store_it_is_503_and_the_same_request_later_succeeds(
    front: Front, provider: aiohttp.ClientSession
) -> None:
    front.intake.away = True
    assert await post(provider, {"ids": [1, 2]}) == 503
    assert front.channel.acknowledged == []
    front.intake.away = False
    assert await post(provider, {"ids": [1, 2]}) == 200
    assert list(front.intake.taken) == ["1", "2"]


async def test_C13_a_store_that_hangs_is_away(
    front: Front, provider: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door_module, "ACCEPT_S", 0.01)
    front.intake.hangs = True
    assert await post(provider, {"id": 1}) == 503


async def test_C14_a_provider_that_hangs_delays_no_answer_and_hears_of_what_is_urgent_up_to_the_limit(
    front: Front, provider: aiohttp.ClientSession
) -> None:
    assert await post(provider, {"id": "plain", "urgent": False}) == 200
    front.channel.provider_answers.clear()
    for id in range(MAX_ACKNOWLEDGING + 10):
        assert await post(provider, {"id": id}) == 200
    assert front.channel.acknowledged == []
    front.channel.provider_answers.set()
    await asyncio.sleep(0)
    assert len(front.channel.acknowledged) == MAX_ACKNOWLEDGING


async def test_our_own_bug_behind_the_door_is_an_honest_500(front: Front, provider: aiohttp.ClientSession) -> None:
    front.intake.breaks = RuntimeError("ours")
    async with provider.post(HOOK, json={"id": 1}, headers=AUTHENTIC) as answer:
        body = await answer.text()
        assert answer.status == 500
        assert "Traceback" not in body
        assert "ours" not in body


async def test_X4_the_reason_of_a_refusal_stays_inside() -> None:
    front = Front()

    def refuses(_: Inbound) -> Verified | Refusal:
        return Refusal(status=403, reason="signed for another host")

    front.channel.verify = refuses  # type: ignore[assignment] # one method of a double
    async with browsed(front.app()) as provider:
        assert await post(provider, {"id": 1}) == 403
