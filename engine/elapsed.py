"""What a turn knows of the time since the last one, and when the runs' time stands still (H31)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from engine.conversation import Conversation, Gone


class Elapsed(msgspec.Struct):
    """Time in one turn: `heard` is when the customer wrote what it hears, `anew` the runs that are walked from their
    checkpoint because their look-ups were dropped (R57)."""

    idle_since: datetime | None
    gone: list[Gone]
    heard: datetime | None = None
    anew: set[str] = set()

    def hear(self, at: datetime) -> None:
        """The customer wrote; of several messages the newest counts."""
        self.heard = max(self.heard or at, at)

    def after(self, before: Conversation, *, opted_out: bool, silent: bool, now: datetime) -> dict[str, Any]:
        """The conversation's fields with this turn's time in them. What was not answered was not heard."""
        heard = None if silent else self.heard
        return {
            "heard_at": heard or before.heard_at,
            "idle_since": heard or before.idle_since,
            "paused_at": _standing_still(before, opted_out=opted_out, heard=heard, now=now),
            "gone": () if self.heard else tuple(self.gone),
        }


def elapsed(conversation: Conversation) -> Elapsed:
    """The time as a turn begins."""
    return Elapsed(idle_since=conversation.idle_since or conversation.heard_at, gone=list(conversation.gone))


def paused(conversation: Conversation, *, at: datetime) -> Conversation:
    """The conversation with its runs' time stopped; one that stands still already stays as it is."""
    return conversation if conversation.paused_at is not None else replace(conversation, paused_at=at)


def going_on(conversation: Conversation, *, at: datetime) -> Conversation:
    """The conversation with its runs' time going on: what was left of it when it stopped is left of it now."""
    stopped, idle = conversation.paused_at, conversation.idle_since or conversation.heard_at
    if stopped is None:
        return conversation
    return replace(conversation, paused_at=None, idle_since=idle and idle + (at - stopped))


def _standing_still(before: Conversation, *, opted_out: bool, heard: datetime | None, now: datetime) -> datetime | None:
    """`paused_at` after a turn of the bot: what it heard counts from then on, whether time goes on or not."""
    if opted_out:
        return before.paused_at or now
    by_case = before.paused_at is not None and not before.opted_out
    return (heard or before.paused_at) if by_case else None
