"""Prompts are made of parts: texts with a version each, the desk's or a flow's own before ours (S21)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from engine.templates import Text

DESK = ""
"""In the place of a flow's name: the parts of the whole desk."""

EXTRACTION = ("persona", "extraction", "flows", "flow", "question", "slots", "facts", "window")
"""The parts that stand before the message, in this order (S17)."""
MESSAGE = "message"
"""The part that holds the message itself."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its name, its text, and the hash of it that notes keep."""

    name: str
    text: Text
    version: str


class Prompts:
    """The parts of a deployment, read once."""

    def __init__(self, ours: Mapping[str, str], own: Mapping[tuple[str, str], str] | None = None) -> None:
        """`own` are a deployment's texts by (flow or DESK, part). Raises TemplateFault for one that is no template."""
        texts = {(DESK, name): text for name, text in ours.items()} | dict(own or {})
        self._parts = {key: Part(key[1], Text(text), _version(text)) for key, text in texts.items()}

    def of(self, name: str, flow: str) -> Part:
        """The part as this flow words it, else as the desk does. Raises KeyError for one that nobody has."""
        return self._parts.get((flow, name)) or self._parts[DESK, name]

    def knows(self, name: str, flow: str) -> bool:
        """Is there such a part, of this flow or of the desk?"""
        return (flow, name) in self._parts or (DESK, name) in self._parts

    def fill(self, names: Sequence[str], flow: str, values: Mapping[str, Any]) -> list[tuple[Part, str]]:
        """Each part with what it says of these values; those that say nothing are left out."""
        parts = [self.of(name, flow) for name in names]
        return [(part, text) for part in parts if (text := part.text.render(values))]


def _version(text: str) -> str:
    return blake2b(text.encode(), digest_size=6).hexdigest()
