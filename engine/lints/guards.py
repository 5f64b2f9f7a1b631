"""What stands before an irreversible action: which questions confirm it, showing what, and which conditions decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.flow import ActionDef, Branch, FlowDef, SlotDef, StateKind
from engine.lints.paths import before, edges, reached
from engine.lints.reading import sources


@dataclass(frozen=True, kw_only=True)
class Confirmation:
    """A question that only the customer answers: its slot, the values it shows, and the answers that lead on."""

    slot: SlotDef
    shown: frozenset[str]
    leads: frozenset[str | None]

    def __hash__(self) -> int:
        return hash((self.slot.name, self.shown, self.leads))


@dataclass(frozen=True, kw_only=True)
class Guard:
    """Everything between a customer and one irreversible action."""

    does: ActionDef
    confirmed: frozenset[Confirmation]
    decided: frozenset[str]
    """Conditions between a confirmation and the action."""


def guards(flow: FlowDef) -> Mapping[str, Guard]:
    """Irreversible action -> what stands before it, on whatever path."""
    graph = edges(flow)
    found: dict[str, Guard] = {}
    for action in (one for one in flow.actions.values() if one.irreversible):
        effects = {name for name, state in flow.states.items() if state.action == action.name}
        if not effects:
            continue
        earlier = set[str]().union(*(before(graph, name) for name in effects)) | effects
        asking = {name for name in earlier if _confirms(flow, name)}
        behind = reached(graph, [target for name in asking for target in graph[name]]) & earlier
        found[action.name] = Guard(
            does=action,
            confirmed=frozenset(_confirmation(flow, name, earlier) for name in asking),
            decided=frozenset(branch.when or "" for name in behind for branch in _conditions(flow, name)),
        )
    return found


def _confirms(flow: FlowDef, name: str) -> bool:
    state = flow.states[name]
    slot = flow.slots.get(state.slot or "")
    return state.kind is StateKind.ASK and slot is not None and slot.ask_only


def _confirmation(flow: FlowDef, name: str, earlier: set[str]) -> Confirmation:
    state = flow.states[name]
    shown = frozenset().union(*(one.readable_names() for one in sources(flow) if one.state == name))
    leads = {branch.label for branch in state.branches if branch.next in earlier}
    leads |= {None} if state.next in earlier else set()
    return Confirmation(slot=flow.slots[state.slot or ""], shown=shown, leads=frozenset(leads))


def _conditions(flow: FlowDef, name: str) -> list[Branch]:
    return [branch for branch in flow.states[name].branches if branch.when]
