"""The page of numbers: what a run of the benchmark measured, as Markdown."""

from __future__ import annotations

import os
import platform
import sqlite3
from dataclasses import dataclass
from importlib.metadata import version

from tests.bench.contestants import AIOGRAM, CAREFUL, CAREFUL_HERE, FLOOR, FLOOR_HERE, OURS, OURS_HERE
from tests.bench.course import Course
from tests.bench.figures import table
from tests.bench.goals import goals
from tests.bench.idle import GOING_ON, Idle, cost_ratio
from tests.bench.idle import table as idle_table
from tests.bench.profile_turn import Profile
from tests.bench.profile_turn import table as profile_table
from tests.bench.starts import Starts
from tests.bench.starts import table as start_table
from tests.bench.trials import Trial

LIBRARIES = ("aiogram", "aiohttp", "msgspec", "redis", "hiredis", "transitions", "uvicorn", "uvloop")


@dataclass(frozen=True, kw_only=True)
class Results:
    """Everything one run of the benchmark measured. `starts` are seconds to ready; `strangers` is the share of the
    machine that processes other than ours used meanwhile."""

    command: str
    course: Course
    idle: tuple[Idle, Idle]
    starts: Starts
    profile: Profile
    repeats: int
    strangers: float


def render(results: Results) -> str:
    """The whole page."""
    return f"""# Performance

`{results.command}` wrote this page; `make bench` ends with it. Model off.
The load, Telegram, the shop and redis-server share the machine with what is measured, and bound the floors' turns per
second.

{_machine()}
Other programs used {results.strangers:.0%} of it meanwhile.

A conversation is a whole refund: five messages through the Telegram webhook, a look-up and a refund at a shop, five
replies to Telegram. A turn is one message and its reply, from the first byte of the webhook to the message's arrival at
Telegram. Eight slots are ten messages: an enum, a date, a time, an integer, an amount, a name, a phone number, an
e-mail address, a confirmation and a call; the floor reads each with one call of rapidfuzz, dateutil, phonenumbers or a
pattern. All programs of a table take the same load in turn, each {results.repeats} times; a cell is the median of its
runs, and in brackets the least and the most. CPU per turn is that of all processes of a program; redis-server's is
in a column of its own, and in nobody's else. As fast as it goes means {results.course.pushed.load.at_once} customers at
once, each of whom writes as soon as they are answered.

- **{FLOOR}**: written by hand for this one conversation, on uvicorn, uvloop, httptools, msgspec, aiohttp and redis-py
  with hiredis: GET before, SET after. A repeated update is answered twice, two messages of one chat may overwrite each
  other.
- **{CAREFUL}**: the same with `SET NX EX` of the update's id, `SET NX PX` of the chat's lock and the
  GET in one pipeline, SET and the lock's release by a script in a second one. It answers 200 before anything is kept
  and saves before it sends: a crash loses what is under way.
- **{AIOGRAM}**: aiogram's Dispatcher, RedisStorage and SimpleRequestHandler as they come, on uvloop. No lock,
  no dedupe.
- **{OURS}**: this gateway in one process. Whatever it answered 200 to is in Redis by then, and so is each turn
  before it is sent. With doors and workers apart, all its processes' CPU is added up.
- **{FLOOR_HERE}** and **{CAREFUL_HERE}**, without Redis: the same in memory, with an asyncio.Lock per
  chat and a set of the updates seen. A crash forgets everybody.
- **{OURS_HERE}**: this gateway; whatever it answered 200 to is on disk by then, and so is each turn before
  it is sent.

{"".join(_section(trial) for trial in results.course.trials())}\
Where few customers write at once, a turn shares its commits with few others: each waits for the disk by itself, and
each wait wakes two threads. `python -m tests.bench.store_sqlite --conversations 1` (and 64) shows the store's part.

## Beside idle conversations

{OURS}, as fast as it goes. Some customers really stopped after their third turn; their conversations
were copied under other customers' names, and {GOING_ON} copies each time went on to their refund. The bytes are all
that Redis's memory grew by: state, seen ids, schedule, indexes. Journals were not copied.

{idle_table(*results.idle)}

A turn's CPU, Redis's included, is {cost_ratio(*results.idle):.2f} times that beside the fewer.

## From start to ready

{start_table(results.starts)}

## Against the goals

{goals(results.course, results.idle, results.starts)}

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


def _section(trial: Trial) -> str:
    return f"## {trial.title}\n\n{table(trial)}\n\n"
