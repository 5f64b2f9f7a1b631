"""Posting by the pool's connections: what comes back, and that no answer is ever taken for another's (C33, C36)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest

from channels.letterbox import Letterbox

pytestmark = pytest.mark.anyio

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@dataclass
class House:
    """A server that gives each request the next of `answers`; None: it hangs up, b"": it says nothing."""

    answers: list[bytes | None] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)
    callers: int = 0
    url: str = ""
    last: asyncio.StreamWriter | None = None

    def hang_up(self) -> None:
        """Behind what was written."""
        assert self.last is not None
        self.last.write_eof()

    async def open(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.callers += 1
        self.last = writer
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                self.requests.append(head + await reader.readexactly(length))
                answer = self.answers.pop(0)
                if answer is None:
                    break
                writer.write(answer)
        except asyncio.IncompleteReadError:
            pass  # the caller hung up
        finally:
            writer.close()


@asynccontextmanager
async def house(*answers: bytes | None) -> AsyncIterator[House]:
    """A house on loopback."""
    there = House(list(answers))
    async with await asyncio.start_server(there.open, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        there.url = f"http://127.0.0.1:{port}/bot1:x/sendMessage"
        yield there


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """The shared pool."""
    async with aiohttp.ClientSession() as session:
        yield session


def box(there: House, http: aiohttp.ClientSession, *, connect_s: float = 5.0) -> Letterbox:
    """To the house."""
    return Letterbox(there.url, http, connect_s=connect_s)


async def test_what_is_posted_arrives_whole_and_a_second_letter_takes_the_same_connection(
    http: aiohttp.ClientSession,
) -> None:
    async with house(OK, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n") as there:
        letters = box(there, http)
        assert await letters.post('{"text":"né"}'.encode()) == (200, b"{}")
        assert await letters.post(b"{}") == (404, b"")
        assert there.callers == 1
        head, _, body = there.requests[0].partition(b"\r\n\r\n")
        first, *names = head.split(b"\r\n")
        assert (first, body) == (b"POST /bot1:x/sendMessage HTTP/1.1", '{"text":"né"}'.encode())
        assert {name.partition(b":")[0] for name in names} == {
            b"Host",
            b"User-Agent",
            b"Content-Type",
            b"Content-Length",
        }
        assert f"Host: {there.url.split('/')[2]}".encode() in names


async def test_an_answer_in_chunks_behind_a_provisional_one_is_read_to_its_end(http: aiohttp.ClientSession) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    async with house(b"HTTP/1.1 103 Early Hints\r\n\r\n" + chunked, OK) as there:
        assert await box(there, http).post(b"{}") == (200, b"{}")
        assert await box(there, http).post(b"{}") == (200, b"{}")
        assert there.callers == 1


async def test_an_answer_of_no_told_length_ends_where_its_server_hangs_up(http: aiohttp.ClientSession) -> None:
    async with house(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", OK) as there:
        posting = asyncio.create_task(box(there, http).post(b"{}"))
        while not there.requests:
            await asyncio.sleep(0)
        there.hang_up()
        assert await posting == (200, b"{}")


async def test_C33_whoever_hangs_up_or_talks_nonsense_after_the_letter_may_have_taken_it(
    http: aiohttp.ClientSession,
) -> None:
    async with house(
        None, b"what?\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{}", OK
    ) as there:
        for _ in range(2):
            with pytest.raises(aiohttp.ClientError) as raised:
                await box(there, http).post(b"{}")
            assert not isinstance(raised.value, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
        there.answers.pop(0)
        assert await box(there, http).post(b"{}") == (200, b"{}")
        assert there.callers == 3


async def test_C33_where_nobody_listens_or_nobody_greets_nothing_was_written(http: aiohttp.ClientSession) -> None:
    async with house() as there:
        silent = House(url=there.url.replace("http:", "https:"))
        with pytest.raises(aiohttp.ConnectionTimeoutError):
            await box(silent, http, connect_s=0.2).post(b"{}")
    with pytest.raises(aiohttp.ClientConnectorError):
        await box(there, http).post(b"{}")


async def test_C36_an_answer_that_came_too_late_is_not_the_next_letters(http: aiohttp.ClientSession) -> None:
    never = b""
    async with house(never, OK) as there:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await box(there, http).post(b"{}")
        assert await box(there, http).post(b"{}") == (200, b"{}")
        assert there.callers == 2


async def test_a_pool_that_was_closed_takes_no_letters(http: aiohttp.ClientSession) -> None:
    async with house(OK) as there:
        letters = box(there, http)
        await http.close()
        with pytest.raises(aiohttp.ClientConnectionError):
            await letters.post(b"{}")
        assert there.requests == []
