"""What a picture shows: nodes and labelled edges, taken from a flow or put together from any other machine."""

from __future__ import annotations

from dataclasses import dataclass

from engine.flow import Branch, FlowDef, StateDef, StateKind

PERSON = "handoff"
"""The state that `on_error: handoff` leads to; a flow need not declare it (spec/walk.md)."""


@dataclass(frozen=True, kw_only=True)
class Node:
    """One state: `title` is what people read, `note` says in a few words what happens there."""

    name: str
    title: str
    kind: StateKind
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Edge:
    """One way on; `failing` marks the way taken when an action failed."""

    source: str
    target: str
    label: str = ""
    failing: bool = False


@dataclass(frozen=True, kw_only=True)
class Graph:
    """A machine to draw. The first node is where it begins; at most one edge joins two nodes in one direction."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def graph_of(flow: FlowDef) -> Graph:
    """The flow's states in the file's order and its edges in the order they are tried.

    Edges that join the same two states become one, labels joined. `on_error: handoff` leads to a node of its own
    unless the flow declares a state of that name.
    """
    nodes = [Node(name=s.name, title=_title(s), kind=s.kind, note=_note(s, flow)) for s in flow.states.values()]
    edges = [edge for state in flow.states.values() for edge in _edges(state)]
    if PERSON not in flow.states and any(edge.target == PERSON for edge in edges):
        nodes.append(Node(name=PERSON, title="Handoff", kind=StateKind.HANDOFF, note="a person"))
    known = {node.name for node in nodes}
    return Graph(
        title=flow.title,
        nodes=tuple(nodes),
        edges=joined([edge for edge in edges if edge.target in known]),
    )


def _title(state: StateDef) -> str:
    words = state.title or state.name.replace("_", " ")
    return words[:1].upper() + words[1:]


def _note(state: StateDef, flow: FlowDef) -> str:
    match state.kind:
        case StateKind.ASK:
            slot = flow.slots.get(state.slot or "")
            return f"asks {slot.called}" if slot else "asks"
        case StateKind.ACTION:
            action = flow.actions.get(state.action or "")
            return "acts, once" if action and action.irreversible else "looks it up"
        case StateKind.CHOICE:
            return "decides"
        case StateKind.SAY:
            return "says"
        case StateKind.CALL:
            return f"runs {state.call}"
        case StateKind.HANDOFF:
            queue = state.handoff.queue if state.handoff else ""
            return f"a person: {queue}" if queue else "a person"
        case StateKind.TERMINAL:
            return f"ends: {state.outcome}"


def _edges(state: StateDef) -> list[Edge]:
    edges = [Edge(source=state.name, target=b.next, label=_label(b, state)) for b in state.branches]
    if state.next:
        edges.append(Edge(source=state.name, target=state.next))
    if state.on_error:
        edges.append(Edge(source=state.name, target=state.on_error, label="on error", failing=True))
    return edges


def _label(branch: Branch, state: StateDef) -> str:
    if branch.when is not None:
        return branch.when
    if branch.label is not None:
        return branch.label.replace("_", " ")
    return "else" if len(state.branches) > 1 else ""


def joined(edges: list[Edge]) -> tuple[Edge, ...]:
    """Edges that join the same two states in one direction, made one with all their labels."""
    together: dict[tuple[str, str], list[Edge]] = {}
    for edge in edges:
        together.setdefault((edge.source, edge.target), []).append(edge)
    return tuple(
        Edge(
            source=source,
            target=target,
            label=" · ".join(dict.fromkeys(edge.label for edge in same if edge.label)),
            failing=all(edge.failing for edge in same),
        )
        for (source, target), same in together.items()
    )
