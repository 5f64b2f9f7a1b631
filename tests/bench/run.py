"""The benchmark: two floors and Frontdesk under the same load in one run; writes docs/performance.md.

python -m tests.bench.run [--repeats 3] [--conversations 800] [--starts 3] [--page docs/performance.md]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

import psutil
import uvloop

from tests.bench.load import Load, drive
from tests.bench.page import Results, Samples, render
from tests.bench.profile_turn import Profile, profile
from tests.bench.providers import Shop, Telegram, listening
from tests.bench.servers import ROOT, Contestant, floor, frontdesk, serving

WARM_UP = Load(conversations=100, at_once=32, within_s=30)
DISK = ROOT / "build"
"""Not the system's temporary folder, which may be memory: what is measured is a disk."""
WITHIN_S = 30.0
"""No load begins new conversations for longer."""


async def measure(engine: Profile, *, repeats: int, conversations: int, starts: int) -> Results:
    """Run every server, the contestants in turn within each repeat, so that a slow minute slows them all."""
    DISK.mkdir(exist_ok=True)
    meter = _Meter()
    telegram, shop = Telegram(), Shop()
    pushed_load = Load(conversations=conversations, at_once=64, within_s=WITHIN_S)
    paced_load = Load(conversations=conversations // 2, at_once=128, within_s=WITHIN_S, turns_per_s=300)
    pushed: Samples = {}
    paced: Samples = {}
    ready: dict[str, list[float]] = {}
    async with AsyncExitStack() as stack:
        telegram.url = await stack.enter_async_context(listening(telegram.answer))
        shop.url = await stack.enter_async_context(listening(shop.answer))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=DISK)))

        def contestants(repeat: int) -> list[Contestant]:
            return [
                floor(telegram.url, shop.url, careful=False),
                floor(telegram.url, shop.url, careful=True),
                frontdesk(telegram.url, shop.url, folder / f"repeat{repeat}"),
            ]

        for repeat in range(repeats):
            for contestant in contestants(repeat):
                _say(f"repeat {repeat + 1} of {repeats}: {contestant.name}")
                async with serving(contestant) as server:
                    await drive(server.url, server.pid, telegram, WARM_UP)
                    for samples, load in ((pushed, pushed_load), (paced, paced_load)):
                        sample = await drive(server.url, server.pid, telegram, load)
                        samples.setdefault(contestant.name, []).append(sample)
        for name, address in (("Frontdesk, page only", None), ("Frontdesk with Telegram", telegram.url)):
            _say(f"starts: {name}")
            ready[name] = [
                await _ready_s(frontdesk(address, shop.url, folder / f"start{number}")) for number in range(starts)
            ]
    return Results(
        pushed_load=pushed_load,
        paced_load=paced_load,
        pushed=pushed,
        paced=paced,
        starts=ready,
        profile=engine,
        strangers=meter.strangers(),
    )


async def _ready_s(contestant: Contestant) -> float:
    async with serving(contestant) as server:
        return server.ready_s


class _Meter:
    """CPU seconds of the whole machine, against ours with those of every process we started and saw end."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._others_s = _others_s()

    def strangers(self) -> float:
        """The share of the machine that others used since this was made."""
        used_s = max(_others_s() - self._others_s, 0.0)
        return used_s / (time.perf_counter() - self._began) / (os.cpu_count() or 1)


def _others_s() -> float:
    machine, ours = psutil.cpu_times(), os.times()
    return float(machine.user + machine.nice + machine.system) - sum(ours[:4])


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def main() -> None:
    """Measure, print the page, write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--conversations", type=int, default=800)
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "performance.md")
    asked = parser.parse_args()
    _say("profile of the engine")
    measuring = measure(
        profile(400, rows=15), repeats=asked.repeats, conversations=asked.conversations, starts=asked.starts
    )
    text = render(uvloop.run(measuring))
    sys.stdout.write(text)
    asked.page.write_text(text)


if __name__ == "__main__":
    main()
