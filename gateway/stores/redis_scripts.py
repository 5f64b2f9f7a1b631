"""The Lua of the Redis store: one script for each verb, known to Redis by the hash of its text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

CONVERSATION = "conversation"
"""What goes before the verbs of a mailbox."""
ENTRIES = "entries"
"""What goes before the verbs that append an entry."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """One verb. `sha` is how EVALSHA names it."""

    name: str
    text: bytes
    sha: bytes


@cache
def script(name: str, *shared: str) -> Script:
    """A script, with what it shares with others before it."""
    return _made(name, b"".join(map(_text, (*shared, name))))


@cache
def verb(name: str, *shared: str) -> Script:
    """A script on one conversation, with what all of them share before it."""
    return script(name, CONVERSATION, *shared)


def _made(name: str, text: bytes) -> Script:
    return Script(name=name, text=text, sha=hashlib.sha1(text, usedforsecurity=False).hexdigest().encode())


def _text(name: str) -> bytes:
    return (files("gateway.stores") / "scripts" / f"{name}.lua").read_bytes()
