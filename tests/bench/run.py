"""The benchmark: the floors, aiogram's FSM and Frontdesk under the same loads in one run; writes docs/performance.md.

python -m tests.bench.run [--repeats 3] [--conversations 800] [--starts 3] [--idle 1000000]
                           [--page docs/performance.md]

Prints the CPU per turn as ratios to the floor, beside those that were recorded last, then records its own.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

import psutil
import uvloop

from tests.bench.contestants import CAREFUL, CAREFUL_HERE, OURS, OURS_HERE, ROOT
from tests.bench.course import Course, run_course
from tests.bench.figures import CPU, ratio
from tests.bench.idle import FEW, MANY
from tests.bench.idle import measure as measure_idle
from tests.bench.page import Results, render
from tests.bench.profile_turn import Profile, profile
from tests.bench.record import APPOINTMENT, REDIS, SQLITE, beside_recorded, record
from tests.bench.starts import start_times
from tests.bench.trials import World, say


async def measure(engine: Profile, asked: argparse.Namespace) -> Results:
    """Everything, one after the other."""
    repeats, conversations = asked.repeats, asked.conversations
    meter = _Meter()
    async with World() as world:
        course = await run_course(world, repeats=repeats, conversations=conversations)
        idle = await measure_idle(world, (FEW, asked.idle), repeats=repeats, conversations=conversations)
        ready = await start_times(world, asked.starts)
    return Results(
        command=" ".join(("python -m tests.bench.run", *sys.argv[1:])),
        course=course,
        idle=idle,
        starts=ready,
        profile=engine,
        repeats=repeats,
        strangers=meter.strangers(),
    )


def ratios(course: Course) -> dict[str, float]:
    """What is recorded."""
    return {
        REDIS: ratio(CPU, course.pushed.samples, OURS, CAREFUL),
        APPOINTMENT: ratio(CPU, course.booked.samples, OURS, CAREFUL),
        SQLITE: ratio(CPU, course.here_pushed.samples, OURS_HERE, CAREFUL_HERE),
    }


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


def main() -> None:
    """Measure, write the page and the record, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--conversations", type=int, default=800)
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--idle", type=int, default=MANY, help="conversations beside which a turn is measured")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "performance.md")
    asked = parser.parse_args()
    say("profile of the engine")
    results = uvloop.run(measure(profile(400, rows=15), asked))
    asked.page.write_text(render(results))
    now = ratios(results.course)
    sys.stdout.write(f"{asked.page} is written\n{beside_recorded(now)}")
    record(now, asked.page.with_suffix(".json"))


if __name__ == "__main__":
    main()
