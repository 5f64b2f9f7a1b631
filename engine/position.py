"""The light model that is moved through a flow's machine, and what its conditions may ask of it."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from engine.conversation import Found, Slot
from engine.flow import SlotType, StateDef
from engine.forgetting import asleep
from engine.machine import Compiled
from engine.templates import Condition
from engine.views import Person, digest, settled_values, to_conditions, to_speech


@dataclass(slots=True)
class Position:
    """The light model that is moved; it answers the machine's conditions."""

    flow: Compiled
    person: Person
    state: str
    slots: dict[str, Slot]
    facts: dict[str, Any]
    lookups: dict[str, Found]
    results: dict[str, Found]
    walked: set[str] = field(default_factory=set)
    """Every state that was entered so far; a value is awake if one of them asks it, or one that can still come (W4)."""
    unseen: set[str] = field(default_factory=set)

    def settled(self, state: StateDef) -> bool:
        """W: filled, none or skipped; an `ask_only` value only under the digest it was given to (R14, W7)."""
        slot = self.slots.get(state.slot or "")
        if slot is None or not slot.settled or not self._judged(state.slot or "", slot):
            return False
        return not self.flow.slot(state.slot or "").ask_only or slot.shown == self.digest(state.name)

    def _judged(self, name: str, slot: Slot) -> bool:
        """Has whoever judges the slot's values from outside accepted this one (R24)?"""
        judge = self.flow.slot(name).validate
        if judge is None or slot.value is None:
            return True
        found = self.lookups.get(judged_key(judge, name, slot.value))
        return found is not None and accepts(self.flow, judge, found)

    def label(self, state: StateDef) -> str | None:
        """The branch label of an ask state's value: yes/no of a boolean, else the value's own text."""
        value = self.slots[state.slot or ""].value
        if self.flow.slot(state.slot or "").type is SlotType.BOOLEAN:
            return "yes" if value is True else "no" if value is False else None
        return None if value is None else str(value)

    def found(self, state: StateDef) -> Found | None:
        """What an action or call state came to, if it is known: its result, or its remembered look-up (W8)."""
        if state.name in self.results or not state.action:
            return self.results.get(state.name)
        if self.flow.definition.actions[state.action].irreversible:
            return None
        names = self.flow.inputs[state.action]
        return self.lookups.get(lookup_key(self.flow, state.action, self._awake(names), self.facts))

    def outcome(self, state: StateDef) -> str | None:
        """The outcome word of an action or call state, if it is known."""
        found = self.found(state)
        return found.outcome if found else None

    def holds(self, condition: Condition) -> bool:
        """Is a `when` true of the values as they stand here (W5)?"""
        seen = to_conditions(self.flow.definition, self._awake(condition.names), self.facts, self.person)
        self.unseen |= condition.missing(seen)
        return condition.holds(seen)

    def digest(self, state: str) -> str:
        """Of the names and values a state shows, as they stand here."""
        names = self.flow.shown.get(state, frozenset())
        return digest(names, self._speech(names))

    def speak(self, state: str) -> str:
        """A state's first wording with the values as they stand here."""
        wordings = self.person.wordings(self.flow.prompts.get(state, {}))
        if not wordings:
            return ""
        return wordings[0].render(self._speech(self.flow.shown[state]))

    def _speech(self, names: Set[str]) -> dict[str, Any]:
        return to_speech(self.flow.definition, self._awake(names), self.facts, self.person)

    def _awake(self, names: Set[str] | None) -> Mapping[str, Slot]:
        """The values without those of `names` (None: of any name) that sleep: nobody may see them (R32)."""
        read = self.slots if names is None else {name: self.slots[name] for name in names if name in self.slots}
        sleeping = asleep(self.flow, read, self.state, self.walked)
        return {name: slot for name, slot in self.slots.items() if name not in sleeping} if sleeping else self.slots


def judged_key(judge: str, slot: str, value: Any) -> str:
    """What a judgement is remembered by: who judged, and the slot's value (R24)."""
    return f"{judge}:{slot}:{digest((slot,), {slot: value})}"


def accepts(flow: Compiled, judge: str, found: Found) -> bool:
    """The judge's first outcome is the one that accepts."""
    return found.outcome in flow.definition.actions[judge].outcomes[:1]


def lookup_key(flow: Compiled, action: str, slots: Mapping[str, Slot], facts: dict[str, Any]) -> str:
    """What a look-up is remembered by: the action and its inputs, of the values that are awake (W8)."""
    values = settled_values(flow.definition, slots) | facts
    names = flow.inputs[action]
    if names is None:
        names = frozenset(name for name in values if not (name in flow.definition.slots and _bound(flow, name)))
    return f"{action}:{digest(names, values)}"


def _bound(flow: Compiled, name: str) -> bool:
    return flow.slot(name).ask_only
