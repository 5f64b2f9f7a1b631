"""Twilio on loopback: it remembers what it was asked, and answers well or as badly as it is told."""

from __future__ import annotations

import asyncio
import base64
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

SID = "AC" + "0" * 32
TOKEN = "double-auth-token"
NUMBER = "+14155550100"
SERVICE = "MG" + "0" * 32

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class TwilioDouble:
    """Every message is made unless `will` has lined up other answers."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.url = ""
        self.released = asyncio.Event()
        self._planned: deque[Answer] = deque()
        self._asked = asyncio.Condition()

    def will(self, *answers: Answer) -> None:
        """The next messages get these, in order."""
        self._planned.extend(answers)

    @property
    def bodies(self) -> list[str]:
        """The texts it was asked to send."""
        return [message["Body"] for message in self.asked]

    async def asked_for(self, messages: int) -> None:
        """Wait until it was asked for so many."""
        async with self._asked:
            await self._asked.wait_for(lambda: len(self.asked) >= messages)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        basic = base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        assert request.headers["Authorization"] == f"Basic {basic}"
        assert request.content_type == "application/x-www-form-urlencoded"
        self.asked.append({name: str(value) for name, value in (await request.post()).items()})
        async with self._asked:
            self._asked.notify_all()
        return await (self._planned.popleft() if self._planned else self._well)(request)

    async def _well(self, request: web.Request) -> web.StreamResponse:
        made = {"sid": f"SM{len(self.asked):032x}", "status": "queued", "error_code": None}
        return web.json_response(made, status=201)

    # the ways to go wrong; each is an Answer

    async def hang(self, request: web.Request) -> web.StreamResponse:
        """Accept, and never answer."""
        await self.released.wait()
        return web.Response()

    async def drip(self, request: web.Request) -> web.StreamResponse:
        """A byte now and then, for ever."""
        response = web.StreamResponse()
        await response.prepare(request)
        while not self.released.is_set():
            await response.write(b" ")
            await asyncio.sleep(0.02)
        return response

    async def cut(self, request: web.Request) -> web.StreamResponse:
        """Drop the line without a word."""
        assert request.transport
        request.transport.abort()
        return web.Response()


def says(status: int, code: int, **headers: str) -> Answer:
    """Twilio's error body; its message holds a number, as the real ones do."""
    body = {"code": code, "message": f"about {NUMBER}", "more_info": "https://www.twilio.com/docs", "status": status}
    return raw(status, json.dumps(body).encode(), **headers)


def raw(status: int, body: bytes, content_type: str = "application/json", **headers: str) -> Answer:
    """Any status with any body; `Retry_After` is the header Retry-After."""

    async def answer(request: web.Request) -> web.StreamResponse:
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, body=body, content_type=content_type, headers=said)

    return answer


@asynccontextmanager
async def twilio_double() -> AsyncIterator[TwilioDouble]:
    """A double that listens until the block ends."""
    double = TwilioDouble()
    app = web.Application()
    app.router.add_post(f"/2010-04-01/Accounts/{SID}/Messages.json", double.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    double.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield double
    finally:
        double.released.set()
        await runner.cleanup()
