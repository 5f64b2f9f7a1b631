"""A flow compiled: one shared `transitions` machine, its texts and conditions, what each state reads.

The pattern of spec/store.md section 1: `Machine(model=None)`, one trigger `go`, a light model that is never attached.
The mapping of spec/walk.md: nothing but a condition chooses a target.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from typing import Any, Protocol

from transitions import Event, Machine, Transition

from engine.flow import ActionDef, Branch, FlowDef, SlotDef, StateDef, StateKind, content_hash
from engine.ports import ERROR
from engine.readers.values import volunteered
from engine.templates import Condition, Text

HANDOFF = "handoff"
"""The real state behind `on_error: handoff`."""


class Walker(Protocol):
    """What a condition may ask of the model that is moved."""

    state: str

    def settled(self, state: StateDef) -> bool: ...
    def label(self, state: StateDef) -> str | None: ...
    def outcome(self, state: StateDef) -> str | None: ...
    def holds(self, condition: Condition) -> bool: ...


class Compiled:
    """One version of a flow, ready to walk. Immutable after construction; shared by all conversations."""

    __slots__ = (
        "_go",
        "_states",
        "asked_in",
        "bound",
        "conditions",
        "definition",
        "inputs",
        "machine",
        "prompts",
        "reads",
        "resume",
        "shown",
        "speaks",
        "version",
        "volunteered",
    )

    def __init__(self, definition: FlowDef) -> None:
        self.definition = definition
        self._states = definition.states
        self.version = content_hash(definition)
        self.prompts: dict[str, dict[str, tuple[Text, ...]]] = {
            name: {key: tuple(map(Text, wordings)) for key, wordings in state.prompts.items()}
            for name, state in definition.states.items()
        }
        self.resume = Text(definition.resume) if definition.resume else None
        self.shown = {name: _names(prompts) for name, prompts in self.prompts.items()}
        self.conditions = {
            branch.when: Condition(branch.when)
            for state in definition.states.values()
            for branch in state.branches
            if branch.when
        }
        self.volunteered = tuple(filter(volunteered, definition.slots.values()))
        self.inputs = {name: _inputs(action) for name, action in definition.actions.items()}
        self.reads = {name: self._reads(state) for name, state in definition.states.items()}
        self.reads[HANDOFF] = frozenset()
        self.asked_in: dict[str, tuple[str, ...]] = {}
        for name, state in definition.states.items():
            if state.slot:
                self.asked_in[state.slot] = (*self.asked_in.get(state.slot, ()), name)
        bound = {name for name, slot in definition.slots.items() if slot.ask_only}
        self.bound = {name: state.slot for name, state in self._states.items() if state.slot and state.slot in bound}
        """Ask state -> its slot, where only its own question fills that."""
        self.speaks = frozenset(
            name for name, state in self._states.items() if state.prompts and state.kind is not StateKind.ASK
        )
        """States that say something and ask nothing."""
        self.machine = _machine(definition, self.conditions)
        self._go = self.machine.events["go"].trigger if "go" in self.machine.events else _stays

    def _reads(self, state: StateDef) -> frozenset[str]:
        """The slots whose change a state that was passed would notice."""
        slots = frozenset(self.definition.slots)
        names = set(self.shown[state.name]) | ({state.slot} if state.slot else set())
        for branch in state.branches:
            names |= self.conditions[branch.when].names if branch.when else frozenset()
        if state.action:
            read = self.inputs[state.action]
            names |= slots if read is None else read
        return slots & names

    @property
    def name(self) -> str:
        """The flow's name."""
        return self.definition.name

    def state(self, name: str) -> StateDef:
        """A state by name; the virtual `handoff` state too."""
        return self._states.get(name, _HANDED)

    def slot(self, name: str) -> SlotDef:
        """A slot by name."""
        return self.definition.slots[name]

    def asks(self, slot: str) -> tuple[str, ...]:
        """The ask states of a slot, in file order."""
        return self.asked_in.get(slot, ())

    def notices(self, passed: Iterable[str], changed: Set[str]) -> bool:
        """Would one of the states that were passed notice the change of one of these slots?"""
        return bool(changed) and any(not changed.isdisjoint(self.reads[state]) for state in passed)

    def go(self, walker: Walker) -> bool:
        """Move one edge on; False means "needs input", or that nothing leads on from here."""
        return self._go(walker)


_HANDED = StateDef(name=HANDOFF, kind=StateKind.HANDOFF)


def _stays(_: object) -> bool:
    return False


def _names(prompts: dict[str, tuple[Text, ...]]) -> frozenset[str]:
    return frozenset().union(*(text.names for wordings in prompts.values() for text in wordings))


def _inputs(action: ActionDef) -> frozenset[str] | None:
    """The names an HTTP action reads; None for Python, which may read any settled slot."""
    if action.http is None:
        return None
    texts = [action.http.url, *action.http.headers.values(), *_strings(action.http.json)]
    return frozenset().union(*(Text(text).names for text in texts))


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


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


def _machine(flow: FlowDef, conditions: dict[str, Condition]) -> Machine:
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
