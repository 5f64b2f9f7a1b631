"""The light model that is moved through a flow's machine, and what its conditions may ask of it."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

import msgspec

from engine.flow import SlotType, StateDef
from engine.forgetting import asleep
from engine.frame import Found, Slot, Source
from engine.machine import Compiled
from engine.templates import Condition
from engine.views import OF_NOTHING, Person, digest, settled_values, to_conditions, to_speech

NONE = "none"
"""The branch of an optional question that was answered with nothing, or skipped."""


class Position(msgspec.Struct):
    """The light model that is moved; it answers the machine's conditions."""

    flow: Compiled
    person: Person
    state: str
    slots: dict[str, Slot]
    facts: dict[str, Any]
    lookups: dict[str, Found]
    results: dict[str, Found]
    walked: set[str] = set()
    """Every state that was entered so far; a value is awake if one of them asks it, or one that can still come (W4)."""
    usual: Mapping[str, int] = {}
    """The slots that a habit settled: a confirmation is of them too (S14)."""
    unseen: set[str] = set()
    _seen: dict[tuple[str, str], dict[str, Any]] = {}
    _digests: dict[tuple[str, str], str] = {}
    """By where it stands and the state shown: what `seen` and `digest` gave, until `moved`."""
    _keys: dict[tuple[str, str], str] = {}
    """By where it stands and the action: what `lookup` gave, until `moved`."""

    def moved(self) -> None:
        """Values, facts or the states walked are other than they were: nothing derived from them holds any more."""
        self._seen.clear()
        self._digests.clear()
        self._keys.clear()

    def settled(self, state: StateDef) -> bool:
        """W: filled, none or skipped; an `ask_only` value only under the digest it was given to (R14, W7)."""
        name = state.slot or ""
        slot = self.slots.get(name)
        if slot is None or not slot.settled:
            return False
        definition = self.flow.definition.slots[name]
        if definition.validate is not None and not self._judged(definition.validate, name, slot):
            return False
        return not definition.ask_only or slot.shown == self.digest(state.name)

    def _judged(self, judge: str, name: str, slot: Slot) -> bool:
        """Has whoever judges the slot's values from outside accepted this one (R24)?"""
        if slot.value is None:
            return True
        found = self.lookups.get(judged_key(judge, name, slot.value))
        return found is not None and accepts(self.flow, judge, found)

    def label(self, state: StateDef) -> str | None:
        """The branch label of an ask state's value: yes/no of a boolean, else the value's own text; `none` where an
        open question was left without one."""
        value, kind = self.slots[state.slot or ""].value, self.flow.definition.slots[state.slot or ""].type
        if kind is SlotType.BOOLEAN:
            return "yes" if value is True else "no" if value is False else None
        if value is None:
            return None if kind is SlotType.ENUM else NONE
        return str(value)

    def found(self, state: StateDef) -> Found | None:
        """What an action or call state came to, if it is known: its result, or its remembered look-up (W8)."""
        if state.name in self.results or not state.action:
            return self.results.get(state.name)
        if self.flow.definition.actions[state.action].irreversible:
            return None
        return self.lookups.get(self.lookup(state.action))

    def lookup(self, action: str) -> str:
        """What a look-up made here is remembered by."""
        key = self._keys.get((self.state, action))
        if key is None:
            key = lookup_key(self.flow, action, self._awake(self.flow.inputs[action]), self.facts)
            self._keys[self.state, action] = key
        return key

    def outcome(self, state: StateDef) -> str | None:
        """The outcome word of an action or call state, if it is known."""
        found = self.found(state)
        return found.outcome if found else None

    def holds(self, condition: Condition) -> bool:
        """Is a `when` true of the values as they stand here (W5)?"""
        slots = self._awake(condition.names)
        seen = to_conditions(condition.names, self.flow.definition, slots, self.facts, self.person)
        self.unseen |= condition.missing(seen)
        return condition.holds(seen)

    def digest(self, state: str) -> str:
        """Of the names and values a state shows, as they stand here."""
        names = self.flow.shown.get(state)
        if self.usual and state in self.flow.bound:
            names = (names or frozenset()) | {name for name in self.usual if self._is_usual(name)}
        if not names:
            return OF_NOTHING
        found = self._digests.get((self.state, state))
        if found is None:
            seen = self._speech(names) if self.usual else self.seen(state)
            found = self._digests[self.state, state] = digest(names, seen)
        return found

    def _is_usual(self, name: str) -> bool:
        held = self.slots.get(name)
        return held is not None and held.source is Source.HABIT

    def seen(self, state: str) -> dict[str, Any]:
        """What a state shows, as it stands here."""
        seen = self._seen.get((self.state, state))
        if seen is None:
            names = self.flow.shown.get(state)
            seen = self._seen[self.state, state] = self._speech(names) if names else {}
        return seen

    def speak(self, state: str) -> str:
        """A state's first wording with the values as they stand here."""
        wordings = self.person.wordings(self.flow.prompts.get(state, {}))
        if not wordings:
            return ""
        return wordings[0].render(self.seen(state))

    def _speech(self, names: Set[str]) -> dict[str, Any]:
        return to_speech(names, self.flow.definition, self._awake(names), self.facts, self.person)

    def _awake(self, names: Set[str] | None) -> Mapping[str, Slot]:
        """The values without those of `names` (None: of any name) that sleep: nobody may see them (R32)."""
        sleeping = asleep(self.flow, self.slots, self.state, self.walked, among=names)
        return {name: slot for name, slot in self.slots.items() if name not in sleeping} if sleeping else self.slots


def judged_key(judge: str, slot: str, value: Any) -> str:
    """What a judgement is remembered by: who judged, and the slot's value (R24)."""
    return f"{judge}:{slot}:{digest((slot,), {slot: value})}"


def accepts(flow: Compiled, judge: str, found: Found) -> bool:
    """The judge's first outcome is the one that accepts."""
    return found.outcome in flow.definition.actions[judge].outcomes[:1]


def lookup_key(flow: Compiled, action: str, slots: Mapping[str, Slot], facts: dict[str, Any]) -> str:
    """What a look-up is remembered by: the action and its inputs, of the values that are awake (W8)."""
    names = flow.inputs[action]
    values = settled_values(flow.definition, slots) | facts
    if names is None:
        names = frozenset(name for name in values if not (name in flow.definition.slots and _bound(flow, name)))
    return f"{action}:{digest(names, values)}"


def _bound(flow: Compiled, name: str) -> bool:
    return flow.slot(name).ask_only
