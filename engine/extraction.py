"""The extraction contract: what a model may say of one message, and the strict JSON schema that asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from engine.flow import SlotDef, SlotType
from engine.readers.answer import Answer
from engine.readers.control import Control
from engine.readers.enums import phrases

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
    answer if there was one (S21, I13)."""

    model: str
    parts: dict[str, str]
    payload: str
    answer: Extraction | None = None
    purpose: str = ""
    """What else than a reading of the message it was asked for."""
    said: str = ""
    """What it answered then."""


def read_extraction(text: str) -> Extraction:
    """The answer in a model's text. Raises ValueError with what is wrong with its shape, never with its words."""
    try:
        return msgspec.json.decode(text, type=Extraction)
    except msgspec.ValidationError as fault:
        raise ValueError(f"it does not have the shape of the schema: {fault}") from None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise ValueError("it is not one JSON object") from None


def schema_of(slots: Mapping[str, SlotDef], flows: Iterable[str]) -> dict[str, Any]:
    """The answer's schema in the subset that strict outputs allow: every property required, no others, null for none.

    Source: OpenAI, Structured Outputs, "Supported schemas".
    """
    return _object(
        {
            "flow": _choice(flows, "The task the customer names, accepts or goes on with in this message."),
            "slots": _object({name: _value(slot) for name, slot in slots.items()}),
            "reply": _choice(REPLIES, "What the message answers to a yes or no question."),
            "command": _choice(COMMANDS, "What the customer wants of the conversation itself."),
            "question": {"type": ["string", "null"], "description": "The customer's own question, word for word."},
            "sentiment": {"type": "number", "description": "From -1, angry, to 1, delighted."},
            "language": {"type": "string", "description": "The language of the message, such as en."},
        }
    )


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


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
