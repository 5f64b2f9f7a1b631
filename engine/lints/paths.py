"""Which states can follow which: a flow as a plain graph. Edges into states that do not exist are left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from engine.flow import FlowDef, StateDef, StateKind

Edges = Mapping[str, tuple[str, ...]]
"""State -> the states it leads to, in the order they are tried."""

HANDOFF = "handoff"
"""The word that `on_error` may carry instead of a state."""


def edges(flow: FlowDef, skip: Callable[[StateDef, str | None], bool] | None = None) -> Edges:
    """The flow's edges, without those `skip(state, label)` names; `next` and else have the label None."""
    return {name: tuple(_targets(flow, state, skip)) for name, state in flow.states.items()}


def _targets(flow: FlowDef, state: StateDef, skip: Callable[[StateDef, str | None], bool] | None) -> Iterable[str]:
    labelled = [(branch.label, branch.next) for branch in state.branches]
    labelled += [(None, target) for target in (state.next, state.on_error) if target]
    return (target for label, target in labelled if target in flow.states and not (skip and skip(state, label)))


def reached(graph: Edges, start: Iterable[str], without: frozenset[str] = frozenset()) -> set[str]:
    """The states of `start` and all that can follow, never entering those in `without`."""
    found = {name for name in start if name not in without}
    ahead = list(found)
    while ahead:
        fresh = [name for name in graph[ahead.pop()] if name not in found and name not in without]
        found.update(fresh)
        ahead += fresh
    return found


def before(graph: Edges, state: str) -> set[str]:
    """The states from which `state` can be reached over at least one edge."""
    entries = {name: tuple(one for one in graph if name in graph[one]) for name in graph}
    return reached(entries, entries[state])


def leads_out(flow: FlowDef, state: StateDef) -> bool:
    """Does the run leave the flow here: by its end, to a person, or to a target nobody has declared yet?"""
    if state.kind in (StateKind.TERMINAL, StateKind.HANDOFF) or state.on_error == HANDOFF:
        return True
    return any(target not in flow.states for target in state.targets())


def goes_back(graph: Edges, first: str, source: str, target: str) -> bool:
    """Can `target` already be on the path when the edge from `source` to it is taken?

    It is when some path from `first` passes `target` and then comes to `source` without running through what every
    path to `target` has passed: such a round would itself have gone back. Exact where loops have one way in.
    """
    if source == target:
        return True
    if source not in reached(graph, [target]) or target not in reached(graph, [first], frozenset({source})):
        return False
    passed = frozenset(filter(partial(_always_before, graph, first, target), graph))
    return source in reached(graph, graph[target], passed)


def _always_before(graph: Edges, first: str, target: str, name: str) -> bool:
    """Is `name` on every path from `first` to `target`?"""
    return name != target and target not in reached(graph, [first], frozenset({name}))
