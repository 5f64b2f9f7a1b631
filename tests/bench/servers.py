"""Starts what is measured, each as its own process, and stops it again."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.contestants import ROOT, Contestant
from tests.redis_servers import RedisServer, running

DISK = ROOT / "build"
"""Not the system's temporary folder, which may be memory: what is measured is a disk."""
READY_S = 120.0
STOP_S = 30.0

_DOORS = re.compile(rb"ready at (http://[\w.:]+)")
_WORK = re.compile(rb"(ready to work)")


@dataclass(frozen=True, kw_only=True)
class Serving:
    """Processes that said they were ready, and how many seconds after the first one's start the last one did."""

    url: str
    pids: tuple[int, ...]
    redis_pids: tuple[int, ...]
    """None, or the one it keeps its customers in."""
    ready_s: float


@asynccontextmanager
async def serving(contestant: Contestant, redis: RedisServer | None = None) -> AsyncIterator[Serving]:
    """Run it until the block ends, on a new Redis if it wants one and none is given; raises when it does not become
    ready, or does not stop in order."""
    async with AsyncExitStack() as stack:
        if redis is None and contestant.fsync is not None:
            redis = stack.enter_context(new_redis_in(stack.enter_context(folder_on_disk()), contestant.fsync))
        environ = {**contestant.environ, **({"REDIS_URL": redis.url} if redis else {})}
        began = time.perf_counter()
        url, pid = await stack.enter_async_context(_process(contestant.program, environ, _DOORS))
        beside = [await stack.enter_async_context(_process(each, environ, _WORK)) for each in contestant.beside]
        ready_s = time.perf_counter() - began
        pids = (pid, *(each for _, each in beside))
        yield Serving(url=url, pids=pids, redis_pids=(redis.pid,) if redis else (), ready_s=ready_s)


def new_redis_in(folder: Path, fsync: str) -> AbstractContextManager[RedisServer]:
    """A redis-server that appends everything to a file in `folder`. Exits where none is installed."""
    program = shutil.which(os.environ.get("REDIS_SERVER", "redis-server"))
    if program is None:
        sys.exit("redis-server is not installed: apt-get install redis-server, or REDIS_SERVER=/path/to/it")
    return running(program, folder, "--save", "", "--appendonly", "yes", "--appendfsync", fsync)


@contextmanager
def folder_on_disk() -> Iterator[Path]:
    """Gone when the block ends."""
    DISK.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=DISK) as folder:
        yield Path(folder)


@asynccontextmanager
async def _process(
    program: tuple[str, ...], environ: Mapping[str, str], ready: re.Pattern[bytes]
) -> AsyncIterator[tuple[str, int]]:
    """What it said when it was ready, and its pid."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *program,
        env={**kept, **environ},
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stdin=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout
    try:
        async with asyncio.timeout(READY_S):
            said = await _said(process.stdout, ready)
        draining = asyncio.create_task(_drain(process.stdout))
        yield said, process.pid
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STOP_S):
            await draining
            code = await process.wait()
        if code not in (0, -signal.SIGTERM):
            raise RuntimeError(f"{' '.join(program)} ended with {code}")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _said(out: asyncio.StreamReader, ready: re.Pattern[bytes]) -> str:
    async for line in out:
        if found := ready.search(line):
            return found[1].decode()
    raise RuntimeError("it ended before it was ready; its own words are above")


async def _drain(out: asyncio.StreamReader) -> None:
    """What it logs goes nowhere; a full pipe would stop it."""
    async for _ in out:
        continue
