"""Who opted out and was then forgotten: a keyed hash says so, so that nobody writes to them again (X62, X65)."""

from __future__ import annotations

import hashlib
import hmac

from engine.memory import person_key
from engine.message import Address
from engine.store import Records
from gateway.ground import pseudonym_key

OPT_OUT = "optout"
"""The kind of record; its key is the hash, and it holds nothing."""


async def keep_opted_out(records: Records, person: str, *, opted_out: bool) -> None:
    """What is known of somebody who is forgotten. May raise StoreAway."""
    hashed = await _hashed(records, person)
    if opted_out:
        await records.put(OPT_OUT, hashed, b"")
    else:
        await records.drop(OPT_OUT, hashed)


async def has_opted_out(records: Records, address: Address) -> bool:
    """Did whoever has this address opt out before they were forgotten? May raise StoreAway."""
    return await records.get(OPT_OUT, await _hashed(records, person_key(address))) is not None


async def _hashed(records: Records, person: str) -> str:
    return hmac.new(await pseudonym_key(records), person.encode(), hashlib.sha256).hexdigest()
