"""Everything that stands while a run goes on: the doubles, the gateway's processes, and who may be killed."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from gateway.clock import SystemClock
from gateway.settings import Settings
from gateway.stores.opening import STORE_FILE, open_store
from tests.chaos.rig.export import export
from tests.chaos.rig.history import History
from tests.chaos.rig.lives import Life, of_command, of_gateway
from tests.chaos.rig.loopback import listening
from tests.chaos.rig.nursery import Birth
from tests.chaos.rig.plan import Plan
from tests.chaos.rig.postman import WEBHOOK_SECRET, Postman
from tests.chaos.rig.processes import Process, Program
from tests.chaos.rig.shop import Shop
from tests.chaos.rig.telegram import BOT_TOKEN, BotApi
from tests.lossy_line import lossy_line
from tests.redis_servers import free_port

FLOWS = Path(__file__).parents[1] / "flows"
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")
REDIS, WORKERS = "redis", ("work-1", "work-2")


@dataclass(kw_only=True)
class Stage:
    """A running gateway in its surroundings. `doors` is where webhooks go."""

    plan: Plan
    folder: Path
    history: History
    api: BotApi
    shop: Shop
    chance: random.Random
    closing: AsyncExitStack
    doors: str = field(default_factory=lambda: f"http://127.0.0.1:{free_port()}")
    victims: list[Process] = field(default_factory=list)
    store: dict[str, str] = field(default_factory=dict)
    """The variables that lead to the store, past everything that disturbs."""

    def postman(self) -> Postman:
        """Telegram's deliveries to the doors."""
        return Postman(self.doors, self.history, self.plan.weather, self.chance)

    async def embedded(self) -> None:
        """One process on SQLite: doors and workers."""
        self.store = {"FRONTDESK_DATA_DIR": str(self.folder / "data")}
        await (await self._gateway("serve", self.store, "serve", *self._port)).start()

    async def apart(self) -> None:
        """Redis, reached over a line that loses answers; one process that hears, and two that work."""
        port = free_port()
        redis = [os.environ.get("REDIS_SERVER") or shutil.which("redis-server") or "redis-server"]
        redis += ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(self.folder)]
        redis += ["--save", "", "--appendonly", "yes"]
        begin = partial(of_command, redis, _surroundings(), self._log(REDIS))
        await self._process(REDIS, begin, ready=b"Ready to accept connections").start()
        line = await self.closing.enter_async_context(lossy_line(port))
        line.loses = lambda answer: self.chance.random() < self.plan.weather.store_lost
        self.store = {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}
        disturbed = {"REDIS_URL": f"redis://127.0.0.1:{line.port}/0"}
        doors = await self._gateway("doors", disturbed, "serve", "--no-worker", *self._port)
        workers = [await self._gateway(name, disturbed, "work") for name in WORKERS]
        await asyncio.gather(*(process.start() for process in (doors, *workers)))

    async def close(self) -> None:
        """Stop the gateway in order, and write down what its store holds."""
        for process in reversed(self.victims):
            if process.name != REDIS:
                await process.stop()
        store = await open_store(Settings.load(self.store), self.folder / "data" / STORE_FILE, SystemClock())
        try:
            await export(store.mailbox, store.records, self.history)
        finally:
            await store.close()
        for process in self.victims:
            await process.stop()

    @property
    def _port(self) -> tuple[str, str]:
        return "--port", self.doors.rpartition(":")[2]

    async def _gateway(self, name: str, store: dict[str, str], *command: str) -> Process:
        """Each process has its own door at every double, which so knows who asks."""
        environ = {
            "FRONTDESK_ENV": "test",
            "FLOWS_DIR": str(FLOWS),
            "PUBLIC_URL": "https://desk.example",
            "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
            "TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "TELEGRAM_API_URL": await self.closing.enter_async_context(listening(self.api, by=name)),
            "SHOP_API_URL": await self.closing.enter_async_context(listening(self.shop, by=name)),
            **store,
        }
        birth = Birth(
            arguments=command,
            environ=_surroundings() | environ,
            log=str(self._log(name)),
            fault=(self.plan.fault, self.plan.store, self.plan.lease_s) if self.plan.fault else None,
        )
        ready = b"ready to work" if command[0] == "work" else b"ready at http"
        return self._process(name, partial(of_gateway, birth), ready=ready)

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _process(self, name: str, begin: Callable[[], Awaitable[Life]], *, ready: bytes) -> Process:
        program = Program(name=name, begin=begin, log=self._log(name), ready=ready)
        process = Process(program, self.history)
        self.closing.push_async_callback(process.kill)
        self.victims.append(process)
        return process


@asynccontextmanager
async def staged(plan: Plan, folder: Path, history: History) -> AsyncIterator[Stage]:
    """Everything started; when the block ends, whatever still runs is killed."""
    chance = random.Random(f"{plan.seed}:world")
    api, shop = BotApi(history, plan.weather, chance), Shop(history, plan.weather, chance)
    async with AsyncExitStack() as closing:
        stage = Stage(plan=plan, folder=folder, history=history, api=api, shop=shop, chance=chance, closing=closing)
        await (stage.apart() if plan.store == "redis" else stage.embedded())
        yield stage


def _surroundings() -> dict[str, str]:
    return {kept: os.environ[kept] for kept in KEPT if kept in os.environ}
