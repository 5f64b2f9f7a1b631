"""The desk's own machine as a picture: the life of a case, drawn from the table that runs it (H7)."""

from __future__ import annotations

from engine.flow import StateKind
from gateway.diagram.graph import Edge, Graph, Node, joined
from handoff.case import ENDS, WITH_AGENT, CaseState, Owner
from handoff.lifecycle import edges
from handoff.timers import CLOCKS

NAME = "desk"
"""What one asks for to see it."""


def desk_graph() -> Graph:
    """Every state of a case and every way from one into another; clocks are drawn as what happens when nothing does."""
    clocks = {clock.value for clocks in CLOCKS.values() for clock in clocks}
    drawn = [
        Edge(
            source=source.value,
            target=target.value,
            label=trigger.value.replace("_", " "),
            failing=trigger.value in clocks,
        )
        for source, trigger, target in edges()
    ]
    nodes = tuple(Node(name=s.value, title=_title(s), kind=_kind(s), note=_owner(s)) for s in CaseState)
    return Graph(title="The life of a case", nodes=nodes, edges=joined(drawn))


def _title(state: CaseState) -> str:
    words = state.replace("_", " ")
    return words[:1].upper() + words[1:]


def _kind(state: CaseState) -> StateKind:
    if state in ENDS:
        return StateKind.TERMINAL
    return StateKind.HANDOFF if state in WITH_AGENT else StateKind.ASK


def _owner(state: CaseState) -> str:
    if state in ENDS or state is CaseState.PARKED:
        return f"{Owner.BOT} answers"
    return f"{Owner.AGENT} answers" if state in WITH_AGENT else "nobody has it"
