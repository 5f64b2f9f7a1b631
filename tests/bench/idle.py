"""Idle conversations: what each takes in Redis, and what a turn costs beside ten thousand and beside a million of them.

python -m tests.bench.idle [--few 10000] [--many 1000000] [--repeats 3] [--conversations 600]
"""

from __future__ import annotations

import argparse
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass
from statistics import median

import uvloop

from tests.bench.clones import FIRST_CHAT, Original, fill, originals
from tests.bench.contestants import EVERYSEC, frontdesk, on_redis
from tests.bench.figures import CPU, REDIS_CPU, markdown, spread
from tests.bench.load import Load, Sample, drive
from tests.bench.servers import folder_on_disk, new_redis_in, serving
from tests.bench.talks import going_on, three_turns
from tests.bench.trials import WARM_UP, World, say
from tests.redis_servers import RedisServer

FEW, MANY = 10_000, 1_000_000
ORIGINALS = 200
WITHIN_S = 30.0
GOING_ON = 200
"""Of the copies, so many customers write again."""


@dataclass(frozen=True, kw_only=True)
class Idle:
    """How many there were, the bytes of each, and the load's cost beside them, one sample a repeat."""

    count: int
    each_bytes: float
    samples: list[Sample]


def cost_ratio(few: Idle, many: Idle) -> float:
    """CPU of a turn, Redis's included, beside many over that beside few: the median of the repeats."""
    pairs = zip(few.samples, many.samples, strict=True)
    return median((b.cpu_ms + b.redis_ms) / (a.cpu_ms + a.redis_ms) for a, b in pairs)


def table(*measured: Idle) -> str:
    """As Markdown."""
    rows = [
        [
            f"{idle.count:,}",
            f"{idle.each_bytes:,.0f}",
            spread((sample.cpu_ms for sample in idle.samples), 2),
            spread((sample.redis_ms for sample in idle.samples), 2),
        ]
        for idle in measured
    ]
    return markdown(["idle", "bytes of Redis each", CPU.title, REDIS_CPU.title], rows)


async def measure(world: World, counts: tuple[int, int], *, repeats: int, conversations: int) -> tuple[Idle, Idle]:
    """One Redis for each count; Frontdesk serves the same load on one and on the other in turn."""
    of = await _held(world)
    async with AsyncExitStack() as stack:
        servers: list[tuple[RedisServer, Idle]] = []
        for count in counts:
            say(f"{count:,} idle conversations")
            server = stack.enter_context(new_redis_in(stack.enter_context(folder_on_disk()), EVERYSEC))
            servers.append((server, Idle(count=count, each_bytes=fill(server, of, count), samples=[])))
        load = Load(conversations=conversations, at_once=64, within_s=WITHIN_S)
        for repeat in range(repeats):
            for server, idle in servers:
                say(f"repeat {repeat + 1} of {repeats}: beside {idle.count:,}")
                chats = range(FIRST_CHAT + repeat * GOING_ON, FIRST_CHAT + (repeat + 1) * GOING_ON)
                again = Load(conversations=GOING_ON, at_once=64, within_s=WITHIN_S, talk=going_on, chats=chats)
                async with serving(on_redis(frontdesk(world.places())), server) as serves:
                    await drive(serves, world.telegram, again)
                    idle.samples.append(await drive(serves, world.telegram, load))
    (_, few), (_, many) = servers
    return few, many


async def _held(world: World) -> list[Original]:
    """Real conversations of three turns, held through the gateway."""
    chats = range(FIRST_CHAT - ORIGINALS, FIRST_CHAT)
    load = Load(conversations=WARM_UP, at_once=32, within_s=WITHIN_S, talk=three_turns, chats=chats)
    with folder_on_disk() as folder, new_redis_in(folder, EVERYSEC) as server:
        async with serving(on_redis(frontdesk(world.places())), server) as serves:
            await drive(serves, world.telegram, load)
        return originals(server, chats)


async def _measured(asked: argparse.Namespace) -> tuple[Idle, Idle]:
    async with World() as world:
        counts = (asked.few, asked.many)
        return await measure(world, counts, repeats=asked.repeats, conversations=asked.conversations)


def main() -> None:
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=FEW)
    parser.add_argument("--many", type=int, default=MANY)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--conversations", type=int, default=600)
    few, many = uvloop.run(_measured(parser.parse_args()))
    sys.stdout.write(f"{table(few, many)}\ncost of a turn: {cost_ratio(few, many):.2f}x\n")


if __name__ == "__main__":
    main()
