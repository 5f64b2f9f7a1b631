"""What a hand-written conversation is made of: its own memory, a step, and somebody to ask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import msgspec

Memory = dict[str, str]
"""What it knows of one customer; `at` is where they are."""
Keyboard = dict[str, Any]
Said = tuple[str, Keyboard | None]
Step = Callable[[Memory, str, "Asking"], Awaitable[Said]]
"""One message: changes the memory, gives the reply."""

YES_NO: Keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}, {"text": "No", "callback_data": "n"}]]}


def keyboard_of(*options: str) -> Keyboard:
    """A button a line."""
    return {"inline_keyboard": [[{"text": option, "callback_data": option}] for option in options]}


class Asking:
    """JSON to the shop and to Telegram, over one session of aiohttp."""

    def __init__(self, shop: str) -> None:
        self._shop = shop
        self._http: aiohttp.ClientSession | None = None

    async def get(self, path: str) -> Any:
        """From the shop."""
        return await self._call("GET", self._shop + path, None, {})

    async def post(self, path: str, body: Any, key: str) -> Any:
        """To the shop; `key` lets it know a repeat."""
        return await self._call("POST", self._shop + path, body, {"Idempotency-Key": key})

    async def send(self, url: str, body: Any) -> None:
        """To Telegram."""
        await self._call("POST", url, body, {})

    async def close(self) -> None:
        """Hang up."""
        if self._http is not None:
            await self._http.close()

    async def _call(self, method: str, url: str, body: Any, headers: dict[str, str]) -> Any:
        self._http = self._http or aiohttp.ClientSession()
        data = None if body is None else msgspec.json.encode(body)
        sent = {"content-type": "application/json", **headers}
        async with self._http.request(method, url, data=data, headers=sent) as answer:
            return msgspec.json.decode(await answer.read())
