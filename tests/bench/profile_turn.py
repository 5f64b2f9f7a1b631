"""Where a turn's CPU goes inside the engine: refund conversations with no store, no wire and no waiting.

python -m tests.bench.profile_turn [--conversations 400] [--rows 15]
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import pstats
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from engine.book import Book
from engine.conversation import Conversation
from engine.memory import Memories
from engine.message import NO_LIMITS, Address, Event, EventKind, Limits
from engine.model import Model
from engine.ports import NO_SPANS, ActionOutcome, ActionRequest, Spans
from engine.rules.ordered import Rules
from engine.turn import Turn, take_turn
from gateway.facts import facts_of
from gateway.failpoints import Disarmed
from gateway.flowfolder import read_folder
from gateway.rows import encode, read_conversation
from tests.bench.contestants import FLOWS, ROOT
from tests.bench.talks import refund

NOW = datetime(2026, 3, 2, 15, 15, tzinfo=UTC)
ORDER = {"item": "Wireless headphones", "amount": "79.99", "currency": "USD"}


@dataclass(frozen=True, kw_only=True)
class Cost:
    """One function of ours: calls, own and cumulative microseconds per message, under the profiler."""

    where: str
    calls: float
    own_us: float
    cumulative_us: float


@dataclass(frozen=True, kw_only=True)
class Profile:
    """`message_us` is measured without the profiler, which makes everything about twice as slow."""

    message_us: float
    profiled_us: float
    costs: Sequence[Cost]


class _World:
    """What a turn stands on; the shop's answers are known."""

    def __init__(self) -> None:
        folder = read_folder(FLOWS, {"SHOP_API_URL": "http://127.0.0.1:1"})
        self.book = Book(folder.flows, folder.desk)
        self.rules = Rules()
        self.actions = self
        self.failpoints = Disarmed()
        self.spans: Spans = NO_SPANS
        self.model: Model | None = None
        self.memories: Memories | None = None
        self._defined = folder.flows[0].actions

    def limits(self, address: Address | None) -> Limits:
        return NO_LIMITS

    async def run(self, request: ActionRequest) -> ActionOutcome:
        action = self._defined[request.action]
        return ActionOutcome(outcome="done" if action.irreversible else "found", facts=facts_of(action, ORDER))


def profile(conversations: int, *, rows: int) -> Profile:
    """Hold so many conversations twice: once for the clock, once under cProfile."""
    world = _World()
    asyncio.run(_converse(world, 50))
    began = time.process_time()
    asyncio.run(_converse(world, conversations))
    spent = time.process_time() - began
    profiler = cProfile.Profile()
    profiler.enable()
    asyncio.run(_converse(world, conversations))
    profiler.disable()
    stats = pstats.Stats(profiler)
    messages = conversations * len(refund(""))
    return Profile(
        message_us=spent / messages * 1e6,
        profiled_us=stats.total_tt / messages * 1e6,  # type: ignore[attr-defined] # typeshed leaves it out
        costs=_costs(stats, messages)[:rows],
    )


async def _converse(world: _World, conversations: int) -> None:
    for number in range(conversations):
        stored, order = b"", f"ORD-{number:05}"
        for step, (text, words) in enumerate(refund(order)):
            said, stored = await _message(world, stored, f"{number}:{step}", text)
            assert words in said, f"{text!r} was answered {said!r}"


async def _message(world: _World, stored: bytes, id: str, text: str) -> tuple[str, bytes]:
    """A message and, where it led to a call, the call's result; each turn reads and writes the stored bytes."""
    address = Address(channel="telegram", account="1", chat="7", person="7")
    event = Event(id=id, conversation="bench", kind=EventKind.MESSAGE, at=NOW, address=address, text=text)
    turn = await take_turn([event], _stored(stored), world, now=NOW)
    while (called := _call(turn)) is not None:
        outcome = await world.run(called)
        fields = {"key": called.key, "outcome": outcome.outcome, "facts": msgspec.json.encode(outcome.facts).decode()}
        result = msgspec.structs.replace(event, id=f"result:{id}", kind=EventKind.RESULT, text="", fields=fields)
        turn = await take_turn([result], _stored(encode(turn.conversation)), world, now=NOW)
    return turn.notes.said, encode(turn.conversation)


def _stored(blob: bytes) -> Conversation:
    return read_conversation("bench", blob)


def _call(turn: Turn) -> ActionRequest | None:
    return next((effect for effect in turn.outbox if isinstance(effect, ActionRequest)), None)


def _costs(stats: pstats.Stats, messages: int) -> list[Cost]:
    """Functions of the engine, most expensive first; what only runs the bench is left out."""
    found = []
    for (file, line, name), (_, calls, own, cumulative, _) in stats.stats.items():  # type: ignore[attr-defined] # as above
        path = Path(file)
        if path.is_relative_to(ROOT / "engine") and path.is_relative_to(ROOT):
            where = f"{path.relative_to(ROOT)}:{line} {name}"
            found.append(
                Cost(
                    where=where,
                    calls=calls / messages,
                    own_us=own / messages * 1e6,
                    cumulative_us=cumulative / messages * 1e6,
                )
            )
    return sorted(found, key=lambda cost: -cost.cumulative_us)


def table(measured: Profile) -> str:
    """As Markdown."""
    lines = ["| function | calls | own µs | cumulative µs |", "|---|---:|---:|---:|"]
    lines += [
        f"| `{cost.where}` | {cost.calls:.1f} | {cost.own_us:.0f} | {cost.cumulative_us:.0f} |"
        for cost in measured.costs
    ]
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=400)
    parser.add_argument("--rows", type=int, default=15)
    asked = parser.parse_args()
    measured = profile(asked.conversations, rows=asked.rows)
    sys.stdout.write(
        f"{measured.message_us:.0f} µs of CPU per message ({measured.profiled_us:.0f} under the profiler)\n\n"
        f"{table(measured)}\n"
    )


if __name__ == "__main__":
    main()
