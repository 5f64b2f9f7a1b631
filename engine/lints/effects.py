"""Lints that keep an effect behind a fresh yes, and a remembered answer from deciding for ever."""

from __future__ import annotations

from collections.abc import Iterator

from engine.flow import Branch, FlowDef, SlotType, StateDef, StateKind
from engine.flowfile.nearest import listed
from engine.lints.finding import Finding
from engine.lints.paths import Edges, edges, goes_back, reached
from engine.lints.reading import Source
from engine.lints.targets import branch_key


def unconfirmed_effect(flow: FlowDef) -> Iterator[Finding]:
    """On every path to an irreversible action a question of an `ask_only` slot was answered, and not with no."""
    without_yes = _without_confirmations(flow)
    for name, action in _irreversible(flow):
        if name in reached(without_yes, [flow.first]):
            yield Finding(
                key=f"states.{name}.action",
                what=f"`{action}` is irreversible, and a path leads to it that asks for no confirmation",
                remedy="put a question before it, its slot `{type: boolean, ask_only: true}`, and lead its `yes` here",
            )


def effect_again(flow: FlowDef) -> Iterator[Finding]:
    """A way back over an irreversible action asks anew before it comes to it again (spec/walk.md)."""
    without_yes = _without_confirmations(flow)
    for name, action in _irreversible(flow):
        if name in reached(without_yes, without_yes[name]):
            yield Finding(
                key=f"states.{name}.action",
                what=f"after `{action}`, which is irreversible, edges lead to it again without a new confirmation",
                remedy="lead them to a state before the confirming question, or to an end",
            )


def _irreversible(flow: FlowDef) -> Iterator[tuple[str, str]]:
    for name, state in flow.states.items():
        action = flow.actions.get(state.action or "")
        if action is not None and action.irreversible:
            yield name, action.name


def _without_confirmations(flow: FlowDef) -> Edges:
    """The flow's edges but for those that only a customer's own consent takes."""
    return edges(flow, lambda state, label: _consents(flow, state, label))


def _consents(flow: FlowDef, state: StateDef, label: str | None) -> bool:
    slot = flow.slots.get(state.slot or "")
    if state.kind is not StateKind.ASK or slot is None or not slot.ask_only:
        return False
    if slot.optional and label is None:
        return False  # a question that may be skipped goes on by `next` or else without an answer (R54)
    if slot.type is not SlotType.BOOLEAN:
        return True
    named = {branch.label for branch in state.branches}
    return label == "yes" or (label is None and "no" in named)


def back_without_ask_only(flow: FlowDef) -> Iterator[Finding]:
    """An edge back is never chosen by a value that may already be there when the run returns (S3)."""
    graph = edges(flow)
    for name, state in flow.states.items():
        if state.loop:
            continue
        for index, branch in enumerate(state.branches):
            slots = _choosers(flow, state, index) if branch.next in flow.states else []
            if slots and goes_back(graph, flow.first, name, branch.next):
                or_loop = f", or `loop: true` on state `{name}`" if state.kind is StateKind.ASK else ""
                yield Finding(
                    key=f"states.{name}.{branch_key(state, index)}",
                    what=(
                        f"this leads back to `{branch.next}`, but `{slots[0]}` may still be filled when the run "
                        "returns (by an early mention or from memory) and would answer by itself for ever"
                    ),
                    remedy=f"set `ask_only: true` on slot {listed(slots, 'and')}{or_loop}",
                )


def _choosers(flow: FlowDef, state: StateDef, index: int) -> list[str]:
    """The slots, not `ask_only`, whose values take this branch; not the target's own, which going back empties."""
    if state.kind is StateKind.ASK:
        names = {state.slot}
    else:
        names = set().union(*(_names(branch) for branch in state.branches[: index + 1]))
        names.discard(flow.states[state.branches[index].next].slot)
    return [name for name in flow.slots if name in names and not flow.slots[name].ask_only]


def _names(branch: Branch) -> frozenset[str]:
    return Source(key="", text=branch.when, condition=True).readable_names() if branch.when else frozenset()
