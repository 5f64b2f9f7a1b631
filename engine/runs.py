"""The runs of one conversation while a turn changes them: which is active, who holds a value, and putting one in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from engine.book import Book
from engine.flow import SlotDef
from engine.frame import Frame, Slot
from engine.machine import Compiled
from engine.readers.validity import check
from engine.spent import used
from engine.views import shown


class Runs:
    """The stack, its active frame last, and what runs share by scope. Frames are named by their index."""

    def __init__(self, book: Book, stack: Sequence[Frame], scopes: Mapping[str, dict[str, Slot]]) -> None:
        self.book = book
        self.stack: list[Frame] = list(stack)
        self.scopes = dict(scopes)
        self.touched: dict[str, set[str]] = {}
        """Run -> slots that changed since its last walk."""

    @property
    def top(self) -> Frame | None:
        """The active frame."""
        return self.stack[-1] if self.stack else None

    @property
    def flow(self) -> Compiled:
        """The active frame's flow."""
        return self.book.of(self.stack[-1])

    def declared(self, slot: str) -> SlotDef | None:
        """The slot as the topmost run that has it declares it."""
        flows = (self.book.of(frame).definition for frame in reversed(self.stack))
        return next((flow.slots[slot] for flow in flows if slot in flow.slots), None)

    def holder(self, slot: str, *, settled: bool, within: frozenset[str] = frozenset()) -> int | None:
        """Index of the topmost frame whose flow has the slot, settled or not as asked; `within` these flows, if any."""
        for index in self._from_the_top(within):
            if slot in self.book.of(self.stack[index]).definition.slots:
                held = self.stack[index].slots.get(slot)
                if (held is not None and held.settled) == settled:
                    return index
        return None

    def known(self, slot: str, *, within: frozenset[str] = frozenset()) -> int | None:
        """Index of the topmost frame that knows the slot's value, though it may be asked again (R35)."""
        for index in self._from_the_top(within):
            held = self.stack[index].slots.get(slot)
            if held is not None and held.known:
                return index
        return None

    def _from_the_top(self, within: frozenset[str]) -> Iterator[int]:
        for index in reversed(range(len(self.stack))):
            if not within or self.stack[index].flow in within:
                yield index

    def read(self, index: int, slot: str) -> str:
        """A slot's value as a person reads it."""
        held = self.stack[index].slots.get(slot)
        definition = self.book.of(self.stack[index]).slot(slot)
        return str(shown(held.value, definition)) if held and held.value is not None else ""

    def put(self, index: int, name: str, slot: Slot) -> None:
        """Put a value into a slot of a frame, and into its scope: so into every run that shares it (W12)."""
        self.hold(index, name, slot)
        scope = self.book.of(self.stack[index]).slot(name).scope
        if scope and slot.settled:
            self.scopes[scope] = self.scopes.get(scope, {}) | {name: slot}
            self._share(scope, name, slot, by=index)

    def hold(self, index: int, name: str, slot: Slot) -> None:
        """Put a value into a slot of this frame alone."""
        frame = self.stack[index]
        self.stack[index] = replace(frame, slots=frame.slots | {name: slot})
        self.touched.setdefault(frame.run, set()).add(name)

    def _share(self, scope: str, name: str, slot: Slot, *, by: int) -> None:
        """Into the other runs of the scope, but for what was done with another value already (R39)."""
        for index, frame in enumerate(self.stack):
            flow = self.book.of(frame)
            own = flow.definition.slots.get(name)
            shares = index != by and own is not None and own.scope == scope and fits(own, slot)
            if shares and not used(flow, frame, name):
                self.hold(index, name, slot)

    def empty(self, index: int, *names: str) -> None:
        """Empty slots of a frame."""
        frame = self.stack[index]
        self.stack[index] = replace(frame, slots={k: v for k, v in frame.slots.items() if k not in names})
        self.touched.setdefault(frame.run, set()).update(names)

    def change(self, **fields: Any) -> None:
        """Change fields of the active frame."""
        self.stack[-1] = replace(self.stack[-1], **fields)


def fits(definition: SlotDef, slot: Slot) -> bool:
    """May a value that was given elsewhere stand in this slot? Flows may declare one name differently."""
    return definition.optional if slot.value is None else not check(definition, slot.value)
