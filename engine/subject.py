"""What a model is asked about in a message: the slots it may propose, and whose they are (DESIGN 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from engine.book import Book
from engine.extraction import Extraction
from engine.flow import SlotDef, SlotType
from engine.frame import Frame
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
    for flow in running:
        found |= _fillable(flow) | found
    others: dict[str, SlotDef] = {}
    for flow in book.flows if scopes or not running else ():
        for name, slot in _fillable(flow).items():
            if name not in found and (not running or slot.scope in scopes):
                others[name] = _either(others[name], slot) if name in others else slot
    return Subject(slots=found | others, flows=frozenset(flow.name for flow in running))


def _either(one: SlotDef, other: SlotDef) -> SlotDef:
    """One question about two slots of one name: open text if either is, choices of both, else as the first declares it.

    A value said before any task is named must find room, whichever flow it turns out to be for (R12).
    """
    if SlotType.TEXT in (one.type, other.type):
        return one if one.type is SlotType.TEXT else other
    if one.type is not SlotType.ENUM or other.type is not SlotType.ENUM:
        return one
    words = {key: (*one.values.get(key, ()), *other.values.get(key, ())) for key in one.values | other.values}
    values = {key: tuple(dict.fromkeys(synonyms)) for key, synonyms in words.items()}
    return replace(one, values=values, choices=other.choices | one.choices)


def subject_of_flow(flow: Compiled) -> Subject:
    """One flow's slots."""
    return Subject(slots=_fillable(flow), flows=frozenset({flow.name}))


def asks_about(subject: Subject, flow: Subject) -> bool:
    """Could the answer to `subject` hold every value of that flow: each slot by its name, of its type and choices?"""
    return all(_holds(subject.slots.get(name), slot) for name, slot in flow.slots.items())


def _holds(asked: SlotDef | None, slot: SlotDef) -> bool:
    return asked is not None and asked.type is slot.type and slot.values.keys() <= asked.values.keys()


def _fillable(flow: Compiled) -> dict[str, SlotDef]:
    """Slots that a model may propose a value for: no question's own (R14), no secret (S24), nobody's whole question."""
    slots = flow.definition.slots
    return {name: slot for name, slot in slots.items() if not (slot.ask_only or slot.sensitive or slot.takes)}
