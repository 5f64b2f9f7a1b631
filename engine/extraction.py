"""The extraction contract: what a model may say of one message, and the strict JSON schema that asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from engine.flow import SlotDef, SlotType
from engine.model import TRIES, TURN_S
from engine.readers.answer import Answer
from engine.readers.control import Control
from engine.readers.enums import phrases
from engine.strict import read_strict, strict_object

OFF_TOPIC = "off_topic"
COMMANDS = (*(control.value for control in Control), OFF_TOPIC)
"""What `command` may be: nothing a rule would not hear from a customer."""
REPLIES = tuple(answer.value for answer in Answer)
MAX_VALUE_CHARS = 400
"""Of one proposed text: a longer one is an essay, not a value."""

_ISO = {
    SlotType.DATE: "A date as 2026-03-01.",
    SlotType.TIME: "A time of day as 18:30.",
    SlotType.DATETIME: "A day and a time as 2026-03-01T18:30.",
    SlotType.DURATION: "A duration such as 90 minutes.",
    SlotType.AMOUNT: "An amount of money as the customer wrote it, with its currency.",
    SlotType.LIST: "Every item, with a comma between.",
}
_JSON = {SlotType.INTEGER: "integer", SlotType.NUMBER: "number", SlotType.BOOLEAN: "boolean"}


class Extraction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One answer, as it came: nothing in it counts until R4 has looked at each item."""

    flow: str | None = None
    slots: dict[str, Any] = {}
    reply: str | None = None
    command: str | None = None
    question: str | None = None
    sentiment: float | None = None
    language: str | None = None

    @property
    def empty(self) -> bool:
        """Does it say nothing of what the message means?"""
        return not (self.flow or self.reply or self.command or self.question or self.values)

    @property
    def values(self) -> dict[str, Any]:
        """What it says of slots, nulls left out."""
        return {name: value for name, value in self.slots.items() if value is not None}


class Consultation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One question to a model, for the notes: its name (X53), the versions of the parts, the exact payload, and the
    answer if there was one (S21, I13): of a message what it means, of a reply the line it made of it; with what that
    cost in tokens and seconds."""

    model: str
    parts: dict[str, str]
    """Part -> its version, in the order in which they were told."""
    payload: str
    """As it left: masked, and cut to the budget."""
    answer: Extraction | None = None
    flow: str = ""
    """The flow whose wording of the parts it was; empty: the desk's."""
    variant: str = ""
    """The experiment's variant that chose them (S35)."""
    tokens_in: int = 0
    """What an answer cost to ask, as its provider counts tokens, else by the estimate of S20."""
    tokens_out: int = 0
    """What it cost to answer."""
    seconds: float = 0.0
    """How long it took, with a try that came to nothing before it."""
    purpose: str = "extraction"
    """What it was asked for, as `Purpose` names it."""
    said: str = ""
    """What it answered to anything else than that: the line it made of the reply, a summary, a narrative."""
    refused: str = ""
    """Why the guard did not let that be said; "" where it was said (S25)."""


def read_extraction(text: str) -> Extraction:
    """The answer in a model's text. Raises ValueError with what is wrong with its shape, never with its words."""
    return read_strict(text, Extraction)


def schema_of(slots: Mapping[str, SlotDef], flows: Iterable[str]) -> dict[str, Any]:
    """The answer's schema in the subset that strict outputs allow: every property required, no others, null for none.

    Source: OpenAI, Structured Outputs, "Supported schemas".
    """
    return strict_object(
        {
            "flow": _choice(flows, "The task the customer names, accepts or goes on with in this message."),
            "slots": strict_object({name: _value(slot) for name, slot in slots.items()}),
            "reply": _choice(REPLIES, "What the message answers to a yes or no question."),
            "command": _choice(COMMANDS, "What the customer wants of the conversation itself."),
            "question": {"type": ["string", "null"], "description": "The customer's own question, word for word."},
            "sentiment": {"type": "number", "description": "From -1, angry, to 1, delighted."},
            "language": {"type": "string", "description": "The language of the message, such as en."},
        }
    )


def _choice(names: Iterable[str], says: str) -> dict[str, Any]:
    return {"type": ["string", "null"], "enum": [*names, None], "description": says}


def _value(slot: SlotDef) -> dict[str, Any]:
    said = {"description": says} if (says := _says(slot)) else {}
    if slot.type is SlotType.ENUM:
        return {"type": ["string", "null"], "enum": [*phrases(slot), None], **said}
    return {"type": [_JSON.get(slot.type, "string"), "null"], **said}


def _says(slot: SlotDef) -> str:
    """What a name alone does not tell."""
    synonyms = "; ".join(f"{key}: {', '.join(others)}" for key, others in slot.values.items() if others)
    parts = (f"{slot.label}." if slot.label else "", slot.help, _ISO.get(slot.type, ""), synonyms)
    return " ".join(filter(None, parts))


class Advice(msgspec.Struct):
    """What a model was asked in this turn."""

    asked: list[Consultation] = []
    dropped: list[str] = []
    """Items of its answers that did not count, and why (R4)."""
    away: bool = False
    """It had no answer, and is not asked again."""
    seconds: float = 0.0
    tries: int = 0
    """To have messages read (X54)."""

    @property
    def left_s(self) -> float:
        """What this turn may still wait for models (F18): nothing once it waited in vain."""
        return 0.0 if self.away else max(0.0, TURN_S - self.seconds)

    @property
    def tries_left(self) -> int:
        """How often a model may still be tried to have a message read."""
        return 0 if self.away else max(0, TRIES - self.tries)
