"""Everything that stands while a run goes on: the doubles, the gateway's processes, and who may be killed."""

from __future__ import annotations

import os
import random
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from gateway.clock import SystemClock
from gateway.stores.sqlite import SqliteStore
from gateway.wiring import STORE_FILE
from tests.chaos.rig.export import export
from tests.chaos.rig.history import History
from tests.chaos.rig.loopback import listening
from tests.chaos.rig.plan import Plan
from tests.chaos.rig.postman import WEBHOOK_SECRET, Postman
from tests.chaos.rig.processes import Process, Program
from tests.chaos.rig.shop import Shop
from tests.chaos.rig.telegram import BOT_TOKEN, BotApi

ROOT = Path(__file__).parents[3]
FLOWS = Path(__file__).parents[1] / "flows"
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A running gateway in its surroundings."""

    api: BotApi
    postman: Postman
    victims: tuple[Process, ...]
    folder: Path

    async def close(self, history: History) -> None:
        """Stop the gateway in order, and write down what its store holds."""
        for process in self.victims:
            await process.stop()
        store = await SqliteStore.open(self.folder / "data" / STORE_FILE, SystemClock())
        try:
            await export(store.mailbox, store.records, history)
        finally:
            await store.close()


@asynccontextmanager
async def staged(plan: Plan, folder: Path, history: History) -> AsyncIterator[Stage]:
    """Everything started; when the block ends, whatever still runs is killed."""
    async with AsyncExitStack() as stack:
        chance = random.Random(f"{plan.seed}:world")
        api, shop = BotApi(history, plan.weather, chance), Shop(history, plan.weather, chance)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        port = _free_port()
        environ = {
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            "FRONTDESK_ENV": "test",
            "FRONTDESK_DATA_DIR": str(folder / "data"),
            "FLOWS_DIR": str(FLOWS),
            "PUBLIC_URL": "https://desk.example",
            "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
            "TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "TELEGRAM_API_URL": await stack.enter_async_context(listening(api, by="serve")),
            "SHOP_API_URL": await stack.enter_async_context(listening(shop, by="serve")),
        }
        serve = Process(
            Program(
                name="serve",
                command=[*_frontdesk(plan), "serve", "--port", str(port)],
                environ=environ,
                log=folder / "serve.log",
                ready=lambda: _ready(http, port),
            ),
            history,
        )
        stack.push_async_callback(serve.kill)
        await serve.start()
        postman = Postman(f"http://127.0.0.1:{port}", history, plan.weather, chance)
        yield Stage(api=api, postman=postman, victims=(serve,), folder=folder)


def _frontdesk(plan: Plan) -> list[str]:
    if not plan.fault:
        return [str(Path(sys.executable).with_name("frontdesk"))]
    return [sys.executable, str(Path(__file__).with_name("launch.py")), plan.fault, str(plan.lease_s)]


async def _ready(http: aiohttp.ClientSession, port: int) -> bool:
    try:
        async with http.get(f"http://127.0.0.1:{port}/readyz", timeout=aiohttp.ClientTimeout(total=2)) as answer:
            return answer.status == 200
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
