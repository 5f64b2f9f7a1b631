"""Sessions of the web page: who was given a token, and who holds one (C90)."""

from __future__ import annotations

import secrets
from datetime import datetime

import msgspec

from channels.web import person_of
from engine.ports import Clock
from engine.store import Records

SESSION = "session"
"""The kind of record; its key is the person, so the store holds no token."""
TOKEN_BYTES = 32


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """When a session began."""

    at: datetime


class Sessions:
    """Sessions live in Records: any process knows what another one issued. Every verb may raise StoreAway."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records = records
        self._clock = clock

    async def issue(self) -> str:
        """A new token of 256 random bits, 43 characters of base64url; whoever holds it is its person from now on."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        issued = msgspec.json.encode(Issued(at=self._clock.now()))
        await self._records.put(SESSION, person_of(token), issued, expect=0)
        return token

    async def person(self, token: str | None) -> str | None:
        """The person who holds `token`; None for a token that we never issued."""
        if token is None:
            return None
        person = person_of(token)
        return person if await self._records.get(SESSION, person) else None
