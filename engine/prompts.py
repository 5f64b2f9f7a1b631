"""Prompts are made of parts: texts with a version each, the desk's or a flow's own before ours (S21, S22)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from engine.partfile import read_part
from engine.templates import Text

DESK = ""
"""In the place of a flow's name: the parts of the whole desk."""

STEP = "step"
"""In a list of parts: the one of the state in which the run stands (S22)."""
EXTRACTION = (
    *("persona", "policy", "extraction"),
    *("flows", "flow"),
    STEP,
    *("slots", "facts", "summary", "passages", "window"),
)
"""The parts that stand before the message, in this order (S17)."""
MESSAGE = "message"
"""The part that holds the message itself."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its name, its text, and the hash of its file that notes keep."""

    name: str
    text: Text
    version: str
    model: str = ""
    """The model it wants to be read by; empty: the desk's."""


class Prompts:
    """The parts of a deployment, read once."""

    def __init__(self, ours: Mapping[str, str], own: Mapping[tuple[str, str], str] | None = None) -> None:
        """`own` are a deployment's texts by (flow or DESK, part), in which a part that is none of `ours` is a state's.

        Raises TemplateFault for a text that is no template, PartFault for one whose top is wrong.
        """
        self.sources = {(DESK, name): text for name, text in ours.items()} | dict(own or {})
        """(Flow or DESK, part) -> its file's text."""
        self._parts = {(flow, name): _part(name, text) for (flow, name), text in self.sources.items()}
        self._names = frozenset(ours)

    def of(self, name: str, flow: str) -> Part:
        """The part as this flow words it, else as the desk does. Raises KeyError for one that nobody has."""
        return self._parts.get((flow, name)) or self._parts[DESK, name]

    def step_part(self, flow: str, state: str, kind: str) -> Part:
        """The part of a state, the flow's before the desk's; without one that of its kind (S22)."""
        if state not in self._names and (own := self._parts.get((flow, state)) or self._parts.get((DESK, state))):
            return own
        return self.of(kind, flow)

    def fill(
        self, names: Sequence[str], flow: str, values: Mapping[str, Any], step: tuple[str, str] | None = None
    ) -> list[tuple[Part, str]]:
        """Each part with what it says of these values; those that say nothing are left out.

        `step`, a state and its kind, stands in the place of STEP.
        """
        parts = [part for name in names if (part := self._named(name, flow, step))]
        return [(part, text) for part in parts if (text := part.text.render(values))]

    def _named(self, name: str, flow: str, step: tuple[str, str] | None) -> Part | None:
        if name != STEP:
            return self.of(name, flow)
        return self.step_part(flow, *step) if step is not None else None


def version_of(source: str) -> str:
    """The hash of a part's file: what notes call it by."""
    return blake2b(source.encode(), digest_size=6).hexdigest()


def _part(name: str, source: str) -> Part:
    file = read_part(source)
    return Part(name, Text(file.text), version_of(source), file.model)
