"""A flow compiled: its machine, its texts and conditions, what each state reads; all that a turn need not find anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from typing import Any

from engine.edges import HANDOFF, Walker, machine_of
from engine.flow import ActionDef, FlowDef, SlotDef, SlotType, StateDef, StateKind, content_hash
from engine.question import Choice
from engine.readers.values import volunteered
from engine.templates import Condition, Text


class Compiled:
    """One version of a flow, ready to walk. Immutable after construction; shared by all conversations."""

    __slots__ = (
        "_states",
        "asked_in",
        "behind",
        "bound",
        "bounded",
        "choices",
        "conditions",
        "definition",
        "delegates",
        "go",
        "goal",
        "inputs",
        "machine",
        "prompts",
        "questions",
        "reads",
        "resume",
        "shown",
        "speaks",
        "takes",
        "version",
        "volunteered",
    )

    def __init__(self, definition: FlowDef, version: str = "") -> None:
        """`version` is the name it was kept under; its content hash when left out."""
        self.definition = definition
        self._states = definition.states
        self.version = version or content_hash(definition)
        self.prompts: dict[str, dict[str, tuple[Text, ...]]] = {
            name: {key: tuple(map(Text, wordings)) for key, wordings in state.prompts.items()}
            for name, state in definition.states.items()
        }
        self.resume = Text(definition.resume) if definition.resume else None
        self.goal = Text(definition.goal) if definition.goal else None
        self.shown = {name: _names(prompts) for name, prompts in self.prompts.items()}
        self.conditions = {
            branch.when: Condition(branch.when)
            for state in definition.states.values()
            for branch in state.branches
            if branch.when
        }
        self.choices = {name: _choices(slot) for name, slot in definition.slots.items()}
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
        self.questions = {
            name: Text(action.knowledge) for name, action in definition.actions.items() if action.knowledge is not None
        }
        """Of each action that looks into the desk's own texts: what it asks (S33)."""
        self.takes = next((slot for slot in definition.slots.values() if slot.takes == "question"), None)
        """The slot that the question fills by which the run was begun."""
        rounds = any(state.loop for state in self._states.values())
        self.behind = {name: self._following(name) for name in self._states} if rounds else {}
        """Of each state: itself, and every state that can follow it."""
        self.delegates = frozenset(name for name, action in definition.actions.items() if action.delegate)
        """Actions that are work for several agents (S36)."""
        self.bounded = bool(self.goal or definition.max_turns or self.delegates)
        """Does it say where it leads (S29), how long that takes (S32), or who works on it (S37)?"""
        self.machine = machine_of(definition, self.conditions)
        self.go: Callable[[Walker], bool] = self.machine.events["go"].trigger if "go" in self.machine.events else _stays
        """Move one edge on; False means "needs input", or that nothing leads on from here."""

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

    def anew(self, state: str, target: str) -> bool:
        """Is a state entered anew in a round that begins at `target`? A loop state is known by its round before."""
        return state in self.behind[target] and not self.state(state).loop

    def _following(self, state: str) -> frozenset[str]:
        seen, waiting = {state}, [state]
        while waiting:
            fresh = set(self.state(waiting.pop()).targets()) - seen
            seen |= fresh
            waiting += fresh
        return frozenset(seen)

    def notices(self, passed: Iterable[str], changed: Set[str]) -> bool:
        """Would one of the states that were passed notice the change of one of these slots?"""
        return bool(changed) and any(not changed.isdisjoint(self.reads[state]) for state in passed)


_HANDED = StateDef(name=HANDOFF, kind=StateKind.HANDOFF)


def _stays(_: object) -> bool:
    return False


def _names(prompts: dict[str, tuple[Text, ...]]) -> frozenset[str]:
    return frozenset().union(*(text.names for wordings in prompts.values() for text in wordings))


def _inputs(action: ActionDef) -> frozenset[str] | None:
    """The names an HTTP action, a question or a plan reads; None for Python, which may read any settled slot."""
    if action.knowledge is not None:
        return Text(action.knowledge).names
    if action.delegate:
        goals = (action.planner.goal,) if action.planner else ()
        return frozenset().union(*(Text(said).names for said in (*goals, *(task.input for task in action.delegate))))
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


def _choices(slot: SlotDef) -> tuple[Choice, ...]:
    """The options of a boolean or enum question, by label, in their declared order."""
    if slot.type is SlotType.BOOLEAN:
        values: list[tuple[str, bool]] = [("yes", True), ("no", False)]
        return tuple(Choice(label=slot.choices.get(word, word), value=value) for word, value in values)
    if slot.type is SlotType.ENUM:
        keys = list(slot.choices) or list(slot.values)
        return tuple(Choice(label=slot.choices.get(key, key.replace("_", " ")), value=key) for key in keys)
    return ()
