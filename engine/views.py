"""How values look from inside a flow: to conditions, to templates that speak, to actions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from hashlib import blake2b
from typing import Any

import msgspec

from engine.flow import FlowDef, SlotDef, SlotType
from engine.frame import Slot, SlotState
from engine.message import Address
from engine.money import Money, is_amount
from engine.templates import Text

_encode = msgspec.json.Encoder().encode

HIDDEN = "[hidden]"
"""In place of a `sensitive` value (section 1 of spec/conversation.md)."""


class Person:
    """What conditions see as `person`: the address, and `person.*` of a profile when there is one."""

    __slots__ = ("_keys", "_known")

    def __init__(self, address: Address | None, locale: str = "en", known: Mapping[str, Any] | None = None) -> None:
        """`known` is what the desk's profile says; it cannot change who they are."""
        self._known: dict[str, Any] = {name: plain(value) for name, value in known.items()} if known else {}
        if address is not None:
            self._known |= {"id": address.person, "channel": address.channel, "address": address.chat}
        self._keys = (address.channel, locale) if address is not None else (locale,)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._known[name]
        except KeyError:
            raise AttributeError(name) from None

    def knows(self, name: str) -> bool:
        """Is there a `person.name`?"""
        return name in self._known

    def wordings(self, prompts: Mapping[str, tuple[Text, ...]]) -> tuple[Text, ...]:
        """The wordings of a prompt for this person: by channel kind, by locale, else the default."""
        for key in self._keys:
            if key in prompts:
                return prompts[key]
        return prompts.get("", ())


class Spoken:
    """`person` as prompts see it: what nobody knows shows as nothing."""

    __slots__ = ("_person",)

    def __init__(self, person: Person) -> None:
        self._person = person

    def __getattr__(self, name: str) -> Any:
        return getattr(self._person, name, "")


def plain(value: Any) -> Any:
    """A canonical value as conditions see it: an amount compares as money."""
    return Money(value["amount"], value["currency"]) if is_amount(value) else value


def shown(value: Any, slot: SlotDef | None = None) -> Any:
    """A canonical value as a person reads it: an enum's key with spaces, an amount as `$79.99`, a list with commas."""
    if isinstance(value, list):
        return ", ".join(str(shown(item, slot)) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if slot and (slot.type is SlotType.ENUM or slot.of is SlotType.ENUM):
        return slot.choices.get(str(value), str(value).replace("_", " "))
    return plain(value)


class Truth(int):
    """A boolean as a template has it: reads `true` or `false`, and is what it says in a template's own `if`."""

    def __str__(self) -> str:
        return "true" if self else "false"


def spoken(value: Any, slot: SlotDef) -> Any:
    """A canonical value as templates show it: a boolean as it is stored, everything else as a person reads it."""
    return Truth(value) if isinstance(value, bool) else shown(value, slot)


def settled_values(flow: FlowDef, slots: Mapping[str, Slot]) -> dict[str, Any]:
    """Canonical values of the settled slots, with `default` for those nobody filled."""
    found = {name: slot.value for name, slot in slots.items() if slot.state is SlotState.FILLED}
    for name, slot in flow.slots.items():
        if slot.default is not None and name not in found:
            found[name] = slot.default
    return found


def to_conditions(
    names: Collection[str], flow: FlowDef, slots: Mapping[str, Slot], facts: Mapping[str, Any], person: Person
) -> dict[str, Any]:
    """What `when` sees of `names`: canonical keys, amounts as money; names without a value are missing."""
    seen = {name: plain(value) for name, value, _ in _known(names, flow, slots, facts)}
    return seen | {"person": person} if "person" in names else seen


def to_speech(
    names: Collection[str], flow: FlowDef, slots: Mapping[str, Slot], facts: Mapping[str, Any], person: Person
) -> dict[str, Any]:
    """What prompts see of `names`: values as a person reads them."""
    seen = {
        name: spoken(value, slot) if slot else plain(value) for name, value, slot in _known(names, flow, slots, facts)
    }
    return seen | {"person": Spoken(person)} if "person" in names else seen


def _known(
    names: Iterable[str], flow: FlowDef, slots: Mapping[str, Slot], facts: Mapping[str, Any]
) -> list[tuple[str, Any, SlotDef | None]]:
    """Name, value and slot (none for a fact, which goes before) of those that have a value."""
    found: list[tuple[str, Any, SlotDef | None]] = []
    for name in names:
        if name in facts:
            found.append((name, facts[name], None))
            continue
        held, slot = slots.get(name), flow.slots.get(name)
        if held is not None and held.state is SlotState.FILLED:
            found.append((name, held.value, slot))
        elif slot is not None and slot.default is not None:
            found.append((name, slot.default, slot))
    return found


def digest(names: Iterable[str], values: Mapping[str, Any]) -> str:
    """12 hex digits of the names and values shown: what a confirmation is bound to (W7)."""
    pairs = [(name, str(values.get(name, ""))) for name in sorted(names) if name != "person"]
    return blake2b(_encode(pairs), digest_size=6).hexdigest()


OF_NOTHING = digest((), {})
"""The digest of a state that shows words and no value."""
