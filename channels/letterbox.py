"""One address that takes JSON by POST: for the call that every turn makes."""

from __future__ import annotations

import aiohttp
from yarl import URL

from channels.line import Line
from engine.message import USER_AGENT

_HEAD = "POST {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\nContent-Type: application/json\r\nContent-Length: "


class Letterbox:
    """Posts to `url`, and reads the answer. Made inside the running loop; `http` stays its owner's."""

    def __init__(self, url: str, http: aiohttp.ClientSession, *, connect_s: float) -> None:
        """A connection is given up after `connect_s` seconds; how long all may take is the caller's matter."""
        at = URL(url, encoded=True)
        self._line = Line(at, http, connect_s=connect_s)
        self._head = _HEAD.format(at.raw_path_qs, self._line.headers["Host"], USER_AGENT).encode()

    async def post(self, body: bytes) -> tuple[int, bytes]:
        """Status and content of the answer. Raises what a line raises."""
        return await self._line.ask(b"%s%d\r\n\r\n%s" % (self._head, len(body), body))
