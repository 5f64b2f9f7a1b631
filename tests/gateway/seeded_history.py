"""A history of people in an experiment, written into a store as turns leave it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.archive import Archived, Reason
from engine.conversation import Conversation
from engine.exposure import Exposure
from engine.message import Address, Event, EventKind
from engine.notes import Notes
from engine.satisfaction import Rating, Survey
from engine.store import JOURNAL, Change, Settlement
from gateway.clock import SystemClock
from gateway.rows import encode
from gateway.settings import Settings
from gateway.stores.opening import STORE_FILE, open_store
from gateway.stores.store import Store
from tests.gateway.kept_desk import Environ

BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Life:
    """One person's first run with the experiment, as it went; `reason` None: it goes on."""

    person: str
    variant: str
    at: datetime
    reason: Reason | None
    turns: int
    desk: bool
    score: int | None


def lives(number: int, *, seed: int) -> list[Life]:
    """So many people, half of them in a variant that completes more often."""
    chance = random.Random(seed)
    return [_life(f"p{place}", chance) for place in range(number)]


def _life(person: str, chance: random.Random) -> Life:
    variant = chance.choice(("control", "friendly"))
    done = chance.random() < (0.5 if variant == "control" else 0.8)
    reason = Reason.DONE if done else chance.choice((Reason.EXPIRED, Reason.HANDED_OFF, Reason.CANCELLED, None))
    return Life(
        person=person,
        variant=variant,
        at=BEGAN + timedelta(hours=chance.randrange(400)),
        reason=reason,
        turns=chance.randrange(2, 9),
        desk=chance.random() < 0.1,
        score=chance.randrange(1, 6) if reason is Reason.DONE and chance.random() < 0.8 else None,
    )


def written(environ: Environ, history: Sequence[Life], *, experiment: str = "refund.tone") -> None:
    """Put them into the store that the environment names."""

    async def write() -> None:
        settings = Settings.load(environ)
        Path(settings.data_dir).mkdir(parents=True, exist_ok=True)
        store = await open_store(settings, settings.data_dir / STORE_FILE, SystemClock())
        try:
            for life in history:
                await _conversation(store, life, experiment)
        finally:
            await store.close()

    asyncio.run(write())


async def _conversation(store: Store, life: Life, experiment: str) -> None:
    id, address = (
        f"web:desk:{life.person}",
        Address(channel="web", account="desk", chat=life.person, person=life.person),
    )
    event = Event(
        id=f"{id}:1", conversation=id, kind=EventKind.MESSAGE, at=life.at, order=1, address=address, text="hi"
    )
    accepted = await store.mailbox.accept(event, want_grant=True)
    assert accepted.grant is not None
    state = encode(Conversation(id=id, address=address, turn=3))
    grant = await store.mailbox.commit(accepted.grant, Change(state=state, consumed=(event.id,)))
    await store.mailbox.settle(grant, Settlement(), keep=False)
    for notes in turns(id, life, experiment):
        await store.records.add(JOURNAL, id, notes.id, encode(notes))


def turns(id: str, life: Life, experiment: str) -> list[Notes]:
    """Met in the first turn, perhaps seen by a person in the second, ended in the third, rated in the fourth."""
    run = f"{life.person}-run"
    met = (Exposure(experiment=experiment, variant=life.variant, run=run),)
    ended = Archived(
        run=run,
        flow="refund",
        version="v",
        state="done",
        reason=life.reason or Reason.DONE,
        outcome="resolved",
        turns=life.turns,
        seconds=120.0,
    )
    survey = Survey(at=life.at, run=run, flow="refund") if life.score else None
    rating = Rating(score=life.score, run=run, flow="refund") if life.score else None
    parts = (
        {"exposed": met},
        {"desk": "opened" if life.desk else ""},
        {"archived": (ended,) if life.reason else (), "survey": survey},
        {"rating": rating},
    )
    return [
        Notes(
            id=f"{id}:{turn}:notes",
            conversation=id,
            turn=turn,
            at=life.at + timedelta(minutes=turn),
            events=(),
            **part,  # type: ignore[arg-type]  # each part has its own fields' types
        )
        for turn, part in enumerate(parts, 1)
    ]
