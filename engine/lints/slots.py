"""Lints about slots whose keys contradict one another, and actions that never come to anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.flow import FlowDef, SlotDef, SlotType
from engine.flowfile.nearest import listed, meant
from engine.lints.finding import Finding


def ask_only_elsewhere(flow: FlowDef) -> Iterator[Finding]:
    """An `ask_only` slot is filled by its own question alone: never by a scope, memory or a habit (R14, S11)."""
    for name, slot in flow.slots.items():
        for key, filled in (("scope", slot.scope), ("remember", slot.remember), ("fast_track", slot.fast_track)):
            if slot.ask_only and filled:
                yield Finding(
                    key=f"slots.{name}.{key}",
                    what=f"`ask_only` lets nothing but its own question fill `{name}`, and `{key}` would fill it too",
                    remedy=f"remove `{key}`, or `ask_only`",
                )


def enum_without_values(flow: FlowDef) -> Iterator[Finding]:
    """An enum, or a list of enum, says its values."""
    for name, slot in flow.slots.items():
        if _is_enum(slot) and not slot.values:
            yield Finding(
                key=f"slots.{name}",
                what=f"`{name}` is an enum without `values`: no answer could ever fill it",
                remedy="add `values: {first: [other words], second: []}`",
            )


def values_without_enum(flow: FlowDef) -> Iterator[Finding]:
    """Only an enum has values, and only a list has items."""
    for name, slot in flow.slots.items():
        if slot.values and not _is_enum(slot):
            yield Finding(
                key=f"slots.{name}.values",
                what=f"`{name}` is a {slot.type.value}, and only an enum keeps to its `values`",
                remedy="say `type: enum`, or remove `values`",
            )
        if slot.of is not None and slot.type is not SlotType.LIST:
            yield Finding(
                key=f"slots.{name}.of",
                what=f"`of` is the item type of a list, and `{name}` is a {slot.type.value}",
                remedy=f"say `type: list`, or `type: {slot.of.value}` without `of`",
            )


def wrong_choice(flow: FlowDef) -> Iterator[Finding]:
    """Labels are given to values that exist."""
    for name, slot in flow.slots.items():
        known = {SlotType.ENUM: tuple(slot.values), SlotType.BOOLEAN: ("yes", "no")}.get(slot.of or slot.type, ())
        for value in slot.choices if known else ():
            if value not in known:
                yield Finding(
                    key=f"slots.{name}.choices.{value}",
                    what=f"`{value}` is no value of `{name}`, so this label is never shown",
                    remedy=meant(value, known, f"use {listed(known, 'and')}"),
                )


def wrong_default(flow: FlowDef) -> Iterator[Finding]:
    """A default is a value the slot could have."""
    for name, slot in flow.slots.items():
        if slot.default is not None and not _fits(slot, slot.default):
            said = f"one of {listed(slot.values)}" if slot.type is SlotType.ENUM else f"a {slot.type.value}"
            yield Finding(
                key=f"slots.{name}.default",
                what=f"`{slot.default}` is no value `{name}` could have",
                remedy=f"write {said}, or remove it",
            )


def _fits(slot: SlotDef, value: Any) -> bool:
    match slot.type:
        case SlotType.ENUM:
            return value in slot.values
        case SlotType.BOOLEAN:
            return isinstance(value, bool)
        case SlotType.INTEGER:
            return isinstance(value, int) and not isinstance(value, bool)
        case SlotType.NUMBER:
            return isinstance(value, int | float) and not isinstance(value, bool)
        case SlotType.LIST:
            return isinstance(value, list)
        case _:
            return not isinstance(value, bool | list)


def empty_range(flow: FlowDef) -> Iterator[Finding]:
    """`min` is not above `max`, nor `fuzzy_ask` above `fuzzy_accept`."""
    for name, slot in flow.slots.items():
        if isinstance(slot.min, int | float) and isinstance(slot.max, int | float) and slot.min > slot.max:
            yield _empty(f"slots.{name}.min", "min", "max", f"{slot.min:g} is above {slot.max:g}, so no value fits")
        if slot.fuzzy_ask is not None and slot.fuzzy_accept is not None and slot.fuzzy_ask > slot.fuzzy_accept:
            what = f"{slot.fuzzy_ask:g} is above {slot.fuzzy_accept:g}, so no score lies between asking and accepting"
            yield _empty(f"slots.{name}.fuzzy_ask", "fuzzy_ask", "fuzzy_accept", what)


def _empty(key: str, low: str, high: str, what: str) -> Finding:
    return Finding(key=key, what=what, remedy=f"swap `{low}` and `{high}`")


def action_without_outcomes(flow: FlowDef) -> Iterator[Finding]:
    """An action names what it can come to: anything else counts as an error."""
    for name, action in flow.actions.items():
        if action.outcomes:
            continue
        example = "{200: found, 404: not_found}" if action.http else "[done, declined]"
        yield Finding(
            key=f"actions.{name}",
            what="it names no outcomes, so whatever is answered counts as an error",
            remedy=f"add `outcomes: {example}`",
        )


def _is_enum(slot: SlotDef) -> bool:
    return SlotType.ENUM in (slot.type, slot.of)
