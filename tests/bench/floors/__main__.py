"""The floor: the least that can hold one conversation of a flow, with nothing of what a gateway is for.

python -m tests.bench.floors [--careful] [--talk appointment]     TELEGRAM_API_URL, SHOP_API_URL and BOT_TOKEN say
                                                                  where the others are, REDIS_URL where it is kept

It answers 200 before anything is kept. uvicorn, uvloop, httptools, msgspec and one aiohttp session, as in the gateway.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import sys
from typing import Any

import msgspec
import uvicorn

from tests.bench.floors.appointment import appointment
from tests.bench.floors.refund import refund
from tests.bench.floors.shelves import Shelf, shelf_of
from tests.bench.floors.talk import Asking, Step

TALKS: dict[str, Step] = {"refund": refund, "appointment": appointment}


class Floor:
    """An ASGI app: one webhook, one conversation per chat."""

    def __init__(self, step: Step, shelf: Shelf, asking: Asking, telegram: str) -> None:
        self._step, self._shelf, self._asking = step, shelf, asking
        self._send_to = f"{telegram}/sendMessage"
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        task = asyncio.create_task(self._turn(msgspec.json.decode(body)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async def _turn(self, update: dict[str, Any]) -> None:
        message = update["message"]
        chat, text = message["chat"]["id"], message["text"].strip()
        said = await self._shelf.turn(update["update_id"], chat, lambda memory: self._step(memory, text, self._asking))
        if said is None:
            return
        reply, keyboard = said
        payload: dict[str, Any] = {"chat_id": chat, "text": reply}
        if keyboard:
            payload["reply_markup"] = keyboard
        await self._asking.send(self._send_to, payload)


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        assert sockets
        sys.stdout.write(f"ready at http://127.0.0.1:{sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--careful", action="store_true", help="with a lock per chat and dedupe")
    parser.add_argument("--talk", choices=TALKS, default="refund")
    asked = parser.parse_args()
    app = Floor(
        TALKS[asked.talk],
        shelf_of(os.environ.get("REDIS_URL"), careful=asked.careful),
        Asking(os.environ["SHOP_API_URL"]),
        f"{os.environ['TELEGRAM_API_URL']}/bot{os.environ['BOT_TOKEN']}",
    )
    config = uvicorn.Config(
        app, http="httptools", loop="uvloop", ws="none", lifespan="off", log_config=None, access_log=False
    )
    _Server(config).run(sockets=[socket.create_server(("127.0.0.1", 0), backlog=2048)])


if __name__ == "__main__":
    main()
