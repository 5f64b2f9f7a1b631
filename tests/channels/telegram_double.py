"""Telegram on loopback: it remembers what it was asked, and answers well or as badly as it is told."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

TOKEN = "990000000700:double-token"
BOT_ID = "990000000700"
USERNAME = "frontdesk_example_bot"

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request: method name and its JSON."""

    method: str
    body: dict[str, Any]


class TelegramDouble:
    """Every call succeeds unless `will` has lined up other answers for its method."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.url = ""
        self.webhook: dict[str, Any] = {}
        """As it was set last; empty for none."""
        self.released = asyncio.Event()
        self._planned: dict[str, deque[Answer]] = defaultdict(deque)

    def will(self, method: str, *answers: Answer) -> None:
        """The next calls of `method` get these, in order."""
        self._planned[method].extend(answers)

    def asked(self, method: str) -> list[dict[str, Any]]:
        """Bodies of the calls of `method`."""
        return [call.body for call in self.calls if call.method == method]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        assert request.match_info["token"] == TOKEN
        assert request.content_type == "application/json"
        self.calls.append(Call(method=method, body=json.loads(await request.read())))
        planned = self._planned[method]
        return await (planned.popleft() if planned else self._well)(request)

    async def _well(self, request: web.Request) -> web.StreamResponse:
        method, body = request.match_info["method"], self.calls[-1].body
        if method == "getMe":
            result: Any = {"id": int(BOT_ID), "is_bot": True, "first_name": "Frontdesk", "username": USERNAME}
        elif method == "getUpdates":
            await self.released.wait()
            result = []
        elif method in ("setWebhook", "deleteWebhook"):
            self.webhook, result = body if method == "setWebhook" else {}, True
        elif method == "getWebhookInfo":
            kinds = {"allowed_updates": self.webhook["allowed_updates"]} if self.webhook else {}
            result = {"url": self.webhook.get("url", ""), "pending_update_count": 0, **kinds}
        elif method == "sendMessage":
            result = {"message_id": len(self.asked("sendMessage")), "date": 1, "chat": {"id": body["chat_id"]}}
        else:
            result = True
        return web.json_response({"ok": True, "result": result})

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

    async def cut_midway(self, request: web.Request) -> web.StreamResponse:
        """Drop the line in the middle of the answer."""
        response = web.StreamResponse(headers={"content-length": "100", "content-type": "application/json"})
        await response.prepare(request)
        await response.write(b'{"ok": tr')
        assert request.transport
        request.transport.abort()
        return response


def says(status: int, description: str | None, **parameters: Any) -> Answer:
    """The Bot API's error envelope."""
    body: dict[str, Any] = {"ok": False, "error_code": status}
    if description is not None:
        body["description"] = description
    if parameters:
        body["parameters"] = parameters
    return raw(status, json.dumps(body).encode())


def gives(result: Any) -> Answer:
    """A success with this result."""
    return raw(200, json.dumps({"ok": True, "result": result}).encode())


def raw(status: int, body: bytes, content_type: str = "application/json") -> Answer:
    """Any status with any body."""

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, body=body, content_type=content_type)

    return answer


@asynccontextmanager
async def telegram_double() -> AsyncIterator[TelegramDouble]:
    """A double that listens until the block ends."""
    double = TelegramDouble()
    app = web.Application()
    app.router.add_post("/bot{token}/{method}", double.answer)
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
