"""Prompts are made of parts: texts with a version each, the desk's or a flow's own before ours (S21, S22)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from engine.partfile import read_part
from engine.templates import FILLING_FAULTS, Text

DESK = ""
"""In the place of a flow's name: the parts of the whole desk."""

STEP = "step"
"""In a list of parts: the one of the state in which the run stands (S22)."""
QUESTION = "question"
"""What a state without a part of its own tells whoever reads a message: what was asked."""
EXTRACTION = (
    *("persona", "policy", "extraction"),
    *("flows", "flow"),
    STEP,
    *("slots", "facts", "past", "passages", "window"),
)
"""The parts that stand before the message, in this order (S17)."""
MESSAGE = "message"
"""The part that holds the message itself."""
INSTRUCTION = ("voice", "phrasing")
"""The persona, and what is asked of whoever puts a reply into words (S23); the step's own part follows (S22)."""
STATE = ("flow", "slots", "facts", "window")
"""What stands between that and the reply."""
REPLY = "reply"
"""The part that holds the author's reply."""


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
        self._ours = {name: _part(name, text) for name, text in ours.items()}

    def of(self, name: str, flow: str) -> Part:
        """The part as this flow words it, else as the desk does. Raises KeyError for one that nobody has."""
        return self._parts.get((flow, name)) or self._parts[DESK, name]

    def knows(self, name: str, flow: str) -> bool:
        """Is there such a part, of this flow or of the desk?"""
        return (flow, name) in self._parts or (DESK, name) in self._parts

    @property
    def versions(self) -> dict[str, str]:
        """Every part's version, by its name; a flow's own as `flow/name`."""
        return {f"{flow}/{name}" if flow else name: part.version for (flow, name), part in sorted(self._parts.items())}

    def step_part(self, flow: str, state: str, kind: str) -> Part:
        """The part of a state, the flow's before the desk's; without one that of `kind` (S22)."""
        if state not in self._ours and (own := self._parts.get((flow, state)) or self._parts.get((DESK, state))):
            return own
        return self.of(kind, flow)

    def fill(
        self, names: Sequence[str], flow: str, values: Mapping[str, Any], step: tuple[str, str] | None = None
    ) -> list[tuple[Part, str]]:
        """Each part with what it says of these values; those that say nothing are left out.

        In the place of STEP stands that of `step`: a state, and what tells of it where it has no part of its own.
        """
        parts = [part for name in names if (part := self._named(name, flow, step))]
        said = (self._said(part, values) for part in parts)
        return [(part, text) for part, text in said if text]

    def _named(self, name: str, flow: str, step: tuple[str, str] | None) -> Part | None:
        if name != STEP:
            return self.of(name, flow)
        return self.step_part(flow, *step) if step is not None else None

    def _said(self, part: Part, values: Mapping[str, Any]) -> tuple[Part, str]:
        """What a part says; one whose text cannot be filled says what ours does, or nothing: no turn ends for it."""
        try:
            return part, part.text.render(values)
        except FILLING_FAULTS:
            ours = self._ours.get(part.name)
            return (ours, ours.text.render(values)) if ours is not None and ours is not part else (part, "")


def version_of(source: str) -> str:
    """The hash of a part's file: what notes call it by."""
    return blake2b(source.encode(), digest_size=6).hexdigest()


def _part(name: str, source: str) -> Part:
    file = read_part(source)
    return Part(name, Text(file.text), version_of(source), file.model)
