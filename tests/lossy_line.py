"""A line to a server on this machine that loses, delays or holds back what comes back: the request was carried out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass


@dataclass
class LossyLine:
    """`loses(n)` says whether the n-th answer of a connection, from 1, is lost with the connection. `delay_s` comes
    before every answer; `lost` counts."""

    port: int = 0
    loses: Callable[[int], bool] = lambda answer: False
    delay_s: float = 0.0
    lost: int = 0


@asynccontextmanager
async def lossy_line(server_port: int) -> AsyncIterator[LossyLine]:
    """Listens on a port of its own until the block ends. An answer is what one read of the server's side brings."""
    line = LossyLine()
    open_ones: set[asyncio.Task[None]] = set()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_ones.add(task)
        try:
            from_server, to_server = await asyncio.open_connection("127.0.0.1", server_port)
            there = asyncio.create_task(_pass_on(reader, to_server))
            try:
                await _return(line, from_server, writer)
            finally:
                there.cancel()
                to_server.close()
        except OSError:
            pass  # nobody there: so it is to whoever calls
        finally:
            writer.close()
            open_ones.discard(task)

    server = await asyncio.start_server(carry, "127.0.0.1", 0)
    line.port = server.sockets[0].getsockname()[1]
    try:
        yield line
    finally:
        server.close()
        for task in open_ones:
            task.cancel()
        await asyncio.gather(*open_ones, return_exceptions=True)


async def _return(line: LossyLine, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    answers = 0
    with suppress(ConnectionError):
        while answer := await reader.read(1 << 20):
            answers += 1
            await asyncio.sleep(line.delay_s)
            if line.loses(answers):
                line.lost += 1
                return
            if writer.is_closing():
                return
            writer.write(answer)
            await writer.drain()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while request := await reader.read(1 << 20):
            writer.write(request)
            await writer.drain()
    writer.close()
