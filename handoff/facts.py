"""What a summary is made of: plain facts about a case that the gateway gathers, and code writes down (H71)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from engine.conversation import Conversation
from engine.machine import Compiled
from engine.message import Attachment, Limits
from handoff.case import Case
from handoff.policy import DeskPolicy


class Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One message: `who` is customer, bot, agent or system; `turn` the conversation's turn it belongs to.

    `pressed` marks a choice; `delivery` is queued, sent, delivered, read or failed, "" when not known.
    """

    turn: int
    at: datetime
    who: str
    text: str
    pressed: bool = False
    delivery: str = ""
    attachments: tuple[Attachment, ...] = ()


class Attempt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the bot did: `kind` and `outcome` are words of the summary. `certain` is False when it may have acted
    though nobody knows (H72); `result` is the outcome word of an action that answered."""

    at: datetime
    kind: str
    name: str
    outcome: str
    certain: bool = True
    times: int = 1
    result: str = ""
    error: str = ""
    key: str = ""
    irreversible: bool = False
    turn: int | None = None
    flow: str = ""
    """Whose action it was; "" where nothing tells."""


class KnownContact(msgspec.Struct, frozen=True, kw_only=True):
    """A way to reach the customer, in clear; `kind` is phone, email, telegram, slack or crm. The summary masks it."""

    kind: str
    value: str
    verified: bool = False


class Customer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of the customer besides this conversation. `tier` is unknown, standard, priority or vip."""

    display_name: str = ""
    language: str = "en"
    timezone: str = ""
    tier: str = "unknown"
    returning: bool = False
    opted_out: bool = False
    contacts: tuple[KnownContact, ...] = ()
    handoffs_90d: int = 0
    flows_completed_90d: int = 0
    last_handoff_id: str = ""
    last_flow: str = ""


class Mood(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Sentiment by turn, -1 to 1; `kind` is lexicon or model; `current` is the moving average."""

    kind: str
    version: str
    current: float
    points: tuple[tuple[int, float], ...] = ()


class Alert(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the turn's signals noted of the customer's words (S24, S40)."""

    injection: bool = False
    abuse: bool = False
    emergency: bool = False


class CaseFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the summary of one case is written from; nothing else goes in.

    `conversation` is the frozen one (H27), `flows` its runs' flows by version, `transcript` and `attempts` are oldest
    first (`handoff/journal.py` reads them from the journal). References to persons are pseudonyms.
    """

    case: Case
    conversation: Conversation
    flows: Mapping[str, Compiled]
    transcript: tuple[Said, ...]
    attempts: tuple[Attempt, ...] = ()
    now: datetime
    conversation_ref: str
    customer_ref: str
    channel: str
    account: str = ""
    limits: Limits
    customer: Customer = Customer()
    mood: Mood | None = None
    alert: Alert = Alert()
    policy: DeskPolicy = DeskPolicy()
    policy_version: str = "built-in"
    gateway_version: str
    definitions: str
    """Hex digits of the hash over all deployed flows."""
    started_at: datetime
    blocked: str = ""
    """Why nothing can be sent now: blocked_by_customer, unreachable, quiet_hours, channel_disabled or ""."""
    experiments: tuple[tuple[str, str], ...] = ()
    console_url: str = ""
    trace_id: str = ""
    """32 hex digits; "" takes one made of the case's id."""
    ticket_system: str = ""
    """webhook, zendesk or "" when none is configured."""
    region: str = "US"
    """ISO country for phone numbers without a country code."""
    unwritten: str = "model_off"
    """Why no model wrote the narrative: a `fallback_reason`; "" while one may still do so."""
    retries: int = 3
    """The desk's, where flow and slot say nothing."""
