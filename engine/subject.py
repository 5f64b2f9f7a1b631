"""What a model is asked about in a message: the slots it may propose, and whose they are (DESIGN 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.book import Book
from engine.conversation import Frame
from engine.extraction import Extraction
from engine.flow import SlotDef
from engine.machine import Compiled


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """The slots of one request by their plain names, and the flows that were asked about."""

    slots: Mapping[str, SlotDef]
    flows: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """One answer to one request. `within`: the flows its values may fill, none for all of them (W12)."""

    answer: Extraction
    subject: Subject
    reads_all: bool
    """The model reads every message: its word on open text goes before a reader's."""
    within: frozenset[str] = frozenset()


def subject_of(book: Book, stack: Iterable[Frame]) -> Subject:
    """The active flow's slots, its scopes' and those of the frames below; with no run, every flow's that may start."""
    running = [book.of(frame) for frame in reversed([*stack])]
    scopes = {slot.scope for slot in _fillable(running[0]).values() if slot.scope} if running else set[str | None]()
    found: dict[str, SlotDef] = {}
    for flow in running or book.flows:
        found |= _fillable(flow) | found
    for flow in book.flows if scopes else ():
        found |= {name: slot for name, slot in _fillable(flow).items() if slot.scope in scopes} | found
    return Subject(slots=found, flows=frozenset(flow.name for flow in running))


def subject_of_flow(flow: Compiled) -> Subject:
    """One flow's slots."""
    return Subject(slots=_fillable(flow), flows=frozenset({flow.name}))


def _fillable(flow: Compiled) -> dict[str, SlotDef]:
    """Slots that a model may propose a value for: no question's own (R14), no secret (S24), nobody's whole question."""
    slots = flow.definition.slots
    return {name: slot for name, slot in slots.items() if not (slot.ask_only or slot.sensitive or slot.takes)}
