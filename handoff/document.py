"""The summary as a document: the parts of `handoff-summary.v1`, with its limits (H81).

A field without a default is always written, also as null; UNSET is left out. `read` refuses what does not fit.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from handoff.evidence import AttemptPart, FactPart, Fired, MessagePart, MoodPoint, SlotPart
from handoff.fields import (
    Count,
    HandoffId,
    Hash,
    Id,
    Language,
    Part,
    Score,
    Slug,
    Text40,
    Text64,
    Text80,
    Text120,
    Text255,
    Url,
)
from handoff.statements import Narrative

SCHEMA = "frontdesk.handoff-summary/v1"


class Turns(Part, frozen=True, kw_only=True):
    """How often each has spoken; `in_topic` counts turns of the active run."""

    customer: Count
    bot: Count
    in_topic: Count


class ReplyWindow(Part, frozen=True, kw_only=True):
    """May we write to the customer now, and until when."""

    can_reply_now: bool
    until: datetime | None = None
    blocked_reason: (
        Literal["opted_out", "quiet_hours", "blocked_by_customer", "window", "channel_disabled", "unreachable"] | None
    ) = None


class ConversationPart(Part, frozen=True, kw_only=True):
    """Where the customer writes, by pseudonyms."""

    conversation_id: Id
    channel: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,31}\Z")]
    channel_account: Text64
    customer_ref: Id
    started_at: datetime
    last_customer_message_at: datetime
    turns: Turns
    reply_window: ReplyWindow
    capabilities: tuple[str, ...]


class TriggerPart(Part, frozen=True, kw_only=True):
    """Why a person is called."""

    requested_by: Literal["customer", "policy", "flow", "agent", "operator", "system"]
    explicit_request: bool
    primary: Slug
    policy_version: Text64
    fired: Annotated[tuple[Fired, ...], Meta(min_length=1, max_length=12)]
    reason: Slug | None


class PriorityPart(Part, frozen=True, kw_only=True):
    """How urgent, and why."""

    level: Literal["urgent", "high", "normal", "low"]
    reasons: Annotated[tuple[Text80, ...], Meta(max_length=8)]


class FlowFrame(Part, frozen=True, kw_only=True):
    """A run and its step; `version` is the content hash it is pinned to."""

    flow: Slug
    version: Hash
    run: Id
    state: Slug
    title: Text120
    state_label: Text120
    retries_used: Count
    retries_allowed: Count


class FlowPart(Part, frozen=True, kw_only=True):
    """Where the customer was; `stack` has the interrupted tasks, outermost first."""

    active: FlowFrame | None
    stack: Annotated[tuple[FlowFrame, ...], Meta(max_length=8)]
    required_slots: Count
    filled_slots: Count
    resumable: bool
    resume_expires_at: datetime | None


class Contact(Part, frozen=True, kw_only=True):
    """A way to reach the customer, masked."""

    kind: Literal["phone", "email", "telegram", "slack", "crm"]
    masked: Text80
    verified: bool


class HistoryPart(Part, frozen=True, kw_only=True):
    """What happened with this customer before."""

    handoffs_90d: Count
    flows_completed_90d: Count
    last_handoff_id: HandoffId | None
    last_flow: Text80 | None


class CustomerPart(Part, frozen=True, kw_only=True):
    """Who the customer is."""

    display_name: Text80 | None
    language: Language
    timezone: Text64 | None
    tier: Literal["unknown", "standard", "priority", "vip"]
    returning: bool
    opted_out: bool
    contacts: Annotated[tuple[Contact, ...], Meta(max_length=6)]
    history: HistoryPart


class MoodMethod(Part, frozen=True, kw_only=True):
    """How the mood was read."""

    kind: Literal["lexicon", "model", "none"]
    version: Text64


class SentimentPart(Part, frozen=True, kw_only=True):
    """The mood over the conversation."""

    available: bool
    method: MoodMethod
    current: Score | UnsetType = UNSET
    minimum: Score | UnsetType = UNSET
    trend: Literal["improving", "flat", "worsening", "insufficient_data"] | UnsetType = UNSET
    points: Annotated[tuple[MoodPoint, ...], Meta(max_length=20)] | UnsetType = UNSET


class Privacy(Part, frozen=True, kw_only=True):
    """What was masked, and how."""

    pii_classes: tuple[str, ...]
    mode: Literal["masked", "clear"]
    redaction_version: Text64
    reveal: Literal["none", "agent_on_click_audited", "operator_only"]
    retention_until: datetime | UnsetType = UNSET


class Safety(Part, frozen=True, kw_only=True):
    """What an agent should be careful with."""

    injection_suspected: bool
    contains_links: bool
    abuse: bool
    self_harm_or_emergency: bool


class ExperimentPart(Part, frozen=True, kw_only=True):
    """A variant the customer saw."""

    experiment: Slug
    variant: Text40


class Versions(Part, frozen=True, kw_only=True):
    """What was deployed."""

    gateway: Text64
    flow_definitions: Hash
    prompts: Hash | UnsetType = UNSET


class Sla(Part, frozen=True, kw_only=True):
    """By when a person should act."""

    claim_by: datetime
    first_reply_by: datetime
    expires_at: datetime


class Timing(Part, frozen=True, kw_only=True):
    """When it happened, and the clocks that follow."""

    triggered_at: datetime
    queued_at: datetime
    business_hours: bool
    next_open_at: datetime | None
    bot_time_s: Annotated[float, Meta(ge=0)]
    sla: Sla


class Links(Part, frozen=True, kw_only=True):
    """Where to look further."""

    console: Url | UnsetType = UNSET
    transcript: Url | UnsetType = UNSET
    slack_thread: Url | UnsetType = UNSET
    ticket: Url | UnsetType = UNSET
    trace: Url | UnsetType = UNSET


class SlackIds(Part, frozen=True, kw_only=True):
    """The newest thread of the case."""

    team_id: Annotated[str, Meta(max_length=20)]
    channel_id: Annotated[str, Meta(max_length=20)]
    thread_ts: Annotated[str, Meta(pattern=r"^[0-9]{10}\.[0-9]{6}\Z")] | UnsetType = UNSET


class TicketIds(Part, frozen=True, kw_only=True):
    """The ticket of the case."""

    system: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,31}\Z")]
    idempotency_key: Text255
    external_id: Text80 | None = None


class Ids(Part, frozen=True, kw_only=True):
    """How the case is found elsewhere."""

    trace_id: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
    previous_handoff_id: HandoffId | None
    slack: SlackIds | UnsetType = UNSET
    ticket: TicketIds | UnsetType = UNSET


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """One revision of the summary of a case. `narrative` alone may be a model's (H71)."""

    schema: Literal["frontdesk.handoff-summary/v1"] = "frontdesk.handoff-summary/v1"
    handoff_id: HandoffId
    revision: Annotated[int, Meta(ge=1)]
    created_at: datetime
    conversation: ConversationPart
    trigger: TriggerPart
    priority: PriorityPart
    queue: Slug
    flow: FlowPart
    slots: Annotated[tuple[SlotPart, ...], Meta(max_length=60)]
    facts: Annotated[tuple[FactPart, ...], Meta(max_length=60)]
    attempts: Annotated[tuple[AttemptPart, ...], Meta(max_length=50)]
    customer: CustomerPart
    sentiment: SentimentPart
    messages: Annotated[tuple[MessagePart, ...], Meta(min_length=1, max_length=20)]
    narrative: Narrative
    privacy: Privacy
    safety: Safety
    experiments: Annotated[tuple[ExperimentPart, ...], Meta(max_length=10)]
    versions: Versions
    timing: Timing
    links: Links
    ids: Ids


def plain(summary: Summary) -> dict[str, Any]:
    """The document as JSON values."""
    made: dict[str, Any] = msgspec.to_builtins(summary)
    return made


def canonical(summary: Summary) -> bytes:
    """Sorted keys, no spaces, UTF-8: what is stored, sent as a file, and hashed (H78)."""
    return json.dumps(plain(summary), separators=(",", ":"), ensure_ascii=False, sort_keys=True).encode()


def sha256(summary: Summary) -> str:
    """The hash that the card's metadata carries (M14)."""
    return hashlib.sha256(canonical(summary)).hexdigest()


def read(document: bytes) -> Summary:
    """A stored summary. Raises msgspec.ValidationError, which names the place, when it does not fit."""
    return msgspec.json.decode(document, type=Summary)
