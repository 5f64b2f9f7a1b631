"""A model as the engine sees it: it is asked with everything it needs, and what it answers is only a proposal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from engine.prompts import Prompts

T = TypeVar("T")

TURN_S = 8.0
"""All that one turn may wait for models, whatever it asks them for (F18)."""
TRIES = 2
"""Of one question (S16); and of all by which one turn has its messages read (X54)."""


class Understanding(StrEnum):
    """FRONTDESK_UNDERSTANDING: who reads a message."""

    RULES = "rules"
    AUTO = "auto"
    """The model is asked only when something in the message is unexplained (S16)."""
    MODEL = "model"
    """The model reads every message."""


class Phrasing(StrEnum):
    """FRONTDESK_PHRASING: whose words are said."""

    AUTHOR = "author"
    MODEL = "model"
    """The model puts the author's reply into words, and the guard compares (S25)."""


class Purpose(StrEnum):
    """What a model is asked for; each is counted, limited and traced by this name."""

    EXTRACTION = "extraction"
    PHRASING = "phrasing"
    SUMMARY = "summary"
    NARRATIVE = "narrative"
    PLAN = "plan"
    AGENT = "agent"


BEHIND_THE_REPLY = frozenset({Purpose.SUMMARY, Purpose.NARRATIVE})
"""What nobody waits for."""


class ModelRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a model is told and asked: all of it is built anew from the stored conversation each time (S18)."""

    purpose: Purpose
    system: str
    message: str
    schema: dict[str, Any] = {}
    """The strict JSON schema of the answer; empty: plain text."""
    model: str = ""
    """Another model than the desk's, by its pinned name."""
    person: str = ""
    """Whose day's share of the spending this is; empty: nobody's (X54)."""
    within_s: float = TURN_S
    """What its turn may still wait for models; less is left when it asked before (F18)."""
    tries: int = TRIES


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered(Generic[T]):
    """An answer that could be read, from which model, and what it cost: tokens as its provider counts them, else as
    S20 estimates them, seconds with those of a try that came to nothing before it, and tries."""

    value: T
    model: str
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    tries: int = 1


class Model(Protocol):
    """Answers one request. What it says is a proposal: rules, validators and guards decide what counts."""

    @property
    def name(self) -> str: ...
    @property
    def understanding(self) -> Understanding: ...
    @property
    def phrasing(self) -> Phrasing: ...
    @property
    def prompts(self) -> Prompts: ...

    def mask(self, text: str) -> str:
        """The text without what no model may see: card numbers and secrets (S24)."""
        ...

    async def ask(self, request: ModelRequest, read: Callable[[str], T]) -> Answered[T] | None:
        """The answer as `read` makes it of the text, for which it raises ValueError with what is wrong with its shape.

        None when there is none in time. Never raises, and ends within its deadline (F17-F19).
        """
        ...
