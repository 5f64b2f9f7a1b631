"""Lints about names that stand for nothing: states, slots, actions."""

from __future__ import annotations

from collections.abc import Iterator

from engine.flow import FlowDef, StateDef
from engine.flowfile.nearest import meant
from engine.flowfile.states import ELSE
from engine.lints.finding import Finding
from engine.lints.paths import HANDOFF


def dangling_target(flow: FlowDef) -> Iterator[Finding]:
    """Every edge, and every migration, leads to a state that exists."""
    for name, state in flow.states.items():
        for key, target in _named_targets(state):
            if target not in flow.states:
                yield Finding(
                    key=f"states.{name}.{key}",
                    what=f"`{target}` is no state of this flow, so a run that is led there has nowhere to go",
                    remedy=_state_remedy(target, flow),
                )
    for old, new in flow.migrations.states.items():
        if new not in flow.states:
            yield Finding(
                key=f"migrations.states.{old}",
                what=f"`{new}` is no state of this flow, so runs that stood at `{old}` have nowhere to go",
                remedy=meant(new, flow.states, "name the state that took its place"),
            )


def _state_remedy(target: str, flow: FlowDef) -> str:
    if target == HANDOFF:
        return "only `on_error` knows that word: add a state `{handoff: {reason: ...}}`, and lead the edge there"
    return meant(target, flow.states, f"add a state `{target}` under `states`")


def _named_targets(state: StateDef) -> Iterator[tuple[str, str]]:
    for index, branch in enumerate(state.branches):
        yield branch_key(state, index), branch.next
    if state.next:
        yield "next", state.next
    if state.on_error and state.on_error != HANDOFF:
        yield "on_error", state.on_error


def branch_key(state: StateDef, index: int) -> str:
    """The dotted key of a branch inside its state: `branches.yes`, `branches.else`, `branches.0.next` of a choice."""
    branch = state.branches[index]
    if branch.label is None and (state.slot or state.action or state.call):
        return f"branches.{ELSE}"
    return f"branches.{index}.next" if branch.label is None else f"branches.{branch.label}"


def unknown_slot(flow: FlowDef) -> Iterator[Finding]:
    """Every slot that is named is declared."""
    for name, state in flow.states.items():
        if state.slot and state.slot not in flow.slots:
            yield _no_slot(f"states.{name}.slot", state.slot, flow)
    for name, slot in flow.slots.items():
        if slot.depends_on == name:
            yield Finding(
                key=f"slots.{name}.depends_on", what="a slot cannot depend on itself", remedy="name another slot"
            )
        elif slot.depends_on and slot.depends_on not in flow.slots:
            yield _no_slot(f"slots.{name}.depends_on", slot.depends_on, flow)
    for old, new in flow.migrations.slots.items():
        if new not in flow.slots:
            yield _no_slot(f"migrations.slots.{old}", new, flow)


def _no_slot(key: str, slot: str, flow: FlowDef) -> Finding:
    remedy = meant(slot, flow.slots, f"declare `{slot}` under `slots`")
    return Finding(key=key, what=f"`{slot}` is no slot of this flow", remedy=remedy)


def unknown_action(flow: FlowDef) -> Iterator[Finding]:
    """Every action state runs an action that is declared."""
    for name, state in flow.states.items():
        if state.action and state.action not in flow.actions:
            yield Finding(
                key=f"states.{name}.action",
                what=f"`{state.action}` is no action of this flow",
                remedy=meant(state.action, flow.actions, f"declare `{state.action}` under `actions`"),
            )
