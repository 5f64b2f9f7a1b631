"""Starts what is measured, each as its own process, and stops it again."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.load import SECRET
from tests.bench.providers import BOT_TOKEN

ROOT = Path(__file__).parents[2]
FLOWS = ROOT / "tests" / "chaos" / "flows"
READY_S = 60.0
STOP_S = 15.0


@dataclass(frozen=True, kw_only=True)
class Contestant:
    """What is run: a name for the tables, arguments for this Python, and the variables it wants."""

    name: str
    program: tuple[str, ...]
    environ: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Serving:
    """A process that said it was ready, and how many seconds after its start it did."""

    url: str
    pid: int
    ready_s: float


def floor(telegram: str, shop: str, *, careful: bool) -> Contestant:
    """The hand-written one; `careful` with a lock per chat and a set of seen updates."""
    return Contestant(
        name="floor with lock and dedupe" if careful else "floor",
        program=("-m", "tests.bench.floor", *(["--careful"] if careful else [])),
        environ={"TELEGRAM_API_URL": telegram, "SHOP_API_URL": shop, "BOT_TOKEN": BOT_TOKEN},
    )


def frontdesk(telegram: str | None, shop: str, data: Path, *, program: tuple[str, ...] = ()) -> Contestant:
    """The gateway as in production, on SQLite in `data`; without `telegram` it has its page only."""
    environ = {
        "FRONTDESK_ENV": "production",
        "FRONTDESK_DATA_DIR": str(data),
        "FLOWS_DIR": str(FLOWS),
        "SHOP_API_URL": shop,
        "PUBLIC_URL": "https://desk.example",
    }
    if telegram is not None:
        environ |= {
            "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "TELEGRAM_API_URL": telegram,
        }
    served = program or ("-c", "from gateway.cli.main import run; run()")
    return Contestant(name="Frontdesk on SQLite", program=(*served, "serve", "--port", "0"), environ=environ)


@asynccontextmanager
async def serving(contestant: Contestant) -> AsyncIterator[Serving]:
    """Run it until the block ends; raises when it does not become ready, or does not stop in order."""
    began = time.perf_counter()
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *contestant.program,
        env={**kept, **contestant.environ},
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stdin=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout
    try:
        async with asyncio.timeout(READY_S):
            url = await _ready(process.stdout)
        ready_s = time.perf_counter() - began
        draining = asyncio.create_task(_drain(process.stdout))
        yield Serving(url=url, pid=process.pid, ready_s=ready_s)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STOP_S):
            await draining
            code = await process.wait()
        if code not in (0, -signal.SIGTERM):
            raise RuntimeError(f"{contestant.name} ended with {code}")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _ready(said: asyncio.StreamReader) -> str:
    async for line in said:
        if found := re.search(rb"ready at (http://[\w.:]+)", line):
            return found[1].decode()
    raise RuntimeError("it ended before it was ready; its own words are above")


async def _drain(said: asyncio.StreamReader) -> None:
    """What it logs goes nowhere; a full pipe would stop it."""
    async for _ in said:
        continue
