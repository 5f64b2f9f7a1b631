"""HTTP to one host over connections of a shared pool, for what turns ask: bytes there, status and content back.

Names, TLS, connections and the parser are aiohttp's. What its session adds for any request that one could think of is
left out: models of request and response, cookies, redirects, traces (72 µs a call with them, 21 without).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import HttpProcessingError
from yarl import URL

Read = Callable[[aiohttp.StreamReader], Awaitable[bytes]]


class Line:
    """To the host of `url`. Made inside the running loop; `http` stays its owner's."""

    def __init__(self, url: URL, http: aiohttp.ClientSession, *, connect_s: float | None = None) -> None:
        """A connection is given up after `connect_s` seconds; how long all may take is the caller's matter."""
        self._http = http
        self._to = aiohttp.ClientRequest("GET", url, loop=asyncio.get_running_loop())
        self._patience = aiohttp.ClientTimeout(total=None, connect=connect_s)

    @property
    def headers(self) -> Mapping[str, str]:
        """What aiohttp sends by itself: Host, Accept, …"""
        return self._to.headers

    async def ask(self, request: bytes, read: Read = aiohttp.StreamReader.read) -> tuple[int, bytes]:
        """Write the whole request, give the answer's status and what `read` makes of its content.

        Raises aiohttp.ClientError and OSError; of these ClientConnectorError and ConnectionTimeoutError say that
        nothing was written.
        """
        connection = await self._connection()
        try:
            answer = await _answer(connection.protocol, request, read)
        except BaseException:
            connection.close()  # an answer that was not read to its end must not be the next one's
            raise
        connection.release()
        return answer

    async def _connection(self) -> aiohttp.connector.Connection:
        if self._http.connector is None:
            raise aiohttp.ClientConnectionError("the connection pool is closed")
        try:
            return await self._http.connector.connect(self._to, [], self._patience)
        except TimeoutError:
            raise aiohttp.ConnectionTimeoutError("no connection in time") from None


async def _answer(line: ResponseHandler | None, request: bytes, read: Read) -> tuple[int, bytes]:
    if line is None or line.transport is None:
        raise aiohttp.ServerDisconnectedError
    line.set_response_params(read_until_eof=True)
    line.transport.write(request)
    try:
        message, content = await line.read()
        while message.code < 200:  # 1xx: the answer is still to come (RFC 9110, 15.2)
            message, content = await line.read()
    except HttpProcessingError:
        raise aiohttp.ClientPayloadError("no answer of HTTP") from None
    return message.code, await read(content)
