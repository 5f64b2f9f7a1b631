"""The desk's place in Slack: the channels of its queues, whom it calls, how receipts look."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from engine.errors import DeliveryError
from engine.ports import Clock
from handoff.posts import Marking
from handoff.slack_ladder import PROBE_S, closed, gone

MAX_CALLED = 10
"""Ours: whoever is mentioned in a thread follows it from then on."""

_log = logging.getLogger(__name__)


class SlackDesk(msgspec.Struct, frozen=True, kw_only=True):
    """As the settings say: ids of channels, users (`U`, `W`) and user groups (`S`); reactions by name (H50)."""

    default: str
    """SLACK_HANDOFF_CHANNEL, where also the cards of a queue without a channel go."""
    queues: Mapping[str, str] = {}
    """HANDOFF_SLACK_CHANNELS: queue -> channel."""
    called: tuple[str, ...] = ()
    """Whom a ping mentions. Empty: the card alone is what people see."""
    escalate_to: str = ""
    """HANDOFF_ESCALATE_TO: mentioned, or told in its own channel (`C`, `G`); empty: `called` once more."""
    accepted: str = "outbox_tray"
    delivered: str = "heavy_check_mark"
    failed: str = "warning"

    def channel_of(self, queue: str) -> str:
        """Where a queue's cards go."""
        return self.queues.get(queue, self.default)

    def reaction(self, marking: Marking) -> str:
        """The reaction that stands for what has become of an agent's words."""
        match marking:
            case Marking.ACCEPTED:
                return self.accepted
            case Marking.DELIVERED:
                return self.delivered
            case Marking.FAILED:
                return self.failed

    @property
    def pointed_to(self) -> str:
        """The channel in which the second ping is told; "" where it is a mention."""
        return self.escalate_to if self.escalate_to.startswith(("C", "G")) else ""

    def whom(self, *, ping: bool, page: bool) -> tuple[str, ...]:
        """Who is mentioned when people are called."""
        escalated = (self.escalate_to,) if page and self.escalate_to and not self.pointed_to else ()
        if not ping and (escalated or not page or self.pointed_to):
            return escalated
        groups_first = sorted(self.called, key=lambda id: not id.startswith("S"))
        return (*escalated, *groups_first[:MAX_CALLED])


def mentions(ids: Iterable[str]) -> str:
    """Mentions of users and user groups, each once."""
    return " ".join(f"<!subteam^{id}>" if id.startswith("S") else f"<@{id}>" for id in dict.fromkeys(ids))


class Rooms:
    """Which channels take a queue's cards now: its own and, while that takes none, the default one (H64)."""

    def __init__(self, desk: SlackDesk, clock: Clock) -> None:
        self._desk, self._clock = desk, clock
        self._closed: dict[str, datetime] = {}

    def of(self, queue: str) -> tuple[str, ...]:
        """The channels to try, in order; one found closed within PROBE_S is left out."""
        own, default = self._desk.channel_of(queue), self._desk.default
        until = self._closed.get(own)
        if own == default or (until and self._clock.now() < until):
            return (default,)
        return (own, default)

    def instead_of(self, channel: str, error: DeliveryError) -> tuple[str, ...]:
        """Where a case goes on whose thread raised this; () where it can go on nowhere else."""
        if gone(error):
            return (channel,)
        if not closed(error) or channel == self._desk.default:
            return ()
        self.close(channel, error.code)
        return (self._desk.default,)

    def close(self, channel: str, code: str) -> None:
        """It takes no post; the operator is told once."""
        if channel not in self._closed:
            _log.error("the desk's channel %s takes no posts (%s); they go to the default one", channel, code)
        self._closed[channel] = self._clock.now() + timedelta(seconds=PROBE_S)

    def open(self, channel: str) -> None:
        """It took a post."""
        if self._closed.pop(channel, None):
            _log.info("the desk's channel %s takes posts again", channel)
