"""Lints about keys of a slot that take one another back, and keys that do nothing where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.flow import FlowDef, SlotDef, SlotType
from engine.flowfile.nearest import listed
from engine.lints.finding import Finding
from engine.lints.reading import sources
from engine.readers.enums import phrases
from engine.readers.validity import shaped

_MOMENTS = frozenset({SlotType.DATE, SlotType.TIME, SlotType.DATETIME})
_UNBOUND = frozenset({SlotType.BOOLEAN, SlotType.ENUM, SlotType.EMAIL, SlotType.PHONE})
_UNPATTERNED = frozenset({SlotType.BOOLEAN, SlotType.ENUM, SlotType.AMOUNT, SlotType.DURATION})
"""Types whose canonical value is no text a pattern could be searched in."""


def sensitive_kept(flow: FlowDef) -> Iterator[Finding]:
    """A `sensitive` value is kept nowhere: not in memory, not as a habit (S11, S14)."""
    for name, slot in flow.slots.items():
        for key, kept in (("remember", slot.remember), ("fast_track", slot.fast_track)):
            if slot.sensitive and kept:
                yield Finding(
                    key=f"slots.{name}.{key}",
                    what=f"`{name}` is `sensitive`, which is never remembered, and `{key}` asks for just that",
                    remedy=f"remove `{key}`, or `sensitive`",
                )


def sensitive_shown(flow: FlowDef) -> Iterator[Finding]:
    """A `sensitive` value is never echoed: no text that customers read shows it."""
    secret = {name for name, slot in flow.slots.items() if slot.sensitive}
    for source in sources(flow):
        if source.condition or source.action:
            continue
        for name in sorted(source.readable_names() & secret):
            yield Finding(
                key=source.key,
                what=f"this shows `{name}`, which is `sensitive` and must never be echoed",
                remedy=f"leave `{{{{ {name} }}}}` out, or remove `sensitive`",
            )


def once_without_effect(flow: FlowDef) -> Iterator[Finding]:
    """`once` means used up by the flow's irreversible action, so there has to be one (S12)."""
    if any(action.irreversible for action in flow.actions.values()):
        return
    for name, slot in flow.slots.items():
        if slot.once:
            yield Finding(
                key=f"slots.{name}.once",
                what="nothing in this flow is irreversible, so no value is ever used up",
                remedy="remove `once`, or mark the action that uses it up `irreversible: true`",
                warning=True,
            )


def question_for_no_text(flow: FlowDef) -> Iterator[Finding]:
    """Only a text slot can take the customer's question."""
    for name, slot in flow.slots.items():
        if slot.takes is not None and slot.type is not SlotType.TEXT:
            yield Finding(
                key=f"slots.{name}.takes",
                what=f"a {slot.type.value} cannot be filled by the customer's question",
                remedy="say `type: text`, or remove `takes`",
            )


def pattern_for_no_text(flow: FlowDef) -> Iterator[Finding]:
    """A pattern belongs to what is written as text or digits; no other value could ever fit one."""
    for name, slot in flow.slots.items():
        kind = slot.of or slot.type
        if slot.pattern is not None and kind in _UNPATTERNED:
            yield Finding(
                key=f"slots.{name}.pattern",
                what=f"the value of a slot of type {kind.value} is no text, so none would ever fit this pattern",
                remedy="remove it, or say `type: text`",
            )


def bound_of_another_kind(flow: FlowDef) -> Iterator[Finding]:
    """`min` and `max` are of the slot's own kind, and only for what has an order or a length."""
    for name, slot in flow.slots.items():
        for key, bound in (("min", slot.min), ("max", slot.max)):
            wanted = None if bound is None else _bound_fault(slot, bound)
            if wanted is not None:
                what = f"`{bound}` cannot bound `{name}`, which is of type {slot.type.value}"
                yield Finding(key=f"slots.{name}.{key}", what=what, remedy=wanted)


