"""Lints about getting there and getting out."""

from __future__ import annotations

from collections.abc import Iterator

from engine.flow import FlowDef, StateKind
from engine.flowfile.nearest import listed
from engine.lints.finding import Finding
from engine.lints.paths import edges, leads_out, reached

_NEXT_STEP = {
    StateKind.SAY: "add `next`, or `terminal: true` if the run ends here",
    StateKind.CHOICE: "add a branch that leads out",
}


def unreachable_state(flow: FlowDef) -> Iterator[Finding]:
    """Every state can be entered. Not judged while an edge dangles: what hangs behind it would all be named too."""
    if any(target not in flow.states for state in flow.states.values() for target in state.targets()):
        return
    entered = reached(edges(flow), [flow.first])
    for name in flow.states:
        if name not in entered:
            yield Finding(
                key=f"states.{name}",
                what=f"no path from `{flow.first}`, where a run begins, leads here",
                remedy="lead an edge to it, or remove it",
            )


def inescapable_state(flow: FlowDef) -> Iterator[Finding]:
    """From every state that can be entered, the run can still end or reach a person."""
    if no_end(flow):
        return
    graph = edges(flow)
    entered = reached(graph, [flow.first])
    for name in flow.states:
        ahead = reached(graph, [name])
        if name in entered and not any(leads_out(flow, flow.states[one]) for one in ahead):
            circle = listed([one for one in flow.states if one in ahead], "and")
            what = f"{circle} lead only to one another" if graph[name] else "no edge leaves it"
            yield Finding(
                key=f"states.{name}",
                what=f"{what}: from here no terminal and no handoff can be reached",
                remedy=_NEXT_STEP.get(flow.states[name].kind, "add `next`, or a branch, that leads to an end"),
            )


def no_terminal(flow: FlowDef) -> Iterator[Finding]:
    """A flow has an end."""
    if no_end(flow):
        yield Finding(
            key="states",
            what="no state is terminal and none hands over, so a run of this flow can never end",
            remedy="add one, such as `done: {prompt: ..., terminal: true, outcome: resolved}`",
        )


def no_end(flow: FlowDef) -> bool:
    """Has the flow neither a terminal nor a handoff?"""
    return not any(state.kind in (StateKind.TERMINAL, StateKind.HANDOFF) for state in flow.states.values())
