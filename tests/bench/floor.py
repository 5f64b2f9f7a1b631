"""The floor: the least that can hold this one refund conversation, with nothing of what a gateway is for.

python -m tests.bench.floor [--careful]     TELEGRAM_API_URL, SHOP_API_URL and BOT_TOKEN say where the others are

In memory; a crash forgets everybody. Without --careful also: a repeated update is answered twice, and two messages of
one chat may be handled at once. uvicorn, uvloop, httptools, msgspec and one aiohttp session, as in the gateway.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import socket
import sys
from collections import defaultdict
from typing import Any

import aiohttp
import msgspec
import uvicorn

ORDER = re.compile(r"ORD-\d{5}")
YES_NO = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}, {"text": "No", "callback_data": "n"}]]}
REASONS = {
    "inline_keyboard": [[{"text": reason, "callback_data": reason}] for reason in ("defective", "wrong_item", "other")]
}


class Floor:
    """An ASGI app: one webhook, one conversation per chat."""

    def __init__(self, telegram: str, shop: str, *, careful: bool) -> None:
        self._telegram, self._shop = telegram, shop
        self._careful = careful
        self._talks: dict[int, dict[str, str]] = {}
        self._locks: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._seen: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._http: aiohttp.ClientSession | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        update = msgspec.json.decode(body)
        if not self._careful or update["update_id"] not in self._seen:
            self._seen.add(update["update_id"])
            task = asyncio.create_task(self._handle(update["message"]))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async def _handle(self, message: dict[str, Any]) -> None:
        chat, text = message["chat"]["id"], message["text"]
        if not self._careful:
            await self._turn(chat, text)
            return
        async with self._locks[chat]:
            await self._turn(chat, text)

    async def _turn(self, chat: int, text: str) -> None:
        talk = self._talks.setdefault(chat, {"at": "new"})
        reply, keyboard = await self._step(talk, text.strip())
        payload: dict[str, Any] = {"chat_id": chat, "text": reply}
        if keyboard:
            payload["reply_markup"] = keyboard
        await self._call("POST", f"{self._telegram}/sendMessage", payload)

    async def _step(self, talk: dict[str, str], text: str) -> tuple[str, dict[str, Any] | None]:
        match talk["at"], text.lower():
            case "new", _ if "refund" in text.lower():
                talk["at"] = "order"
                return "Which order number is it?", None
            case "order", _ if found := ORDER.search(text.upper()):
                answer = await self._call("GET", f"{self._shop}/orders/{found[0]}", None)
                talk |= {"at": "confirm", "order": found[0], "item": answer["item"], "amount": f"${answer['amount']}"}
                return f"Order {found[0]}: {talk['item']}, {talk['amount']}. Is that the right one?", YES_NO
            case "confirm", "yes":
                talk["at"] = "reason"
                return "Why are you sending it back?", REASONS
            case "reason", "broken":
                talk |= {"at": "sure", "reason": "defective"}
                return f"Shall we refund {talk['amount']} for {talk['item']} now?", YES_NO
            case "sure", "yes":
                body = {"order_number": talk["order"], "reason": talk["reason"]}
                await self._call("POST", f"{self._shop}/refunds", body, {"Idempotency-Key": talk["order"]})
                talk["at"] = "new"
                return f"Your refund of {talk['amount']} for {talk['order']} has been submitted.", None
            case _:
                return "I did not understand that.", None

    async def _call(self, method: str, url: str, body: Any, headers: dict[str, str] | None = None) -> Any:
        self._http = self._http or aiohttp.ClientSession()
        data = None if body is None else msgspec.json.encode(body)
        sent = {"content-type": "application/json", **(headers or {})}
        async with self._http.request(method, url, data=data, headers=sent) as answer:
            return msgspec.json.decode(await answer.read())


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        assert sockets
        sys.stdout.write(f"ready at http://127.0.0.1:{sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--careful", action="store_true", help="with a lock per chat and a set of seen updates")
    careful = parser.parse_args().careful
    app = Floor(
        f"{os.environ['TELEGRAM_API_URL']}/bot{os.environ['BOT_TOKEN']}", os.environ["SHOP_API_URL"], careful=careful
    )
    config = uvicorn.Config(
        app, http="httptools", loop="uvloop", ws="none", lifespan="off", log_config=None, access_log=False
    )
    _Server(config).run(sockets=[socket.create_server(("127.0.0.1", 0), backlog=2048)])


if __name__ == "__main__":
    main()
