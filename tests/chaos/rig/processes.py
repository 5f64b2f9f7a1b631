"""A process of ours under attack: started as an operator would, killed, stalled, and started again."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.rig.history import History

READY_S = 60.0
"""A start that takes longer has hung, however busy the machine is."""
STOP_S = 14.0
"""From SIGTERM to the end; the promise is 12 s (F25)."""
LOOKED_S = 0.05


@dataclass(frozen=True, kw_only=True)
class Program:
    """What is run, and the words in its log by which it is known to be ready."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
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
        self._process: asyncio.subprocess.Process | None = None
        self._life = 0
        """Where in the log its present life begins."""

    async def start(self) -> None:
        """Return once it is ready. Raises Ended when it ends instead."""
        self.ready.clear()
        with self._program.log.open("ab") as log:
            self._life = log.tell()
            self._process = await asyncio.create_subprocess_exec(
                *self._program.command,
                env=dict(self._program.environ),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl+C is for the rig: it ends them in its order
            )
        self._wrote("started")
        async with asyncio.timeout(READY_S):
            while not self._says_ready():
                self.check()
                await asyncio.sleep(LOOKED_S)
        self._wrote("ready")
        self.ready.set()

    def check(self) -> None:
        """Raises Ended when it is gone of itself."""
        if self._process is not None and self._process.returncode is not None:
            raise Ended(f"{self.name} ended with {self._process.returncode}; its words are in {self._program.log}")

    async def kill(self) -> None:
        """SIGKILL, if it runs."""
        process, self._process = self._process, None
        self.ready.clear()
        if process is not None and process.returncode is None:
            self._wrote("killed")
            process.kill()
            await process.wait()

    async def stall(self, seconds: float) -> None:
        """SIGSTOP, and SIGCONT after a while."""
        if self._process is None or self._process.returncode is not None:
            return
        self._wrote("stopped")
        self._process.send_signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            self._process.send_signal(signal.SIGCONT)
            self._wrote("continued")

    async def stop(self) -> None:
        """SIGTERM. Raises TimeoutError when it is still there after STOP_S, Ended when it did not end in order."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(STOP_S):
                code = await process.wait()
        except TimeoutError:
            process.kill()
            raise
        self._wrote("ended")
        if code != 0:
            raise Ended(f"{self.name} stopped with {code}; its words are in {self._program.log}")

    def _says_ready(self) -> bool:
        with self._program.log.open("rb") as log:
            log.seek(self._life)
            return self._program.ready in log.read()

    def _wrote(self, did: str) -> None:
        self._history.write("process", name=self.name, did=did)
