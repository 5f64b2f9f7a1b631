"""A process that talks to itself through the embedded store until it is killed.

Run as `python -m tests.chaos.sqlite_shop FILE LOG`. LOG holds a line for each thing that happened and cannot be undone,
written before anybody could know better: `accepted <event>` once accept answered, `sent <row> <repeated|once>` as a
provider would have seen it.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from engine.message import Address, Event, EventKind
from engine.store import Change, Grant, Mailbox, Settlement
from gateway.clock import SystemClock
from gateway.stores.bounds import MailboxFull
from gateway.stores.sqlite import SqliteStore

PEOPLE = 24


class Shop:
    """Customers that number their messages, and a desk that answers each in a turn of its own."""

    def __init__(self, mailbox: Mailbox, log: Path) -> None:
        self.mailbox = mailbox
        self.log = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self.numbers = Counter(
            line.split()[1].split("/")[0] for line in log.read_text().splitlines() if "acc" in line[:3]
        )

    def write(self, *words: str) -> None:
        """One line, in the file before anything else happens."""
        os.write(self.log, f"{' '.join(words)}\n".encode())

    async def customer(self, person: str) -> None:
        """Write one message after the other; the first may be one the last process took without saying so."""
        while True:
            number = self.numbers[person]
            event = Event(
                id=f"{person}/{number}",
                conversation=person,
                kind=EventKind.MESSAGE,
                at=datetime.now(UTC),
                address=Address(channel="web", account="desk", chat=person, person=person),
            )
            try:
                accepted = await self.mailbox.accept(event, want_grant=number % 2 == 0)
            except MailboxFull:
                continue  # as a provider does: the same event again
            self.write("accepted", event.id)
            self.numbers[person] += 1
            if accepted.grant is not None:
                await self.work(accepted.grant)

    async def sweep(self) -> None:
        """Work on whatever is due."""
        while True:
            await asyncio.gather(*map(self.work, await self.mailbox.claim(8)))

    async def work(self, grant: Grant | None) -> None:
        """Send what is left, then a turn for each event and its reply, until the conversation rests."""
        while grant is not None:
            for id, _ in grant.outbox:
                self.write("sent", id, "repeated" if grant.repeated else "once")
            done = tuple(id for id, _ in grant.outbox)
            if grant.inbox:
                (event, _), *_ = grant.inbox
                if done:
                    grant = await self.mailbox.settle(grant, Settlement(done=done), keep=True) or grant
                grant = await self.mailbox.commit(
                    grant,
                    Change(
                        state=grant.state + event.encode() + b"\n",
                        consumed=(event,),
                        outbox=((f"{event}:r", b"words"),),
                    ),
                )
                continue
            grant = await self.mailbox.settle(grant, Settlement(done=done), keep=False)


async def main() -> None:
    """Open the file, say so, and go on for ever."""
    store = await SqliteStore.open(Path(sys.argv[1]), SystemClock())
    shop = Shop(store.mailbox, Path(sys.argv[2]))
    shop.write("opened")
    await asyncio.gather(shop.sweep(), *(shop.customer(f"web:{n}") for n in range(PEOPLE)))


if __name__ == "__main__":
    asyncio.run(main())
