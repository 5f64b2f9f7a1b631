"""The narrative's shape: statements, each with what it rests on, and who wrote them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from handoff.fields import Count, Language, Part, Refs, Text64, Text80

ActionCode = Literal[
    "reply_with_answer",
    "ask_for_slot",
    "run_action",
    "check_side_effect",
    "approve_exception",
    "transfer_team",
    "call_back",
    "create_ticket",
    "other",
]
"""What may be suggested to an agent: a closed list."""


class Statement(Part, frozen=True, kw_only=True):
    """A sentence and what it rests on."""

    text: Annotated[str, Meta(min_length=1, max_length=300)]
    evidence: Refs


class Headline(Part, frozen=True, kw_only=True):
    """The case in one line."""

    text: Annotated[str, Meta(min_length=1, max_length=140)]
    evidence: Refs


class NextAction(Part, frozen=True, kw_only=True):
    """What to do first, from a closed list."""

    code: ActionCode
    text: Annotated[str, Meta(min_length=1, max_length=300)]
    evidence: Refs
    target: Text80 | UnsetType = UNSET


class Author(Part, frozen=True, kw_only=True):
    """Who wrote the narrative: code, or a model with its prompt."""

    kind: Literal["code", "model"]
    generated_at: datetime
    model: Text80 | UnsetType = UNSET
    prompt_id: Text80 | UnsetType = UNSET
    prompt_version: Text80 | UnsetType = UNSET
    latency_ms: Count | UnsetType = UNSET
    fallback_reason: str | UnsetType = UNSET


class Checks(Part, frozen=True, kw_only=True):
    """What was verified of the statements."""

    evidence_exists: bool = True
    numbers_supported: bool = True
    identifiers_supported: bool = True
    entities_supported: bool = True
    outcomes_consistent: bool = True
    no_instructions_to_agent: bool = True
    no_unmasked_pii: bool = True


class Verification(Part, frozen=True, kw_only=True):
    """How the narrative was verified; code needs none."""

    status: Literal["verified", "partly_verified", "not_needed"]
    checker_version: Text64
    dropped_statements: Count
    checks: Checks


class Narrative(Part, frozen=True, kw_only=True):
    """The case in sentences: the only part a model may replace."""

    author: Author
    language: Language
    headline: Headline
    situation: Annotated[tuple[Statement, ...], Meta(min_length=1, max_length=5)]
    tried: Annotated[tuple[Statement, ...], Meta(max_length=6)]
    open_question: Statement | None
    suggested_next_action: NextAction | None
    confidence: Annotated[float, Meta(ge=0, le=1)]
    verification: Verification


class ToldStatement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sentence as a model wrote it: nothing of it is held to anything yet."""

    text: str
    evidence: tuple[str, ...]


class ToldAction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a model would do first."""

    code: str
    text: str
    evidence: tuple[str, ...]


class Told(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A narrative as a model wrote it."""

    headline: ToldStatement
    situation: tuple[ToldStatement, ...]
    tried: tuple[ToldStatement, ...]
    open_question: ToldStatement | None
    suggested_next_action: ToldAction | None
    confidence: float


class Retold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What of a model's narrative has passed, by whom it was written, and how much of it was dropped (H75). It is held
    against the document each time that is written."""

    told: Told
    model: str
    prompt_version: str
    at: datetime
    latency_ms: int = 0
    dropped: dict[str, int] = {}
    """What was wrong with the statements that went -> how many."""
