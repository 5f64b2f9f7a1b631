"""What the store says at the end: every turn, every conversation, and what was given up or set aside.

`frontdesk export` will say it per person; until it exists, this reads the same through the store's two ports.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

import msgspec

from engine.store import Mailbox, Records
from tests.chaos.rig.history import History

PAGE, AT_ONCE = 500, 50
BACK = frozenset({"back_to_bot"})
"""What a turn at the desk says of itself when the bot has the conversation again."""


class _Notes(msgspec.Struct):
    """What is read here of a turn's notes."""

    id: str
    turn: int
    at: datetime
    events: tuple[str, ...]
    said: str = ""
    desk: str = ""


class _State(msgspec.Struct):
    """What is read here of a stored conversation."""

    turn: int = 0


_NOTES, _STATE = msgspec.json.Decoder(_Notes), msgspec.json.Decoder(_State)


async def export(mailbox: Mailbox, records: Records, history: History) -> None:
    """Write all of it."""
    after = ""
    while page := await mailbox.conversations(after, PAGE):
        for at in range(0, len(page), AT_ONCE):
            asked = (_conversation(one, mailbox, records, history) for one in page[at : at + AT_ONCE])
            await asyncio.gather(*asked)
        after = page[-1]
    for kind, what, name in (("quarantine", "aside", "event"), ("dead", "given_up", "row")):
        after = ""
        while kept := await records.scan(kind, after=after, limit=PAGE):
            for record in kept:
                reason = msgspec.json.decode(record.blob)["reason"]
                history.write(what, **{name: record.key}, reason=reason)
            after = kept[-1].key


async def _conversation(conversation: str, mailbox: Mailbox, records: Records, history: History) -> None:
    stored = await mailbox.peek(conversation)
    if stored is None:
        return
    history.write(
        "stored",
        conversation=conversation,
        version=stored.version,
        turn=_STATE.decode(stored.state).turn if stored.state else 0,
        inbox=[id for id, _ in stored.inbox],
        outbox=[id for id, _ in stored.outbox],
    )
    owner, seen = "bot", 0
    while entries := await records.read("journal", conversation, after=seen, limit=PAGE):
        for notes in sorted((_NOTES.decode(entry.blob) for entry in entries), key=lambda notes: notes.turn):
            owner = _owner(owner, notes.desk)
            history.write(
                "turn",
                conversation=conversation,
                turn=notes.turn,
                events=notes.events,
                said=notes.said,
                reply=notes.id.removesuffix(":notes") + ":reply",
                by_desk=bool(notes.desk),
                owner=owner,
                at=notes.at.timestamp(),
            )
        seen = entries[-1].seq


def _owner(owner: str, desk: str) -> str:
    if desk.endswith(": queued"):
        return "people"
    return "bot" if desk in BACK else owner
