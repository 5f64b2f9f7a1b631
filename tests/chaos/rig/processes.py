"""A process of ours under attack: started as an operator would, killed, stalled, and started again."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.rig.history import History
from tests.chaos.rig.lives import Life

READY_S = 60.0
"""A start that takes longer has hung, however busy the machine is."""
STOP_S = 14.0
"""From SIGTERM to the end; the promise is 12 s (F25)."""
LOOKED_S = 0.05
TRIES = 10


@dataclass(frozen=True, kw_only=True)
class Program:
    """How it is begun, and the words in its log by which it is known to be ready."""

    name: str
    begin: Callable[[], Awaitable[Life]]
    log: Path
    ready: bytes


class Ended(RuntimeError):
    """A process ended though nobody killed it."""


class Process:
    """One program, one life after the other."""

    def __init__(self, program: Program, history: History) -> None:
        self.name = program.name
        self.ready = asyncio.Event()
        self._program, self._history = program, history
        self._process: Life | None = None
        self._life = 0
        """Where in the log its present life begins."""

    async def start(self) -> None:
        """Return once it is ready. One that ends before, as where its store is away, is started again, as whoever looks
        after services does. Raises Ended when that does not help."""
        for _ in range(TRIES):
            await self._launch()
            async with asyncio.timeout(READY_S):
                while self._runs() and not self._says_ready():
                    await asyncio.sleep(LOOKED_S)
            if self._runs():
                self._wrote("ready")
                self.ready.set()
                return
            self._wrote("ended")
        raise Ended(f"{self.name} does not start; its words are in {self._program.log}")

    def check(self) -> None:
        """Raises Ended when it was ready, nobody struck it, and it is gone."""
        if self.ready.is_set() and not self._runs():
            raise Ended(f"{self.name} ended by itself; its words are in {self._program.log}")

    async def kill(self) -> None:
        """SIGKILL, if it runs."""
        process, self._process = self._process, None
        self.ready.clear()
        if process is not None and process.returncode is None:
            self._wrote("killed")
            process.send_signal(signal.SIGKILL)
            await process.wait()

    async def stall(self, seconds: float) -> None:
        """SIGSTOP, and SIGCONT after a while."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        self.ready.clear()
        self._wrote("stopped")
        process.send_signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            process.send_signal(signal.SIGCONT)
            self._wrote("continued")
            self.ready.set()

    async def stop(self) -> None:
        """SIGTERM. Raises TimeoutError when it is still there after STOP_S, Ended when it did not end in order."""
        process, self._process = self._process, None
        self.ready.clear()
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_S):
                code = await process.wait()
        except TimeoutError:
            process.send_signal(signal.SIGKILL)
            raise
        self._wrote("ended")
        if code != 0:
            raise Ended(f"{self.name} stopped with {code}; its words are in {self._program.log}")

    async def _launch(self) -> None:
        self._program.log.touch()
        self._life = self._program.log.stat().st_size
        self._process = await self._program.begin()
        self._wrote("started")

    def _runs(self) -> bool:
        return self._process is not None and self._process.returncode is None

    def _says_ready(self) -> bool:
        with self._program.log.open("rb") as log:
            log.seek(self._life)
            return self._program.ready in log.read()

    def _wrote(self, did: str) -> None:
        self._history.write("process", name=self.name, did=did)
