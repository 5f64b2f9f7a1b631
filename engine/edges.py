"""The edges of a flow as one shared `transitions` machine (spec/walk.md, "The mapping").

The pattern of spec/store.md section 1: `Machine(model=None)`, one trigger `go`, a light model that is never attached.
Nothing but a condition chooses a target.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from transitions import Event, Machine, Transition

from engine.flow import Branch, FlowDef, StateDef, StateKind
from engine.ports import ERROR
from engine.templates import Condition

HANDOFF = "handoff"
"""The real state behind `on_error: handoff`."""


class Walker(Protocol):
    """What a condition may ask of the model that is moved."""

    state: str

    def settled(self, state: StateDef) -> bool: ...
    def label(self, state: StateDef) -> str | None: ...
    def outcome(self, state: StateDef) -> str | None: ...
    def holds(self, condition: Condition) -> bool: ...


class Go(Event):
    """The trigger of a walk: the machine's edges, tried in the library's order, each asked by its guard.

    What no flow has is not prepared for: callbacks, a queue, data of the event. That cost more than the guards.
    """

    def __init__(self, name: str, machine: Machine) -> None:
        super().__init__(name, machine)
        self._edges: dict[str, list[tuple[Callable[..., bool | None] | None, str | None]]] = {}

    def add_transition(self, transition: Transition) -> None:
        """Add an edge, behind those that leave the same state."""
        super().add_transition(transition)
        guard = next((one.func for one in transition.conditions if callable(one.func)), None)
        self._edges.setdefault(transition.source, []).append((guard, transition.dest))

    def trigger(self, model: Any, *args: Any, **kwargs: Any) -> bool:
        """Move the model along the first edge whose guard lets it pass; False when none does."""
        for guard, target in self._edges.get(model.state, ()):
            if guard is None or guard(model):
                model.state = target
                return True
        return False


class _FlowMachine(Machine):
    event_cls = Go


def machine_of(flow: FlowDef, conditions: dict[str, Condition]) -> Machine:
    """The machine of a flow; its trigger is missing where no state leads on."""
    transitions: list[dict[str, Any]] = []
    for state in flow.states.values():
        transitions += _edges(state, conditions)
    return _FlowMachine(
        model=None,
        states=[*flow.states, HANDOFF] if HANDOFF not in flow.states else list(flow.states),
        transitions=transitions,
        initial=flow.first,
        auto_transitions=False,
        ignore_invalid_triggers=True,
    )


def _edges(state: StateDef, conditions: dict[str, Condition]) -> list[dict[str, Any]]:
    """The ordered transitions that leave one state (spec/walk.md, "The mapping")."""
    match state.kind:
        case StateKind.ASK:
            guarded = [_edge(state, branch.next, _answered(state, branch)) for branch in state.branches]
            return guarded + ([_edge(state, state.next, _settled(state))] if state.next else [])
        case StateKind.CHOICE:
            return [_edge(state, branch.next, _when(branch, conditions)) for branch in state.branches]
        case StateKind.ACTION | StateKind.CALL:
            edges = [_edge(state, branch.next, _came_to(state, branch.label)) for branch in state.branches]
            edges += [_edge(state, state.on_error, _came_to(state, ERROR))] if state.on_error else []
            return edges + ([_edge(state, state.next, _succeeded(state))] if state.next else [])
        case StateKind.SAY:
            return [_edge(state, state.next, None)] if state.next else []
        case StateKind.HANDOFF | StateKind.TERMINAL:
            return []


_Guard = Callable[[Walker], bool]


def _edge(state: StateDef, target: str | None, guard: _Guard | None) -> dict[str, Any]:
    edge: dict[str, Any] = {"trigger": "go", "source": state.name, "dest": target}
    return edge | {"conditions": guard} if guard else edge


def _settled(state: StateDef) -> _Guard:
    return lambda walker: walker.settled(state)


def _answered(state: StateDef, branch: Branch) -> _Guard:
    if branch.label is None:
        return _settled(state)
    return lambda walker: walker.settled(state) and walker.label(state) == branch.label


def _when(branch: Branch, conditions: dict[str, Condition]) -> _Guard | None:
    if branch.when is None:
        return None
    condition = conditions[branch.when]
    return lambda walker: walker.holds(condition)


def _came_to(state: StateDef, label: str | None) -> _Guard:
    if label is None:
        return _succeeded(state)
    return lambda walker: walker.outcome(state) == label


def _succeeded(state: StateDef) -> _Guard:
    return lambda walker: walker.outcome(state) not in (None, ERROR)
