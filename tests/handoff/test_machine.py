"""The machine of a case: its graph, and that it is one machine (H7)."""

from __future__ import annotations

import pytest

from engine.flow import StateKind
from gateway.diagram.graph import Edge, Graph, Node
from gateway.diagram.mermaid import mermaid
from handoff.case import ENDS, OPEN, WAITING, CaseState
from handoff.lifecycle import ENTRIES, TABLE, edges, machine, next_state
from handoff.moves import Trigger
from handoff.timers import CLOCKS


def reached_from(starts: set[CaseState]) -> set[CaseState]:
    seen: set[CaseState] = set()
    waiting = list(starts)
    while waiting:
        state = waiting.pop()
        if state not in seen:
            seen.add(state)
            waiting += [target for source, _, target in edges() if source is state]
    return seen


def test_H7_every_state_is_reachable() -> None:
    assert reached_from(set(ENTRIES)) == set(CaseState)


@pytest.mark.parametrize("state", CaseState)
def test_H7_every_state_can_reach_an_end(state: CaseState) -> None:
    assert reached_from({state}) & set(ENDS)


@pytest.mark.parametrize("state", OPEN)
def test_H7_every_open_state_has_a_timer_exit(state: CaseState) -> None:
    assert [clock for clock in CLOCKS[state] if next_state(state, clock) not in (None, state)]


@pytest.mark.parametrize("state", ENDS)
def test_H7_no_clock_runs_at_an_end(state: CaseState) -> None:
    assert state not in CLOCKS


def test_H7_every_clock_of_a_state_is_a_step_of_the_table() -> None:
    assert all(next_state(state, clock) is not None for state, clocks in CLOCKS.items() for clock in clocks)


def test_H7_every_trigger_stands_in_the_table_once_for_a_state() -> None:
    pairs = [(trigger, source) for trigger, sources, _ in TABLE for source in sources]
    assert len(pairs) == len(set(pairs))
    assert {trigger for trigger, _ in pairs} == set(Trigger)


def test_H7_the_machine_is_built_once_and_makes_no_transitions_of_its_own() -> None:
    assert machine() is machine()
    assert set(machine().events) == {trigger.value for trigger in Trigger}
    assert not machine().models


def test_H7_the_machine_can_be_drawn() -> None:
    kinds = dict.fromkeys(ENDS, StateKind.TERMINAL)
    nodes = tuple(Node(name=s, title=s.replace("_", " "), kind=kinds.get(s, StateKind.ASK)) for s in CaseState)
    joined = {(source, target): trigger for source, trigger, target in edges()}
    drawn = mermaid(
        Graph(
            title="The desk",
            nodes=nodes,
            edges=tuple(Edge(source=s, target=t, label=trigger) for (s, t), trigger in joined.items()),
        )
    )
    assert "queued" in drawn


@pytest.mark.parametrize("state", CaseState)
def test_H29_the_table_itself_gives_a_case_only_while_nobody_has_it(state: CaseState) -> None:
    assert (next_state(state, Trigger.CLAIM) is CaseState.CLAIMED) == (state in WAITING)
