"""What the store has of a person, as JSON for them to read (X62)."""

from __future__ import annotations

from typing import Any

import msgspec

from engine.store import Mailbox, Records
from gateway.past import every_entry
from gateway.privacy.belongings import Belongings, belongings
from gateway.privacy.persons import Person


async def export(mailbox: Mailbox, records: Records, person: Person) -> dict[str, Any]:
    """All of it, each thing as it is stored. May raise StoreAway."""
    theirs = await belongings(mailbox, records, person)
    return {
        "person": person.key,
        "conversations": [found for id in person.conversations if (found := await _conversation(mailbox, id))],
        "records": [found for kind, key in theirs.kept if (found := await _record(records, kind, key))],
        "elsewhere": _elsewhere(theirs),
    }


async def _conversation(mailbox: Mailbox, id: str) -> dict[str, Any] | None:
    stored = await mailbox.peek(id)
    if stored is None:
        return None
    return {
        "id": id,
        "state": _json(stored.state),
        "inbox": [_json(blob) for _, blob in stored.inbox],
        "outbox": [_json(blob) for _, blob in stored.outbox],
    }


async def _record(records: Records, kind: str, key: str) -> dict[str, Any] | None:
    """A record with its entries; None where there is neither."""
    stored = await records.get(kind, key)
    entries = await every_entry(records, kind, key)
    if stored is None and not entries:
        return None
    found: dict[str, Any] = {"kind": kind, "key": key}
    if stored is not None:
        found["value"] = _json(stored.blob)
    if entries:
        found["entries"] = [_json(entry.blob) for entry in entries]
    return found


def _elsewhere(theirs: Belongings) -> dict[str, Any]:
    """What other systems have of them, by our references."""
    return {"slack_threads": msgspec.to_builtins(theirs.threads), "tickets": list(theirs.tickets)}


def _json(blob: bytes) -> Any:
    """As JSON; bytes that are none as text."""
    try:
        return msgspec.json.decode(blob) if blob else None
    except msgspec.DecodeError:
        return blob.decode("utf-8", "replace")
