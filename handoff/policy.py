"""How this desk works: the HANDOFF_* settings that shape a case, with their defaults."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from handoff.hours import Hours

MAX_TRANSFERS = 3
"""Of one case; then the operator is alerted (section 2)."""
MAX_SNOOZE_S = 30 * 86_400.0
PING_PONG_S = 15 * 60.0
"""A case of the bot's own failing does not open again for the same cause within this time (H32)."""
VERDICT_OPEN_S = 86_400.0
"""How long a verdict may be changed (H130)."""
WAITS_LOOKED_AT = 20
WAITS_WANTED = 5
"""Fewer claims than this say nothing about the usual wait (H13)."""


class ReplyPolicy(StrEnum):
    """HANDOFF_REPLY_POLICY: whose words in the thread reach the customer (H44)."""

    CLAIMER = "claimer"
    ANY = "any"
    EXPLICIT = "explicit"


class Tickets(StrEnum):
    """HANDOFF_TICKET: which cases become tickets (H140); `off` while no ticket system is configured."""

    OFF = "off"
    FALLBACK = "fallback"
    ALWAYS = "always"


class DeskPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """The desk's settings; `_s` are seconds. Claim, first reply and agent silence run in opening hours only."""

    hours: Hours = Hours()
    """HANDOFF_HOURS with HANDOFF_TIMEZONE, else `hours` and `timezone` of desk.yaml."""
    claim_sla_s: float = 5 * 60.0
    expires_after_s: float = 24 * 3600.0
    first_reply_sla_s: float = 10 * 60.0
    agent_silent_s: float = 15 * 60.0
    customer_reminder_s: float = 24 * 3600.0
    customer_left_s: float = 72 * 3600.0
    reopen_within_s: float = 24 * 3600.0
    slack_down_notice_s: float = 2 * 60.0
    slack_down_ticket_s: float = 10 * 60.0
    reply_policy: ReplyPolicy = ReplyPolicy.CLAIMER
    ticket: Tickets = Tickets.OFF
    escalate_to: str = ""
    """A user group or channel for the second ping; empty: the queue's own channel."""
    team_language: str = "en"
    queues: tuple[str, ...] = ()
    """Names in HANDOFF_SLACK_CHANNELS: the teams a case may be moved to."""
    aliases: dict[str, str] = {}
    """HANDOFF_AGENT_ALIASES: agent id -> the name customers see (H48)."""
    max_per_hour: int | None = None
    """HANDOFF_MAX_PER_HOUR, an alarm for the operator; it holds back nobody (H97)."""
    shadow_audit: bool = False

    def alias(self, agent: str, display_name: str) -> str:
        """The name a customer sees: the desk's alias, else the first word of the display name; never a handle,
        an address or an id (H48)."""
        if agent in self.aliases:
            return self.aliases[agent]
        first = display_name.strip().split(" ")[0] if display_name.strip() else ""
        return first if first and first != agent and "@" not in first else "a colleague"
