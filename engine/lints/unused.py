"""Lints about what is declared and never comes to anything. Warnings: a flow with them still works."""

from __future__ import annotations

from collections.abc import Iterator

from engine.flow import FlowDef
from engine.lints.finding import Finding
from engine.lints.paths import edges, reached
from engine.lints.reading import sources


def unused_slot(flow: FlowDef) -> Iterator[Finding]:
    """Every slot is asked for, or read by something."""
    if any(action.python is not None for action in flow.actions.values()):
        return  # a Python action may read any slot
    used = {state.slot for state in flow.states.values()} | {slot.depends_on for slot in flow.slots.values()}
    used |= {name for source in sources(flow) for name in source.readable_names()}
    for name in flow.slots:
        if name not in used:
            what = "no state asks for it, and no text, condition or action reads it"
            yield Finding(key=f"slots.{name}", what=what, remedy="ask for it in a state, or remove it", warning=True)


def unused_action(flow: FlowDef) -> Iterator[Finding]:
    """Every action is run by a state, or judges or reads a slot."""
    used = {state.action for state in flow.states.values()}
    used |= {name for slot in flow.slots.values() for name in (slot.validate, slot.extract)}
    for name in flow.actions:
        if name not in used:
            what = "no state runs it, and no slot is judged or read by it"
            yield Finding(key=f"actions.{name}", what=what, remedy="run it in a state, or remove it", warning=True)


def idle_loop(flow: FlowDef) -> Iterator[Finding]:
    """A `loop` state is one that the run comes back to."""
    graph = edges(flow)
    for name, state in flow.states.items():
        if state.loop and name not in reached(graph, graph[name]):
            yield Finding(
                key=f"states.{name}.loop",
                what="no edge leads back here, so it is asked once whatever `loop` says",
                remedy="lead an edge back to it, or remove `loop`",
                warning=True,
            )


def migration_of_the_living(flow: FlowDef) -> Iterator[Finding]:
    """A migration names what is gone: what still exists keeps its name (R58)."""
    for kind, moved, there in (
        ("states", flow.migrations.states, flow.states.keys()),
        ("slots", flow.migrations.slots, flow.slots.keys()),
    ):
        for old in moved:
            if old in there:
                yield Finding(
                    key=f"migrations.{kind}.{old}",
                    what=f"`{old}` still exists, so a run that stood there stays and this is never used",
                    remedy="remove it, or name what was renamed",
                    warning=True,
                )


def state_named_handoff(flow: FlowDef) -> Iterator[Finding]:
    """No state goes by the word that `on_error` keeps for a person."""
    if "handoff" in flow.states:
        yield Finding(
            key="states.handoff",
            what="`on_error: handoff` means a person, so no failed action could lead to this state",
            remedy="give the state another name",
            warning=True,
        )
