"""Strict answers of models: the schema that asks for one, and what is read of it.

Source: OpenAI, Structured Outputs, "Supported schemas": every property required, no others, null for none.
"""

from __future__ import annotations

from typing import Any

import msgspec

from engine.model import T


def strict_object(properties: dict[str, Any]) -> dict[str, Any]:
    """The schema of an object with these properties, all of them required."""
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def read_strict(text: str, type_: type[T]) -> T:
    """The answer in a model's text. Raises ValueError with what is wrong with its shape, never with its words."""
    try:
        return msgspec.json.decode(text, type=type_)
    except msgspec.ValidationError as fault:
        raise ValueError(f"it does not have the shape of the schema: {fault}") from None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise ValueError("it is not one JSON object") from None
