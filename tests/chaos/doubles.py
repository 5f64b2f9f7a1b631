"""Telegram and a shop on loopback: each acts on what it is asked, and remembers it."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

BOT_TOKEN = "990000000900:chaos-token"
ITEM = "Wireless headphones"
PRICE = "$79.99"


class News:
    """Wakes whoever waits for something to become true of a double's log."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()

    async def tell(self) -> None:
        """The log has grown."""
        async with self._changed:
            self._changed.notify_all()

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait for `true()`; how long is the caller's business."""
        async with self._changed:
            await self._changed.wait_for(true)


class TelegramDouble:
    """The Bot API as far as a bot that writes plain messages sees it."""

    def __init__(self) -> None:
        self.url = ""
        self.news = News()
        self.messages: dict[str, list[str]] = defaultdict(list)
        """What each chat was sent, in order, repeats included."""

    def app(self) -> web.Application:
        """Its routes."""
        app = web.Application()
        app.router.add_post(f"/bot{BOT_TOKEN}/{{method}}", self._answer)
        return app

    async def _answer(self, request: web.Request) -> web.Response:
        body = json.loads(await request.read())
        if request.match_info["method"] != "sendMessage":
            me = {"id": int(BOT_TOKEN.partition(":")[0]), "is_bot": True, "first_name": "Desk", "username": "desk_bot"}
            return web.json_response({"ok": True, "result": me})
        chat = str(body["chat_id"])
        self.messages[chat].append(body["text"])
        await self.news.tell()
        sent = {"message_id": len(self.messages[chat]), "date": 1, "chat": {"id": body["chat_id"]}}
        return web.json_response({"ok": True, "result": sent})


@dataclass(frozen=True, kw_only=True)
class ShopCall:
    """One request: `key` is its Idempotency-Key, "" when it had none; `body` its JSON, None without one."""

    method: str
    path: str
    key: str
    body: Any


class ShopDouble:
    """Knows every order, refunds once per key, and says 422 to a key that comes back with another body.

    While `answering` is not set, a refund is made and its answer is held back.
    """

    def __init__(self) -> None:
        self.url = ""
        self.news = News()
        self.answering = asyncio.Event()
        self.answering.set()
        self.calls: list[ShopCall] = []
        self.refunds: dict[str, Any] = {}
        """Each key that acted, with the body it came with."""

    def app(self) -> web.Application:
        """Its routes."""
        app = web.Application()
        app.router.add_get("/orders/{number}", self._order)
        app.router.add_post("/refunds", self._refund)
        return app

    def refunded(self, order: str) -> list[str]:
        """The keys under which this order was refunded: more than one is money lost."""
        return [key for key, body in self.refunds.items() if body["order_number"] == order]

    def keyless(self) -> list[ShopCall]:
        """Calls that nobody could repeat safely."""
        return [call for call in self.calls if not call.key]

    def forget(self) -> None:
        """Start with an empty log."""
        self.calls.clear()
        self.refunds.clear()

    async def _order(self, request: web.Request) -> web.Response:
        self._remember(request, None)
        return web.json_response({"item": ITEM, "amount": PRICE.removeprefix("$"), "currency": "USD"})

    async def _refund(self, request: web.Request) -> web.Response:
        body = json.loads(await request.read())
        call = self._remember(request, body)
        made = self.refunds.setdefault(call.key, body)
        await self.news.tell()
        await self.answering.wait()
        return web.json_response({}, status=201 if made == body else 422)

    def _remember(self, request: web.Request, body: Any) -> ShopCall:
        key = request.headers.get("Idempotency-Key", "")
        self.calls.append(ShopCall(method=request.method, path=request.path, key=key, body=body))
        return self.calls[-1]


@dataclass(frozen=True, kw_only=True)
class Doubles:
    """Everything outside the desk."""

    telegram: TelegramDouble
    shop: ShopDouble


@asynccontextmanager
async def doubles() -> AsyncIterator[Doubles]:
    """Both, listening until the block ends."""
    world = Doubles(telegram=TelegramDouble(), shop=ShopDouble())
    async with _served(world.telegram.app()) as world.telegram.url, _served(world.shop.app()) as world.shop.url:
        yield world


@asynccontextmanager
async def _served(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
