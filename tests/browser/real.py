"""The real gateway for a page to open: a process of its own, which keeps its port and its data when it is restarted."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
READY_S = 30.0
"""A start that takes longer has hung, however busy the machine is."""
END_S = 20.0
_SERVE = (sys.executable, "-c", "from gateway.cli.main import run; run()", "serve", "--port")
_KEPT = ("PATH", "HOME", "LANG", "TMPDIR")


@dataclass
class Gateway:
    """`start` and `end` are what a deploy looks like to a page: the address and the data stay."""

    data: Path
    port: int
    environ: dict[str, str]
    said: list[str] = field(default_factory=list)
    _process: asyncio.subprocess.Process | None = None
    _reading: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """The page's address."""
        return f"http://127.0.0.1:{self.port}/"

    async def start(self) -> None:
        """Return once it says that it is ready."""
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self._process = await asyncio.create_subprocess_exec(
            *_SERVE,
            str(self.port),
            env={**kept, "FRONTDESK_DATA_DIR": str(self.data), **self.environ},
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        ready = asyncio.Event()
        self._reading = asyncio.create_task(self._read(self._process, ready))
        async with asyncio.timeout(READY_S):
            await ready.wait()
        assert self._process.returncode is None, "".join(self.said)

    async def end(self, by: signal.Signals = signal.SIGTERM) -> None:
        """Send a signal and wait for the end; nothing when it does not run."""
        if self._process is None or self._reading is None:
            return
        self._process.send_signal(by)
        async with asyncio.timeout(END_S):
            await self._process.wait()
            await self._reading
        self._process = self._reading = None

    async def _read(self, process: asyncio.subprocess.Process, ready: asyncio.Event) -> None:
        assert process.stdout
        async for line in process.stdout:
            self.said.append(line.decode())
            if "ready at " in self.said[-1]:
                ready.set()
        await process.wait()
        ready.set()


@asynccontextmanager
async def real_gateway(data: Path, **environ: str) -> AsyncIterator[Gateway]:
    """The gateway on a free port of loopback, with nothing in its environment but `environ`, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    gateway = Gateway(data=data, port=port, environ=environ)
    await gateway.start()
    try:
        yield gateway
    finally:
        await gateway.end()
