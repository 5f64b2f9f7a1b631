"""The rig's command line.

python -m tests.chaos.rig [--store redis] [--messages 100000] [--kills 50] [--stalls 5] [--page docs/chaos.md]

Ctrl+C ends it in order: whoever talks is served, the history is checked. Exit code 0: every promise held; 3: as far as
it went, for it was cut short.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
from pathlib import Path

import uvloop

from tests.chaos.rig import page
from tests.chaos.rig.plan import STORES, Plan
from tests.chaos.rig.run import HISTORY, Run, Verdict

CUT_SHORT = 3
LONG = Plan(messages=100_000, kills=50, stalls=5, minutes=60, at_once=64, thinks_s=0.25)


async def _run(plan: Plan, folder: Path) -> Verdict:
    run = Run(plan, folder, lambda line: print(line, file=sys.stderr, flush=True))  # noqa: T201 - a program's own voice
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, run.enough)
    return await run.verdict()


def main() -> int:
    """Run, tell the verdict and where the history is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", choices=STORES, default=LONG.store)
    parser.add_argument("--messages", type=int, default=LONG.messages)
    parser.add_argument("--kills", type=int, default=LONG.kills)
    parser.add_argument("--stalls", type=int, default=LONG.stalls)
    parser.add_argument("--seed", type=int, default=LONG.seed)
    parser.add_argument("--minutes", type=float, default=LONG.minutes)
    parser.add_argument("--at-once", type=int, default=LONG.at_once, help="customers")
    parser.add_argument("--thinks-s", type=float, default=LONG.thinks_s, help="mean, before a customer writes")
    parser.add_argument("--page", type=Path, help="where a whole run puts its row: docs/chaos.md")
    asked = vars(parser.parse_args())
    told_on: Path | None = asked.pop("page")
    plan = Plan(**asked)
    folder = Path(tempfile.mkdtemp(prefix="frontdesk-chaos-"))
    verdict = uvloop.run(_run(plan, folder))
    print(verdict.words)  # noqa: T201
    short = "" if verdict.whole else "cut short after "
    print(f"{short}{verdict.seconds:.0f} s, seed {plan.seed}; everything that happened is in {folder}")  # noqa: T201
    if told_on is not None and verdict.whole:
        page.write(told_on, page.row(folder / HISTORY, most_repeated=plan.most_repeated))
    return verdict.code or (0 if verdict.whole else CUT_SHORT)


if __name__ == "__main__":
    sys.exit(main())
