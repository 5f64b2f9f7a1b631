"""One address that takes JSON by POST, over connections of a shared pool: for the call that every turn makes."""

from __future__ import annotations

import asyncio

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import HttpProcessingError
from yarl import URL

from engine.message import USER_AGENT

_HEAD = "POST {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\nContent-Type: application/json\r\nContent-Length: "


class Letterbox:
    """Posts to `url`, and reads the answer. Made inside the running loop; `http` stays its owner's.

    Names, TLS, connections and the parser are aiohttp's. What its `post` adds for any request that one could think of
    is left out: models of request and response, cookies, redirects, traces (72 µs a call with them, 21 without).
    """

    def __init__(self, url: str, http: aiohttp.ClientSession, *, connect_s: float) -> None:
        """A connection is given up after `connect_s` seconds; how long all may take is the caller's matter."""
        at = URL(url, encoded=True)
        self._http = http
        self._to = aiohttp.ClientRequest("POST", at, loop=asyncio.get_running_loop())
        self._patience = aiohttp.ClientTimeout(total=None, connect=connect_s)
        self._head = _HEAD.format(at.raw_path_qs, self._to.headers["Host"], USER_AGENT).encode()

    async def post(self, body: bytes) -> tuple[int, bytes]:
        """Status and content of the answer. Raises aiohttp.ClientError and OSError; of these ClientConnectorError and
        ConnectionTimeoutError say that nothing was written."""
        connection = await self._connection()
        try:
            answer = await _answer(connection.protocol, b"%s%d\r\n\r\n%s" % (self._head, len(body), body))
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


async def _answer(line: ResponseHandler | None, letter: bytes) -> tuple[int, bytes]:
    if line is None or line.transport is None:
        raise aiohttp.ServerDisconnectedError
    line.set_response_params(read_until_eof=True)
    line.transport.write(letter)
    try:
        message, content = await line.read()
        while message.code < 200:  # 1xx: the answer is still to come (RFC 9110, 15.2)
            message, content = await line.read()
    except HttpProcessingError:
        raise aiohttp.ClientPayloadError("no answer of HTTP") from None
    return message.code, await content.read()