def _bound_fault(slot: SlotDef, bound: Any) -> str | None:
    """What to write in place of this bound; None when it is one."""
    if slot.type in _UNBOUND:
        return "remove it: such values have neither an order nor a length"
    if slot.type in _MOMENTS:
        if shaped(slot.type, bound):
            return None
        return f"write a {slot.type.value} between quotes, such as {_EXAMPLES[slot.type]}"
    if isinstance(bound, str) and not _is_number(bound):
        return "write a number: of the value, of its characters, or of a list's items"
    return None


_EXAMPLES = {SlotType.DATE: '"2026-03-01"', SlotType.TIME: '"18:30"', SlotType.DATETIME: '"2026-03-01T18:30"'}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def shared_words(flow: FlowDef) -> Iterator[Finding]:
    """No two values of an enum go by the same word: whoever says it would be asked back every time (R25)."""
    for name, slot in flow.slots.items():
        owners: dict[str, str] = {}
        for key, said in phrases(slot).items():
            for word in (
                () if key not in slot.values else dict.fromkeys(" ".join(one.casefold().split()) for one in said)
            ):
                if word in owners and owners[word] != key:
                    yield Finding(
                        key=f"slots.{name}.values.{key}",
                        what=f"`{word}` also means `{owners[word]}`, so whoever says it is asked back every time",
                        remedy="leave it to one of the two",
                        warning=True,
                    )
                owners.setdefault(word, key)


def idle_key(flow: FlowDef) -> Iterator[Finding]:
    """No key of a slot stands where it does nothing."""
    for name, slot in flow.slots.items():
        for key, why, remedy in _idle(slot):
            yield Finding(
                key=f"slots.{name}.{key}", what=f"`{key}` does nothing here: {why}", remedy=remedy, warning=True
            )


def _idle(slot: SlotDef) -> Iterator[tuple[str, str, str]]:
    for key, given in (("remember_for", slot.remember_for_s), ("ask_again_after", slot.ask_again_after_s)):
        if given is not None and not slot.remember:
            yield key, f"`{slot.name}` is not remembered", f"add `remember: true`, or remove `{key}`"
    if slot.normalize is not None and slot.pattern is None:
        yield "normalize", "it prepares a text for its `pattern`, and there is none", "add `pattern`, or remove it"
    kinds = (slot.type, slot.of)
    if slot.choices and SlotType.ENUM not in kinds and SlotType.BOOLEAN not in kinds:
        yield "choices", f"a {slot.type.value} offers no options", "say `type: enum` with `values`, or remove it"
    if SlotType.ENUM not in kinds:
        for key, given in (("fuzzy_accept", slot.fuzzy_accept), ("fuzzy_ask", slot.fuzzy_ask)):
            if given is not None:
                yield key, "only the values of an enum are matched by likeness (R26)", "remove it"


def irreversible_judge(flow: FlowDef) -> Iterator[Finding]:
    """What judges or reads an answer has no effect: it runs before anybody confirmed anything (R14, R24)."""
    for name, slot in flow.slots.items():
        for key, action in (("validate", slot.validate), ("extract", slot.extract)):
            if action is not None and action in flow.actions and flow.actions[action].irreversible:
                yield Finding(
                    key=f"slots.{name}.{key}",
                    what=f"`{action}` is irreversible, and would run on every answer without a confirmation",
                    remedy="name an action that only looks something up",
                )


def depends_on_circle(flow: FlowDef) -> Iterator[Finding]:
    """No slot depends on itself by way of others: a change would empty them all for ever (R33)."""
    for name in flow.slots:
        chain = [name]
        while (parent := flow.slots[chain[-1]].depends_on) in flow.slots and parent not in chain:
            chain.append(str(parent))
        if len(chain) > 1 and parent == name and name == min(chain):
            yield Finding(
                key=f"slots.{name}.depends_on",
                what=f"{listed(chain, 'and')} depend on one another in a circle",
                remedy="let the one that is asked first depend on none of the others",
            )
