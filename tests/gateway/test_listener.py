"""What a connection may cost before anything of ours has seen its request (X5, F36)."""

from __future__ import annotations

import asyncio
import resource

import pytest

from gateway import server as server_module
from gateway.listener import MAX_CONNECTIONS, MAX_HEAD_BYTES, RESERVED_FILES, Listener, max_connections
from tests.gateway.loopback import Front, raw, served, status

pytestmark = pytest.mark.anyio

HEAD = b"GET /healthz HTTP/1.1\r\nhost: x\r\n"
WHOLE = HEAD + b"connection: close\r\n\r\n"


class Hasty(Listener):
    """Gives a request no time to speak of."""

    request_s = 0.05


async def test_X5_a_head_up_to_the_limit_is_read_in_however_many_pieces() -> None:
    filler = b"".join(b"x-%d: %s\r\n" % (number, b"y" * 900) for number in range(17))
    head = HEAD + filler + b"connection: close\r\n\r\n"
    assert MAX_HEAD_BYTES - 1_200 < len(head) < MAX_HEAD_BYTES
    async with served(Front().app()) as at:
        assert status(await raw(at, head)) == 200
        assert status(await raw(at, *[head[start : start + 4_000] for start in range(0, len(head), 4_000)])) == 200


@pytest.mark.parametrize(
    "chunks",
    [
        [HEAD + b"x: " + b"y" * MAX_HEAD_BYTES + b"\r\n\r\n"],
        [HEAD + b"x: y\r\n" * (MAX_HEAD_BYTES // 2) + b"\r\n"],
        [b"GET /" + b"y" * MAX_HEAD_BYTES + b" HTTP/1.1\r\nhost: x\r\n\r\n"],
        [HEAD, b"x: ", *[b"y" * 1_000] * 20],
    ],
)
async def test_X5_a_larger_head_is_431_also_one_that_does_not_end(chunks: list[bytes]) -> None:
    async with served(Front().app()) as at:
        assert status(await raw(at, *chunks)) == 431


@pytest.mark.parametrize("chunks", [[HEAD], [HEAD, b"x: y"], [b"G"]])
async def test_X5_a_head_that_does_not_come_is_408(chunks: list[bytes]) -> None:
    async with served(Front().app(), http=Hasty) as at:
        assert status(await raw(at, *chunks)) == 408


@pytest.mark.parametrize("chunks", [[], [b"\r\n"]])
async def test_X5_a_connection_that_says_nothing_is_closed(chunks: list[bytes]) -> None:
    async with served(Front().app(), http=Hasty) as at:
        assert await raw(at, *chunks) == b""


async def test_X5_a_body_that_goes_on_after_its_413_is_ended_too() -> None:
    head = b"POST /webhooks/pigeon HTTP/1.1\r\nhost: x\r\ncontent-length: 2000000\r\n\r\n"
    async with served(Front().app(), http=Hasty) as at:
        answer = await raw(at, head + b"x")
    assert status(answer) == 413
    assert answer.count(b"HTTP/1.1") == 1


async def test_X5_the_second_request_of_a_connection_has_a_deadline_as_the_first_had() -> None:
    async with served(Front().app(), http=Hasty) as at:
        answer = await raw(at, HEAD + b"\r\n" + HEAD)
    assert [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]] == [200, 408]


@pytest.mark.parametrize(
    "chunk",
    [b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"GET /\xff HTTP/1.1\r\n\r\n"],
)
async def test_what_is_no_http_is_400_in_a_line(chunk: bytes) -> None:
    async with served(Front().app()) as at:
        answer = await raw(at, chunk)
    assert answer == b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


async def test_a_websocket_is_not_spoken_here() -> None:
    upgrade = HEAD.replace(b"/healthz", b"/web/events") + b"connection: upgrade\r\nupgrade: websocket\r\n\r\n"
    async with served(Front().app()) as at:
        answer = await raw(at, upgrade, ended=lambda heard: b"\r\n\r\n" in heard)
    assert status(answer) == 404


async def test_F36_beyond_the_bound_a_connection_is_told_503_and_there_is_room_again_when_others_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server_module, "max_connections", lambda: 2)
    async with served(Front().app()) as at:
        idle = [await asyncio.open_connection(*at) for _ in range(2)]
        assert status(await raw(at)) == 503
        for _, writer in idle:
            writer.close()
            await writer.wait_closed()
        assert status(await raw(at, WHOLE)) == 200


def test_F36_connections_leave_descriptors_for_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    for allowed, bound in ((128, 128 - RESERVED_FILES), (1_000_000, MAX_CONNECTIONS), (20, 16), (-1, MAX_CONNECTIONS)):
        monkeypatch.setattr(resource, "getrlimit", lambda _, allowed=allowed: (allowed, allowed))
        assert max_connections() == bound
