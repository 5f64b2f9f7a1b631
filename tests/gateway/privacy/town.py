"""A town whose people have all been customers: what a store holds of them, and how it is read byte by byte."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import redis

from channels.web import STREAM, Item, ItemKind
from engine.delegation import Contribution
from engine.desk import DeskDef
from engine.memory import person_key
from engine.message import Address, Event, EventKind, Reply
from engine.store import Mailbox, Records
from gateway import sharedcontext
from gateway.fates import DEAD, Dead
from gateway.plans import FlowHome
from gateway.quarantine import QUARANTINE, Kept
from gateway.rehearsal.stage import Setting, Stage
from gateway.sessions import SESSION, Issued
from gateway.sharedcontext import Shared
from gateway.spending import SPENDING, Spent
from gateway.stores.redis_states import unpacked
from handoff import waits
from handoff.case import Thread
from handoff.posts import Waited
from handoff.threads import Place, remember
from tests.engine.talk import flow

NOW = datetime(2026, 3, 2, 15, 15, tzinfo=UTC)
CLUB = flow(r"""
frontdesk: 1
flow: club
title: Join the club
description: Somebody wants to become a member.
triggers: [join the club]
slots:
  name: {type: name, remember: true}
  number: {type: text, pattern: 'M-\d{4}', label: member number, remember: true}
  plan: {type: enum, values: {gold: [], silver: []}}
states:
  ask_name: {prompt: "What is your name?", slot: name, next: ask_number}
  ask_number: {prompt: "Which member number, {{ name }}?", slot: number, next: ask_plan}
  ask_plan: {prompt: "Which plan?", slot: plan, next: joined}
  joined: {prompt: "{{ name }} joined as {{ number }}.", terminal: true, outcome: resolved}
""")

Atom = tuple[str, ...]
"""One thing that a store holds, as text: the table or key it is in, then its parts."""


def address(number: int) -> Address:
    """Where somebody is reached."""
    return Address(channel="web", account="site", chat=f"guest-{number:04}-", person=f"guest-{number:04}-")


def conversation(number: int) -> str:
    """The key of their conversation."""
    return f"web:site:guest-{number:04}-"


def surname(number: int) -> str:
    """A name that nobody else has."""
    return "Q" + "".join("abcdefghij"[int(digit)] for digit in f"{number:04}") + "son"


def marks(number: int) -> tuple[str, ...]:
    """What only this person's data can hold."""
    return (f"guest-{number:04}-", surname(number), f"M-{number:04}", f"wish {number:04}.", f"1700{number:04}.1")


def writes(number: int, place: int, text: str) -> Event:
    """A message of theirs."""
    return Event(
        id=f"guest-{number:04}-:{place}",
        conversation=conversation(number),
        kind=EventKind.MESSAGE,
        at=NOW,
        order=place,
        address=address(number),
        text=text,
    )


def home(folder: Path) -> FlowHome:
    """The town's only flow."""
    return FlowHome(flow=CLUB, folder=folder, shipped=False)


def stage(folder: Path, kind: type[Stage] = Stage) -> Stage:
    """A desk with people, on the store that `kind` opens."""
    return kind([home(folder)], DeskDef(), folder, setting=Setting(now=NOW))


async def settle(stage: Stage, people: Sequence[int]) -> None:
    """Everybody joins the club; every twentieth asks for a person, and some begin once more."""
    talks = ("join the club, my number is M-{n:04}", "Ann {s}", "gold")
    for place, text in enumerate(talks):
        await stage.hear([writes(n, place, text.format(n=n, s=surname(n))) for n in people])
    asking = [n for n in people if n % 20 == 0]
    await stage.hear([writes(n, 10, f"talk to a person: wish {n:04}.") for n in asking])
    await stage.hear([writes(n, 11, "join the club") for n in people if n % 20 == 1])


async def furnish(mailbox: Mailbox, records: Records, people: Sequence[int]) -> None:
    """What else a desk comes to hold of its customers over the years."""
    for n in people:
        reply = Reply(id=f"guest-{n:04}-:dead", address=address(n), text=f"For wish {n:04}.")
        dead = Dead(body=reply, reason="blocked", at=NOW)
        await records.put(DEAD, reply.id, msgspec.json.encode(dead))
        poison = msgspec.json.encode(writes(n, 50, f"wish {n:04}."))
        await records.put(
            QUARANTINE, f"guest-{n:04}-:50", msgspec.json.encode(Kept(reason="raised", at=NOW, blob=poison))
        )
        broken = Kept(reason="unreadable", at=NOW, blob=b"{broken wish %04d." % n)
        await records.put(QUARANTINE, f"{conversation(n)}@7", msgspec.json.encode(broken))
        found = Contribution(text=f"Of wish {n:04}.", sources=("Club, Wishes",))
        shared = Shared(person=person_key(address(n)), results={"find": found})
        await records.put(sharedcontext.KIND, f"run-of-{address(n).chat}", msgspec.json.encode(shared))
        await records.put(SESSION, address(n).chat, msgspec.json.encode(Issued(at=NOW)))
        await records.put(SPENDING, person_key(address(n)), msgspec.json.encode(Spent(day=NOW.date(), tokens=700)))
        item = Item(id=f"e{n}", kind=ItemKind.CUSTOMER, text=f"wish {n:04}.", at=NOW)
        await records.add(STREAM, address(n).chat, item.id, msgspec.json.encode(item))
        place = Place(
            conversation=conversation(n), case=f"ho_{n:04}", thread=Thread(team="T", channel="C", ts=f"1700{n:04}.1")
        )
        await remember(records, place)
        await waits.keep(records, Waited(id=f"ho_{n:04}:waited", queue="default", hours="open", seconds=60.0 + n))
        await mailbox.accept(writes(n, 99, f"and one more wish {n:04}."), want_grant=False)


def rows_of(file: Path) -> Iterator[Atom]:
    """Every row of every table of a database."""
    with sqlite3.connect(file) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in db.execute(f"SELECT * FROM {table}"):
                yield (table, *(_text(one) for one in row))
    db.close()


def keys_of(url: str) -> Iterator[Atom]:
    """Every field, member and item of every key of a Redis, states as they were before they were packed."""
    server: Any = redis.Redis.from_url(url, protocol=2)
    for name in server.scan_iter(count=5000):
        key = _text(name)
        match server.type(name):
            case b"string":
                yield (key, _text(unpacked(server.get(name))))
            case b"hash":
                yield from ((key, _text(field), _text(value)) for field, value in server.hgetall(name).items())
            case b"zset":
                yield from ((key, _text(one), str(score)) for one, score in server.zrange(name, 0, -1, withscores=True))
            case b"list":
                yield from ((key, str(place), _text(one)) for place, one in enumerate(server.lrange(name, 0, -1)))
            case b"stream":
                for id, fields in server.xrange(name):
                    yield (key, _text(id), *(_text(part) for pair in fields.items() for part in pair))
    server.close()


def holding(atoms: Iterator[Atom] | Sequence[Atom], *words: str) -> list[Atom]:
    """Those that hold one of these words."""
    return [atom for atom in atoms if any(word in part for part in atom for word in words)]


def _text(value: object) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)
