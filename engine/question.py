"""What is open: the question of a run, or one of our own."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One offered option: its label and the value it means."""

    label: str
    value: Any


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The open question as it was put. `mark` binds its buttons (C26); `digest` binds a confirmation (W7)."""

    run: str
    state: str
    slot: str
    mark: str
    digest: str = ""
    choices: tuple[Choice, ...] = ()


class PendingKind(StrEnum):
    """System questions (spec/conversation.md section 1)."""

    RESTART = "restart"
    CLARIFICATION = "clarification"
    STACK_FULL = "stack_full"
    PERSON = "person"
    RESUME_OFFER = "resume_offer"
    DID_YOU_MEAN = "did_you_mean"
    CORRECTION = "correction"
    CSAT = "csat"
    PERSON_MEANT = "person_meant"
    """A model, and no rule, took a message as a wish for a person."""
    DEFINE_DONE = "define_done"
    MEMORY = "memory"
    """A remembered value, or a whole run of last time, is proposed (S12, S13)."""


class Pending(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A system question that waits. `kept` is the message it is about, `about` what its kind has to remember; `put`
    counts how often it was asked."""

    kind: PendingKind
    mark: str
    question: str = ""
    choices: tuple[Choice, ...] = ()
    kept: str = ""
    about: dict[str, Any] = {}
    put: int = 1
