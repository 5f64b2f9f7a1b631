"""Foreign JSON: decoded whole or not at all, and looked into without trusting its shape."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import msgspec

from channels.plaintext import storable

Json = dict[str, Any]


def decoded(body: bytes) -> object:
    """The JSON value of `body`; None if it is none."""
    with suppress(RecursionError, ValueError):
        try:
            return msgspec.json.decode(body)
        except msgspec.MsgspecError:
            return json.loads(body.decode())  # msgspec refuses a lone surrogate, and a text may hold one
    return None


def dict_at(node: Json, key: str) -> Json:
    """The object at `key`; an empty one where there is none."""
    return found if isinstance(found := node.get(key), dict) else {}


def list_at(node: Json, key: str) -> list[object]:
    """The array at `key`; an empty one where there is none."""
    return found if isinstance(found := node.get(key), list) else []


def text_at(node: Json, key: str) -> str:
    """The string at `key`, storable; "" where there is none."""
    return storable(found) if isinstance(found := node.get(key), str) else ""
