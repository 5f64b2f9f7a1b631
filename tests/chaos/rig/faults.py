"""Faults that the rig must find, each planted by changing one function of a gateway that is about to start.

They are the mutations of spec/reliability.md section 2. Where a fault needs a crash between two steps, the steps are
GAP_S apart, so that a short run meets it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from engine.store import Change, Grant
from gateway import outbox
from tests.chaos.rig import faults_redis, faults_sqlite

Plant = Callable[[], None]


def plant(name: str, store: str) -> None:
    """Change what is to be changed. Raises KeyError for a fault that nobody knows."""
    FAULTS[name][store]()
    if store == "sqlite":
        faults_sqlite.lose_answers()


def none() -> None:
    """Nothing."""


def trimmed_by_count() -> None:
    """A commit takes as many events out of the inbox as the grant had shown, not those that the turn used up (I4)."""
    from gateway.stores.redis_mailbox import RedisMailbox
    from gateway.stores.sqlite_mailbox import SqliteMailbox

    for mailbox in (SqliteMailbox, RedisMailbox):
        _trim(mailbox)


def _trim(mailbox: Any) -> None:
    commit = mailbox.commit

    async def trimming(self: Any, grant: Grant, change: Change) -> Grant:
        seen = tuple(id for id, _ in grant.inbox)
        committed: Grant = await commit(self, grant, replace(change, consumed=seen))
        return committed

    mailbox.commit = trimming


def owner_unread() -> None:
    """Nobody looks again, just before a reply leaves, who has the conversation now (H24)."""
    unread: Any = outbox
    unread._unwanted = lambda parcel, grant: ""


FAULTS: dict[str, dict[str, Plant]] = {
    "none": {"sqlite": none, "redis": none},
    "no_fencing": {"sqlite": faults_sqlite.no_fencing, "redis": faults_redis.no_fencing},
    "dedupe_apart": {"sqlite": faults_sqlite.dedupe_apart, "redis": faults_redis.dedupe_apart},
    "accept_reschedules": {"sqlite": faults_sqlite.accept_reschedules, "redis": faults_redis.accept_reschedules},
    "commit_repeats": {"sqlite": faults_sqlite.commit_repeats, "redis": faults_redis.commit_repeats},
    "trimmed_by_count": {"sqlite": trimmed_by_count, "redis": trimmed_by_count},
    "rows_later": {"sqlite": faults_sqlite.rows_later, "redis": faults_redis.rows_later},
    "owner_unread": {"sqlite": owner_unread, "redis": owner_unread},
}
"""By name, then by store."""
