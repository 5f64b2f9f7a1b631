"""The one figure in a minute: CPU per turn of Frontdesk on Redis over that of the floor with lock and dedupe on Redis.

python -m tests.bench.ratio [--repeats 3] [--conversations 600]
"""

from __future__ import annotations

import argparse
import sys

import uvloop

from tests.bench.contestants import CAREFUL, OURS
from tests.bench.course import CLOSE
from tests.bench.figures import CPU, RATE, ratio, spread
from tests.bench.load import Load
from tests.bench.record import REDIS, beside_recorded
from tests.bench.trials import Trial, World


async def measure(repeats: int, conversations: int) -> Trial:
    """The two in turn, each on a Redis of its own."""
    trial = Trial(
        title="As fast as it goes",
        load=Load(conversations=conversations, at_once=64, within_s=60),
        against=((OURS, CAREFUL),),
    )
    async with World() as world:
        await world.run(CLOSE, (trial,), repeats)
    return trial


def main() -> None:
    """Print both, then their ratio beside the recorded one; in brackets the least and the most of the repeats."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--conversations", type=int, default=600)
    asked = parser.parse_args()
    trial = uvloop.run(measure(asked.repeats, asked.conversations))
    for name, samples in trial.samples.items():
        figures = (f"{figure.title} {spread(map(figure.of, samples), figure.decimals)}" for figure in (CPU, RATE))
        sys.stdout.write(f"{name}: {'; '.join(figures)}\n")
    sys.stdout.write(beside_recorded({REDIS: ratio(CPU, trial.samples, OURS, CAREFUL)}))


if __name__ == "__main__":
    main()
