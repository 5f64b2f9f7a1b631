"""Who wrote where in Slack, whose place that is, and the keys that follow (spec/channels.md C50, C57, C60)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from channels.payload import Json, dict_at, list_at, text_at
from channels.slack_delivery import Delivery
from engine.message import Address, Event, EventKind

CHANNEL = "slack"
DESK_ACTIONS, OPTION_ACTIONS = "handoff_", "fd_"
"""How the ids of the agents' controls and of a customer's options begin (C50)."""

_TS = re.compile(r"(\d{1,11})\.(\d{1,6})", re.ASCII)
_LAST_SECOND = 253_402_300_799
"""9999-12-31T23:59:59Z: later than any date `datetime` knows."""


class Customers(StrEnum):
    """SLACK_CUSTOMERS: where customers are heard."""

    OFF = "off"
    DM = "dm"
    MENTION = "mention"
    ALL = "all"


@dataclass(frozen=True, kw_only=True)
class Roles:
    """Whose place is which: `desk` are the agents' channels; customers are heard where `customers` says."""

    desk: Collection[str] = frozenset()
    customers: Customers = Customers.ALL

    def hears(self, *, dm: bool) -> bool:
        """Is a customer heard in a direct message, or in a channel?"""
        return self.customers in (Customers.ALL, Customers.DM if dm else Customers.MENTION)


@dataclass(frozen=True, kw_only=True)
class Us:
    """Our app in the workspace. What Slack has not told yet is "" and refuses nobody."""

    team: str = ""
    user: str = ""
    bot: str = ""
    app: str = ""

    def meant_by(self, delivery: Delivery) -> bool:
        """Is this for our workspace, app and bot? (C58)"""
        payload = delivery.payload
        bots = [text_at(seen, "user_id") for seen in list_at(payload, "authorizations") if isinstance(seen, dict)]
        return (
            self.team in ("", delivery.team)
            and (not self.app or text_at(payload, "api_app_id") in ("", self.app))
            and (not self.user or not bots or self.user in bots)
        )

    def named_in(self, delivery: Delivery) -> str:
        """Our user id: as Slack told us or, until then, as the payload says."""
        granted = [seen for seen in list_at(delivery.payload, "authorizations") if isinstance(seen, dict)]
        return self.user or next((text_at(seen, "user_id") for seen in granted if seen.get("is_bot") is True), "")

    def wrote(self, message: Json) -> bool:
        """Is this by us, or by any other machine? Own posts come back without a subtype but with a `bot_id`."""
        user = text_at(message, "user")
        return "bot_id" in message or text_at(message, "subtype") == "bot_message" or not user or user == self.user


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where and by whom something was done. `ts` is the message's own or the press's; `thread` the one it is in."""

    team: str
    channel: str
    person: str
    ts: str
    received: datetime
    thread: str = ""
    guards: tuple[str, ...] = ()

    @property
    def dm(self) -> bool:
        """A direct message with us?"""
        return self.channel.startswith("D")

    def customers_event(self, id: str, kind: EventKind, *, root: str = "", **more: Any) -> Event:
        """An event of this person as a customer (C60). In a channel the conversation is a thread's, and `root` is
        what begins one; a direct message is one conversation, whatever its threads."""
        thread = self.thread if self.dm else self.thread or root or self.ts
        parts = (self.channel,) if self.dm else (self.channel, thread, self.person)
        return replace(self, thread=thread)._event(id, kind, parts, more)

    def desks_event(self, id: str, kind: EventKind, **more: Any) -> Event:
        """An event of this person at the desk: it finds its case by the thread, and begins no conversation."""
        return self._event(id, kind, ("desk", self.channel, self.thread), {**more, "addressed": False})

    def _event(self, id: str, kind: EventKind, key: Iterable[str], more: dict[str, Any]) -> Event:
        address = Address(
            channel=CHANNEL, account=self.team, chat=self.channel, person=self.person, thread=self.thread or None
        )
        return Event(
            id=f"{CHANNEL}:{self.team}:{id}",
            guards=self.guards,
            conversation=":".join((CHANNEL, self.team, *filter(None, key))),
            kind=kind,
            at=_when(self.ts, self.received),
            order=order_of(self.ts),
            address=address,
            **more,
        )


def guard_of(team: str, channel: str, ts: str) -> str:
    """By which a message and the mention in it are one event (C57)."""
    return f"{CHANNEL}:{team}:{channel}:{ts}"


def is_ts(ts: str) -> bool:
    """Can this be one of Slack's times, "seconds.microseconds"?"""
    return _TS.fullmatch(ts) is not None


def order_of(ts: str) -> int:
    """Microseconds since 1970; 0 for what is no time."""
    found = _TS.fullmatch(ts)
    return int(found[1]) * 1_000_000 + int(found[2].ljust(6, "0")) if found else 0


def person_in(payload: Json) -> str:
    """Who did it, in an interaction."""
    return text_at(dict_at(payload, "user"), "id")


def _when(ts: str, received: datetime) -> datetime:
    seconds = order_of(ts) / 1_000_000
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < _LAST_SECOND else received
