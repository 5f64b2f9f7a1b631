"""A desk as its own process: started, armed, killed, stopped and started again on the same data."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.doubles import BOT_TOKEN, Doubles

FLOWS = Path(__file__).parent / "flows"
PROGRAM = (sys.executable, "-c", "from gateway.cli.main import run; run()", "serve", "--port", "0")
WEBHOOK_SECRET = "chaos-webhook-secret"
READY_S = 30.0
"""A start that takes longer has hung, however busy the machine is."""
STOP_S = 12.0
"""From SIGTERM to the end (F25)."""
DIES_S = 20.0


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a process ended; a negative `code` is the signal that killed it."""

    code: int
    said: str
    complained: str


class Desk:
    """One data folder, and at most one process on it. `url` is where the present process listens.

    With `redis_url` conversations are there, and other desks may have them too.
    """

    def __init__(self, data: Path, world: Doubles, *, telegram: bool = False, redis_url: str = "") -> None:
        self.data = data
        self.url = ""
        self._world = world
        self._telegram = telegram
        self._redis_url = redis_url
        self._process: asyncio.subprocess.Process | None = None
        self._said: list[str] = []
        self._reading: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Was it started, and has nobody seen it end?"""
        return self._process is not None

    @property
    def pid(self) -> int:
        """Of the running process."""
        return self._running().pid

    async def start(self, *, failpoint: str = "") -> None:
        """Return once it says that it is ready. A process that ends instead is an AssertionError with its words."""
        await self.launch(failpoint=failpoint)
        process = self._running()
        assert process.stdout
        async with asyncio.timeout(READY_S):
            while line := (await process.stdout.readline()).decode():
                self._said.append(line)
                said = str(json.loads(line).get("event"))
                if said.startswith("ready at "):
                    self.url = said.removeprefix("ready at ")
                    self._reading = asyncio.create_task(self._listen(process.stdout))
                    return
        ended = await self.ended(within_s=READY_S)
        raise AssertionError(f"it ended with {ended.code} before it was ready: {ended.said}{ended.complained}")

    async def launch(self, *, failpoint: str = "") -> None:
        """Start the process and wait for nothing."""
        self._said = []
        self._process = await asyncio.create_subprocess_exec(
            *PROGRAM,
            env=self._environment(failpoint),
            cwd=self.data.parent,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            stdin=asyncio.subprocess.DEVNULL,
        )

    async def stop(self) -> Ended:
        """SIGTERM; TimeoutError when it is still there after STOP_S."""
        self.signal(signal.SIGTERM)
        return await self.ended(within_s=STOP_S)

    async def kill(self) -> None:
        """SIGKILL, if it still runs."""
        if self._process is not None:
            self.signal(signal.SIGKILL)
            await self.ended(within_s=DIES_S)

    def signal(self, number: signal.Signals) -> None:
        """To the running process."""
        if self._running().returncode is None:
            self._running().send_signal(number)

    async def ended(self, *, within_s: float = DIES_S) -> Ended:
        """Wait for the process to end by itself; gives what it said on both of its streams."""
        process = self._running()
        assert process.stdout
        assert process.stderr
        async with asyncio.timeout(within_s):
            complained = (await process.stderr.read()).decode()
            await (self._reading or self._listen(process.stdout))
            code = await process.wait()
        self._process = self._reading = None
        return Ended(code=code, said="".join(self._said), complained=complained)

    async def _listen(self, stream: asyncio.StreamReader) -> None:
        async for line in stream:
            self._said.append(line.decode())

    def _running(self) -> asyncio.subprocess.Process:
        assert self._process is not None, "no process was started"
        return self._process

    def _environment(self, failpoint: str) -> dict[str, str]:
        env = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        env |= {
            "FRONTDESK_ENV": "test",
            "FRONTDESK_DATA_DIR": str(self.data),
            "FLOWS_DIR": str(FLOWS),
            "SHOP_API_URL": self._world.shop.url,
        }
        if self._telegram:
            env |= {
                "PUBLIC_URL": "https://desk.example",
                "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
                "TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
                "TELEGRAM_API_URL": self._world.telegram.url,
            }
        if self._redis_url:
            env["REDIS_URL"] = self._redis_url
        return env | ({"FRONTDESK_FAILPOINT": failpoint} if failpoint else {})
