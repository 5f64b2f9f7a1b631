"""Lints across flows: what is taken twice, what is shared and differs, calls that lead nowhere or in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.errors import Problem
from engine.flow import FlowDef, SlotDef, StateKind
from engine.flowfile import FlowFile, Lines
from engine.flowfile.nearest import listed, meant
from engine.lints.finding import Finding, problem
from engine.lints.paths import reached

ENDS = ("cancelled", "declined", "failed", "handed_off", "abandoned")
"""How any run may end beside its terminals' own outcomes (S38)."""


def duplicate_flows(files: Sequence[FlowFile]) -> Iterator[Problem]:
    """Every flow has a name of its own."""
    first: dict[str, Lines] = {}
    for file in files:
        if file.flow is None:
            continue
        name = file.flow.name
        if name in first:
            what = f"{first[name].file} is also named `{name}`"
            finding = Finding(key="flow", what=what, remedy="give one of them another name")
            yield problem(finding, "duplicate-flow", file.lines)
        first.setdefault(name, file.lines)


def unknown_calls(files: Sequence[FlowFile]) -> Iterator[Problem]:
    """Every `call:` names a flow, and its branches name outcomes that flow can end with."""
    flows = {file.flow.name: file.flow for file in files if file.flow is not None}
    for file in files:
        for finding in _calls(file.flow, flows) if file.flow else ():
            yield problem(finding, "unknown-call", file.lines)


def _calls(flow: FlowDef, flows: dict[str, FlowDef]) -> Iterator[Finding]:
    for name, state in flow.states.items():
        if state.call is None:
            continue
        called = flows.get(state.call)
        if called is None:
            yield Finding(
                key=f"states.{name}.call",
                what=f"`{state.call}` is no flow of this desk",
                remedy=meant(state.call, flows, f"add a folder for `{state.call}`"),
            )
            continue
        ends = [one.outcome for one in called.states.values() if one.kind is StateKind.TERMINAL]
        for branch in state.branches:
            if branch.label is not None and branch.label not in (*ends, *ENDS):
                yield Finding(
                    key=f"states.{name}.branches.{branch.label}",
                    what=f"`{called.name}` never ends `{branch.label}`, so this branch is never taken",
                    remedy=meant(branch.label, [*ends, *ENDS], f"use {listed(dict.fromkeys([*ends, *ENDS]))}"),
                )


def shared_triggers(files: Sequence[FlowFile]) -> Iterator[Problem]:
    """No two flows are started by the same words: whoever says them is asked back every time (R27)."""
    first: dict[str, str] = {}
    for file in files:
        for index, trigger in enumerate(file.flow.triggers if file.flow else ()):
            words = " ".join(trigger.casefold().split())
            owner = first.setdefault(words, file.flow.name if file.flow else "")
            if file.flow and owner != file.flow.name:
                what = f"`{trigger}` also starts `{owner}`, so whoever says it is asked back every time"
                remedy = "leave it to one of the two, or make both more precise"
                finding = Finding(key=f"triggers.{index}", what=what, remedy=remedy, warning=True)
                yield problem(finding, "shared-trigger", file.lines)


def scope_clashes(files: Sequence[FlowFile]) -> Iterator[Problem]:
    """Slots that share a value by their `scope` can all hold it: one type, and for an enum the same keys."""
    first: dict[tuple[str, str], tuple[str, SlotDef]] = {}
    for file in files:
        for name, slot in (file.flow.slots if file.flow else {}).items():
            if file.flow is None or slot.scope is None:
                continue
            owner, known = first.setdefault((slot.scope, name), (file.flow.name, slot))
            difference = _difference(slot, known)
            if owner != file.flow.name and difference:
                what = f"scope `{slot.scope}` shares `{name}` with flow `{owner}`, where {difference}"
                finding = Finding(
                    key=f"slots.{name}.scope", what=what, remedy="declare it alike in both, or share it not"
                )
                yield problem(finding, "scope-clash", file.lines)


def _difference(slot: SlotDef, known: SlotDef) -> str | None:
    if (slot.type, slot.of) != (known.type, known.of):
        return f"it is of type {known.type.value}, and here of type {slot.type.value}"
    if slot.values.keys() != known.values.keys():
        return f"its values are {listed(known.values, 'and')}"
    if slot.pattern != known.pattern:
        return f"its pattern is `{known.pattern}`" if known.pattern else "it has no pattern"
    return None


def call_circles(files: Sequence[FlowFile]) -> Iterator[Problem]:
    """No flow calls itself, straight away or by way of others: each call opens another task (R50)."""
    calls = {
        file.flow.name: tuple(state.call for state in file.flow.states.values() if state.call)
        for file in files
        if file.flow is not None
    }
    graph = {name: tuple(one for one in called if one in calls) for name, called in calls.items()}
    for file in files:
        for name, state in (file.flow.states if file.flow else {}).items():
            if file.flow and state.call in graph and file.flow.name in reached(graph, [state.call]):
                what = f"`{state.call}` comes back to `{file.flow.name}`, so each call opens another one inside it"
                remedy = "end this run first, or put what both need into a flow of its own"
                finding = Finding(key=f"states.{name}.call", what=what, remedy=remedy)
                yield problem(finding, "call-circle", file.lines)
