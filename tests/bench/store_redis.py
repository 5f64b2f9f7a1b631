"""Turns per second, CPU per turn on both sides, and bytes per idle conversation of the store on Redis.

python -m tests.bench.store_redis [--seconds 5] [--conversations 64] [--idle 0] [--fsync everysec]

Starts a redis-server of its own; needs one on PATH, or REDIS_SERVER=/path/to/it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path

import uvloop

from gateway.clock import SystemClock
from gateway.stores.redis import RedisStore
from gateway.stores.redis_address import RedisAddress
from tests.bench.store_sqlite import fill, talk
from tests.redis_servers import RedisServer, running


def main() -> None:
    """Run it and print one line of figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--conversations", type=int, default=64)
    parser.add_argument("--idle", type=int, default=0, help="stored conversations beside the busy ones, in thousands")
    parser.add_argument("--fsync", choices=("no", "everysec", "always"), default="everysec")
    options = parser.parse_args()
    program = shutil.which(os.environ.get("REDIS_SERVER", "redis-server"))
    if program is None:
        sys.exit("redis-server is not installed: apt-get install redis-server, or REDIS_SERVER=/path/to/it")
    with (
        tempfile.TemporaryDirectory(dir=Path.cwd()) as folder,
        running(program, Path(folder), "--save", "", "--appendonly", "yes", "--appendfsync", options.fsync) as server,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        print(runner.run(measure(server, options)))  # noqa: T201 - its figures are what it is for


async def measure(server: RedisServer, options: argparse.Namespace) -> str:
    """The figures, on a store that is opened for it."""
    store = await RedisStore.open(RedisAddress.parse(server.url), SystemClock())
    empty = int(server.ask("INFO", "memory")["used_memory"])
    await fill(store, options.idle * 1000)
    idle_bytes = (int(server.ask("INFO", "memory")["used_memory"]) - empty) / max(1, options.idle * 1000)
    end = time.monotonic() + options.seconds
    theirs, cpu, wall = spent(server), time.process_time(), time.perf_counter()
    times = await asyncio.gather(*(talk(store, f"busy:{n}", end, 0) for n in range(options.conversations)))
    theirs, cpu, wall = spent(server) - theirs, time.process_time() - cpu, time.perf_counter() - wall
    await store.close()
    took = sorted(took for person in times for took in person)
    turns = len(took)
    idle = f" of {idle_bytes:,.0f} bytes each" if options.idle else ""
    return (
        f"{turns / wall:,.0f} turns/s, "
        f"{cpu / turns * 1e6:.0f} us CPU per turn here, {theirs / turns * 1e6:.0f} us there, "
        f"p50 {took[turns // 2] * 1e3:.1f} ms, p99 {took[turns * 99 // 100] * 1e3:.1f} ms "
        f"({options.conversations} conversations, {options.idle:,} thousand idle{idle}, "
        f"Python {platform.python_version()}, Redis {server.ask('INFO', 'server')['redis_version']}, "
        f"appendfsync {options.fsync})"
    )


def spent(server: RedisServer) -> float:
    """CPU seconds of the server so far."""
    used = server.ask("INFO", "cpu")
    return float(used["used_cpu_user"]) + float(used["used_cpu_sys"])


if __name__ == "__main__":
    main()
