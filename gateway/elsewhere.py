"""Conversations that began under another process's flows: learnt from the store, or left to who can act in them (R58).

A flow's definition is in the store, its back ends' addresses and its Python functions are not. Where a run may need one
that this process lacks, another process gets time to take the conversation; after that it is this one's, and what
cannot be reached is said so (R59).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
import structlog

from engine.book import Book
from engine.ports import Clock
from engine.store import Change, Grant, Mailbox, Records
from gateway.definitions import definition
from gateway.rows import read_conversation, read_event, read_row
from gateway.ticks import due_at

PATIENCE = timedelta(seconds=30)
"""How long what waits is left to others: a deployment has longer than that only one kind of process."""
LOOK_AGAIN_S = (0.2, 1.2)
"""Between its being left and its being due again: sweeps that keep step would always leave it to the same process."""

_log = structlog.get_logger("frontdesk.elsewhere")


class _Run(msgspec.Struct, frozen=True, kw_only=True):
    flow: str
    version: str


class _Standing(msgspec.Struct, frozen=True, kw_only=True):
    """All that is read here of a stored conversation."""

    stack: tuple[_Run, ...] = ()


_STATE = msgspec.json.Decoder(_Standing)


class Elsewhere:
    """Looks at each grant before its turn. One per process."""

    def __init__(
        self,
        mailbox: Mailbox,
        records: Records,
        *,
        book: Book,
        clock: Clock,
        lacking: Callable[[str], tuple[str, ...]],
    ) -> None:
        """`lacking` names the actions of a version that this process has not what to run them with."""
        self._mailbox = mailbox
        self._records = records
        self._book = book
        self._clock = clock
        self._lacking = lacking
        self._chance = random.Random()

    async def leaves(self, grant: Grant) -> bool:
        """Learn the versions that its runs are pinned to; True when it was given back for another process to take.
        May raise StoreAway, LeaseLost."""
        missing = [name for version in await self._strange(grant) for name in self._lacking(version)]
        if not missing or self._clock.now() - _since(grant, self._clock.now()) > PATIENCE:
            return False
        _log.info("left to a process that can run it", conversation=grant.conversation, actions=missing)
        # Committed as it is: a grant that ends without a commit counts as one that failed (F27).
        try:
            conversation = read_conversation(grant.conversation, grant.state)
        except msgspec.DecodeError:
            return False  # the turn sets it aside (F16)
        timer = due_at(conversation, self._book)
        kept = await self._mailbox.commit(grant, Change(state=grant.state, consumed=(), timer=timer))
        wait = timedelta(seconds=self._chance.uniform(*LOOK_AGAIN_S))
        await self._mailbox.release(kept, again_at=self._clock.now() + wait)
        return True

    async def _strange(self, grant: Grant) -> list[str]:
        """Versions of its runs that are not the deployed ones, those among them known now that are kept."""
        try:
            stack = _STATE.decode(grant.state).stack if grant.state else ()
        except msgspec.DecodeError:
            return []  # the turn sets it aside (F16)
        found: list[str] = []
        for run in stack:
            current = self._book.current(run.flow)
            if current is not None and current.version == run.version:
                continue
            if self._book.version(run.version) is None:
                flow = await definition(self._records, run.version)
                if flow is None:
                    continue  # nobody has it any more: the turn moves the run
                self._book.pin(flow, run.version)
                _log.info("a flow of another deployment was met", flow=flow.name, version=run.version)
            found.append(run.version)
        return found


def _since(grant: Grant, now: datetime) -> datetime:
    """Since when the oldest of what waits is waiting; what cannot be read waits since now."""
    try:
        events = [read_event(blob) for _, blob in grant.inbox[:1]]
        rows = [read_row(blob).since for _, blob in grant.outbox[:1]]
    except msgspec.DecodeError:
        return now
    return min([*(event.accepted or event.at for event in events), *rows], default=now)
