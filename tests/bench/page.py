"""The page of numbers: what a run of the benchmark measured, as Markdown."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from statistics import median

from tests.bench.load import Load, Sample, quantile_ms
from tests.bench.profile_turn import Profile
from tests.bench.profile_turn import table as profile_table

FLOOR, CAREFUL, OURS = "floor", "floor with lock and dedupe", "Frontdesk on SQLite"
LIBRARIES = ("aiogram", "aiohttp", "msgspec", "transitions", "uvicorn", "uvloop")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A column: what is measured of a sample, and how many decimals are worth printing."""

    title: str
    of: Callable[[Sample], float]
    decimals: int


CPU = Figure(title="CPU per turn, ms", of=lambda sample: sample.cpu_ms, decimals=2)
RATE = Figure(title="turns/s", of=lambda sample: sample.turns_per_s, decimals=0)
WEBHOOK = Figure(title="webhook p99, ms", of=lambda sample: quantile_ms(sample.webhook_s, 0.99), decimals=1)
REPLY_50 = Figure(title="reply p50, ms", of=lambda sample: quantile_ms(sample.reply_s, 0.5), decimals=1)
REPLY_99 = Figure(title="reply p99, ms", of=lambda sample: quantile_ms(sample.reply_s, 0.99), decimals=1)
MEMORY = Figure(title="memory, MB", of=lambda sample: sample.rss_mb, decimals=0)
FIGURES = (CPU, RATE, WEBHOOK, REPLY_50, REPLY_99, MEMORY)

Samples = dict[str, list[Sample]]
"""Of each contestant, one a repeat; the same place in two lists is the same repeat."""


@dataclass(frozen=True, kw_only=True)
class Results:
    """Everything one run of the benchmark measured. `starts` are seconds to ready; `strangers` is the share of the
    machine that processes other than ours used meanwhile."""

    pushed_load: Load
    paced_load: Load
    pushed: Samples
    paced: Samples
    starts: dict[str, list[float]]
    profile: Profile
    strangers: float


def render(results: Results) -> str:
    """The whole page."""
    repeats = len(results.pushed[OURS])
    return f"""# Performance

`python -m tests.bench.run`, the last part of `make bench`, wrote this page. Model off. The load, Telegram and the shop
share the machine with what is measured, and bound the floors' turns per second.

{_machine()}
Other programs used {results.strangers:.0%} of it meanwhile.

A conversation is a whole refund: five messages through the Telegram webhook, a look-up and a refund at a shop, five
replies to Telegram. A turn is one message and its reply, from the first byte of the webhook to the message's arrival at
Telegram. Three programs take the same load in turn, each {repeats} times; a cell is the median of its runs, and in
brackets the least and the most.

- **{FLOOR}**: written by hand for this one conversation. It keeps everything in memory, and a crash forgets everybody.
- **{CAREFUL}**: the same with a lock per chat and a set of the updates it has seen.
- **{OURS}**: this gateway. Whatever it answered 200 to is on disk by then, and so is each turn before it is sent.

## As fast as it goes, {results.pushed_load.at_once} customers at once

{_table(results.pushed)}

## At {results.paced_load.turns_per_s:.0f} turns a second

{_table(results.paced)}

Where few customers write at once, a turn shares its commits with few others: each waits for the disk by itself, and
each wait wakes two threads. `python -m tests.bench.store_sqlite --conversations 1` (and 64) shows the store's part.

## From start to ready

| | seconds |
|---|---:|
{chr(10).join(f"| {name} | {_spread(seconds, 2)} |" for name, seconds in results.starts.items())}

## Against the goals

{_goals(results)}

## What the profile says is next

The engine alone, without store, wire and waiting, takes {results.profile.message_us:.0f} µs of CPU for a message of the
same conversation; the rest of a turn is HTTP in and out, the store, and the Bot API's SDK. Under the profiler
(`python -m tests.bench.profile_turn`), which makes it {results.profile.profiled_us:.0f} µs, the functions of the engine
that take most with all they call, per message:

{profile_table(results.profile)}
"""


def _machine() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version} with `synchronous=FULL`, {libraries}."
    )


def _table(samples: Samples) -> str:
    head = ["", *(figure.title for figure in FIGURES)]
    rows = [
        [name, *(_spread([figure.of(sample) for sample in runs], figure.decimals) for figure in FIGURES)]
        for name, runs in samples.items()
    ]
    rows += [
        [f"{OURS} ÷ {base}", *(f"{_ratio(figure, samples, base):.1f}" for figure in FIGURES)]
        for base in (FLOOR, CAREFUL)
    ]
    return _markdown(head, rows)


def _goals(results: Results) -> str:
    started = {name: median(seconds) for name, seconds in results.starts.items()}
    ours = results.paced[OURS]
    goals = [
        ("CPU per turn at most that of the floor with lock and dedupe", _ratio(CPU, results.pushed, CAREFUL), 1.0, "×"),
        ("webhook p99 at most twice the floor's", _ratio(WEBHOOK, results.paced, FLOOR), 2.0, "×"),
        ("webhook p99, ms", median(map(WEBHOOK.of, ours)), 100.0, ""),
        ("reply p50, ms", median(map(REPLY_50.of, ours)), 15.0, ""),
        ("reply p99, ms", median(map(REPLY_99.of, ours)), 150.0, ""),
        *((f"start to ready, s: {name}", seconds, 2.0, "") for name, seconds in started.items()),
    ]
    rows = [
        [goal, f"{at_most:g}{unit}", f"{found:.2f}{unit}", "yes" if found <= at_most else "**not yet**"]
        for goal, found, at_most, unit in goals
    ]
    return _markdown(["", "at most", "measured", "reached"], rows)


def _ratio(figure: Figure, samples: Samples, base: str) -> float:
    """The median over the repeats of ours over `base` in the same repeat."""
    pairs = zip(samples[OURS], samples[base], strict=True)
    return median(figure.of(ours) / figure.of(theirs) for ours, theirs in pairs)


def _spread(values: Sequence[float], decimals: int) -> str:
    low, high = f"{min(values):,.{decimals}f}", f"{max(values):,.{decimals}f}"
    return f"{median(values):,.{decimals}f} ({low}–{high})"


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
