"""What the statements of a summary rest on: messages, values, facts, attempts, and why triggers fired."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from handoff.fields import (
    AttemptId,
    Count,
    MessageId,
    Part,
    Ref,
    Score,
    Slug,
    Text64,
    Text80,
    Text120,
    Text200,
    Text255,
    Text1000,
)


class EvidencePart(Part, frozen=True, kw_only=True):
    """What a trigger rests on, with a verbatim quote of the masked message (M4)."""

    ref: Ref
    quote: Text200 | UnsetType = UNSET
    matched: Text80 | UnsetType = UNSET


class Fired(Part, frozen=True, kw_only=True):
    """A trigger that fired, with what was measured."""

    code: Slug
    mode: Literal["live", "shadow"]
    evidence: Annotated[tuple[EvidencePart, ...], Meta(min_length=1, max_length=5)]
    act: Literal["queue", "offer", "flag"]
    rule_id: Text64 | UnsetType = UNSET
    value: float | UnsetType = UNSET
    comparator: Literal["<=", ">=", "<", ">", "==", "matches"] | UnsetType = UNSET
    threshold: float | str | UnsetType = UNSET
    window: Text64 | UnsetType = UNSET


class Provenance(Part, frozen=True, kw_only=True):
    """Where a value came from."""

    source: Literal["customer_message", "customer_button", "memory", "action", "agent", "operator", "default"]
    extractor: Literal["reader", "model", "button", "action", "person", "none"]
    at: datetime
    ref: Ref | UnsetType = UNSET


class Validation(Part, frozen=True, kw_only=True):
    """Whether a value passed its rule."""

    status: Literal["passed", "failed", "not_run"]
    rule: Text80 | UnsetType = UNSET
    error: Text120 | UnsetType = UNSET


class SlotPart(Part, frozen=True, kw_only=True):
    """A slot of the task: in clear or masked, never both."""

    name: Slug
    type: str
    required: bool
    status: Literal["filled", "invalid", "missing", "skipped", "declined"]
    pii_class: str | None
    label: Text80
    value: Any | UnsetType = UNSET
    value_masked: Text120 | UnsetType = UNSET
    confirmed_by_customer: bool | UnsetType = UNSET
    provenance: Provenance | UnsetType = UNSET
    validation: Validation | UnsetType = UNSET
    of: str | UnsetType = UNSET


class FactPart(Part, frozen=True, kw_only=True):
    """What an action found out."""

    name: Slug
    attempt_id: AttemptId
    at: datetime
    pii_class: str | None
    value: Any | UnsetType = UNSET
    value_masked: Text120 | UnsetType = UNSET


class AttemptPart(Part, frozen=True, kw_only=True):
    """What the bot did already. An uncertain outcome may have taken effect (H72)."""

    attempt_id: AttemptId
    at: datetime
    kind: Literal["action", "slot_retry", "answer", "alternative_offered", "handoff_offered", "ticket_created"]
    name: Text80
    outcome: Literal["ok", "failed", "timeout", "rejected", "unknown", "declined_by_customer"]
    outcome_certain: bool
    times: Annotated[int, Meta(ge=1)]
    result_ref: Text120 | UnsetType = UNSET
    error_code: Text80 | UnsetType = UNSET
    idempotency_key: Text255 | UnsetType = UNSET
    message_id: MessageId | UnsetType = UNSET
    irreversible: bool | UnsetType = UNSET


class AttachmentPart(Part, frozen=True, kw_only=True):
    """A file that came with a message; `bytes` is 0 when its size is not known."""

    kind: Literal["image", "file", "audio", "video", "location", "contact"]
    bytes: Count
    name: Text120 | UnsetType = UNSET
    mime: Annotated[str, Meta(max_length=100)] | UnsetType = UNSET
    ref: Text120 | UnsetType = UNSET


class MessagePart(Part, frozen=True, kw_only=True):
    """One message, masked; data, not instructions."""

    message_id: MessageId
    at: datetime
    who: Literal["customer", "bot", "agent", "system"] = msgspec.field(name="from")
    text: Text1000
    truncated: bool | UnsetType = UNSET
    redactions: Count | UnsetType = UNSET
    delivery: Literal["queued", "sent", "delivered", "read", "failed"] | UnsetType = UNSET
    attachments: Annotated[tuple[AttachmentPart, ...], Meta(max_length=5)] | UnsetType = UNSET


class MoodPoint(Part, frozen=True, kw_only=True):
    """The mood of one message, -1 to 1."""

    message_id: MessageId
    score: Score
