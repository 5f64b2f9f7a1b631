"""Lints about branches: does every value have its way, and does every way have a value?"""

from __future__ import annotations

from collections.abc import Iterator

from engine.flow import FlowDef, SlotDef, SlotType, StateDef, StateKind
from engine.flowfile.nearest import listed, meant
from engine.lints.finding import Finding
from engine.lints.targets import branch_key
from engine.patterns import every_text, fault
from engine.position import NONE

_YES_NO = frozenset({"yes", "no", "y", "n", "yeah", "yep", "nope"})


def possible_labels(slot: SlotDef) -> tuple[str, ...] | None:
    """Every label a settled value of the slot can have (S1); None when it is open."""
    if slot.type is SlotType.BOOLEAN:
        return ("yes", "no")
    if slot.type is SlotType.ENUM:
        return tuple(slot.values)
    if slot.pattern and not fault(slot.pattern):
        return every_text(slot.pattern)
    return None


def has_else(state: StateDef) -> bool:
    """Has the state an edge for whatever its branches do not name?"""
    return state.next is not None or any(branch.label is None and branch.when is None for branch in state.branches)


def choice_without_else(flow: FlowDef) -> Iterator[Finding]:
    """A choice has a last branch without `when`, and none after it (S2)."""
    for name, state in flow.states.items():
        if state.kind is not StateKind.CHOICE or not state.branches:
            continue
        bare = [index for index, branch in enumerate(state.branches) if branch.when is None]
        if not bare:
            yield Finding(
                key=f"states.{name}.branches",
                what="every branch has a condition: when none of them holds, the run is stuck here",
                remedy="end the list with else, `{next: a_state}`",
            )
        elif bare[0] < len(state.branches) - 1:
            yield Finding(
                key=f"states.{name}.branches.{bare[0]}",
                what="this branch has no `when`, so it is always taken and those below never are (S2)",
                remedy="move it to the end of the list, or give it a `when`",
            )


def impossible_label(flow: FlowDef) -> Iterator[Finding]:
    """Every branch label is a value its slot, or an outcome its action, can have."""
    for name, state in flow.states.items():
        source, labels = _labels(flow, state)
        if labels is None:
            yield from _never_left_open(flow, state)
            continue
        for index, branch in enumerate(state.branches):
            if branch.label is not None and branch.label not in labels:
                some = f"use {listed(labels)}" if labels else f"declare its `outcomes`, `{branch.label}` among them"
                on_error = "`error` is the engine's own word: lead it by `on_error`"
                yield Finding(
                    key=f"states.{name}.{branch_key(state, index)}",
                    what=f"`{source}` never comes to `{branch.label}`, so this branch is never taken",
                    remedy=on_error if branch.label == "error" and state.action else meant(branch.label, labels, some),
                )


def _never_left_open(flow: FlowDef, state: StateDef) -> Iterator[Finding]:
    """Only a question that may be left open is ever left without a value."""
    slot = flow.slots.get(state.slot or "")
    if slot is not None and not slot.optional and any(branch.label == NONE for branch in state.branches):
        yield Finding(
            key=f"states.{state.name}.branches.{NONE}",
            what=f"`{slot.name}` is not optional, so it is never left without an answer and this branch is never taken",
            remedy=f"add `optional: true` to the slot, or remove `{NONE}`",
        )


def _labels(flow: FlowDef, state: StateDef) -> tuple[str, tuple[str, ...] | None]:
    """What chooses this state's labelled branches, and the labels it can have; None: unknown, or anything."""
    if state.kind is StateKind.ASK and state.slot in flow.slots:
        return state.slot, possible_labels(flow.slots[state.slot])
    if state.kind is StateKind.ACTION and state.action in flow.actions:
        return state.action, flow.actions[state.action].outcomes
    return "", None


def value_without_branch(flow: FlowDef) -> Iterator[Finding]:
    """Every value an asked slot can have leads somewhere; so does a question that may be skipped."""
    for name, state in flow.states.items():
        slot = flow.slots.get(state.slot or "")
        if state.kind is not StateKind.ASK or slot is None or not state.branches or has_else(state):
            continue
        known = [branch.label for branch in state.branches if branch.label is not None]
        labels = possible_labels(slot)
        missing = [label for label in labels or () if label not in known]
        if labels is None:
            what = f"`{slot.name}` can hold any {_held(slot)}, but its branches know only {listed(known, 'and')}"
            remedy = "add `else: a_state` to the branches, or close the slot with `type: enum` and `values`"
        elif missing:
            what = f"`{slot.name}` accepts {listed(labels, 'and')}, but its branches know only {listed(known, 'and')}"
            what += f": whoever answers {listed(missing)} goes no further"
            remedy = _remedy(slot, labels, missing)
        elif slot.optional:
            what = f"`{slot.name}` is optional, and a skipped answer has no branch"
            remedy = "add `else: a_state` to the branches, or remove `optional`"
        else:
            continue
        yield Finding(key=f"states.{name}.branches", what=what, remedy=remedy)


def _remedy(slot: SlotDef, labels: tuple[str, ...], missing: list[str]) -> str:
    branches = f"add branches for {listed(missing, 'and')}, or `else: a_state`"
    if slot.type is not SlotType.BOOLEAN and {label.lower() for label in labels} <= _YES_NO:
        return f"make slot `{slot.name}` a `type: boolean`, which reads them all as `yes` or `no`; or {branches}"
    return branches


def _held(slot: SlotDef) -> str:
    return f"{slot.type.value} that fits its pattern" if slot.pattern else slot.type.value


def outcome_without_edge(flow: FlowDef) -> Iterator[Finding]:
    """Every outcome an action can have leads somewhere."""
    for name, state in flow.states.items():
        action = flow.actions.get(state.action or "")
        if state.kind is not StateKind.ACTION or action is None or has_else(state):
            continue
        known = {branch.label for branch in state.branches}
        missing = [outcome for outcome in action.outcomes if outcome not in known]
        if missing:
            yield Finding(
                key=f"states.{name}.{'branches' if state.branches else 'action'}",
                what=f"`{action.name}` can come to {listed(missing)}, which leads nowhere from here",
                remedy=f"add {', '.join(f'`{outcome}: a_state`' for outcome in missing)} to `branches`, or `next`",
            )
