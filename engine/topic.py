"""A topic that was discussed, as a conversation keeps it."""

from __future__ import annotations

import msgspec


class Discussed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something the customer was told from our own texts: the heading, the passage's place, the turn, and the
    situation it was told in (S33)."""

    topic: str
    passage: str
    turn: int
    situation: tuple[str, ...] = ()
