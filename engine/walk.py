"""The walk: where a run stands, derived from its values, facts and results (spec/walk.md W1-W12).

Pure. `walk` starts at the run's checkpoint, fires the flow's `go` until a state needs something, and says what that
is. What is said is what the new walk enters and the one before had not.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from enum import StrEnum
from typing import Any

import msgspec
from msgspec.structs import replace

from engine.flow import StateDef, StateKind
from engine.forgetting import forget, without_answers, without_void_confirmations
from engine.frame import Frame
from engine.machine import Compiled
from engine.position import Position, accepts, judged_key
from engine.views import Person


class Need(StrEnum):
    """What the state the walk stopped at waits for."""

    ASK = "ask"
    LOOK_UP = "look_up"
    JUDGE = "judge"
    """The value of the state's slot is to be judged from outside (R24)."""
    CALL = "call"
    DELEGATE = "delegate"
    """A look-up that several agents make, outside the turn (S36)."""
    PUSH = "push"
    HAND_OFF = "hand_off"
    END = "end"
    STUCK = "stuck"
    """No edge fits: an outcome or value its author did not foresee, or more than the allowed steps (R10)."""


_LOOKED_UP = (Need.LOOK_UP, Need.DELEGATE)


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One say, terminal or other speaking state that was entered, rendered as things stood then (W5, W6)."""

    state: str
    text: str


class Walk(msgspec.Struct, frozen=True, kw_only=True):
    """Where the run came to rest. `backs` are the states entered by an edge back (S3); `unseen` names a condition
    missed (S2). `seen` is what a question shows and `digest` is of that, `lookup` what a look-up is remembered by."""

    frame: Frame
    need: Need
    said: tuple[Said, ...] = ()
    backs: tuple[str, ...] = ()
    unseen: frozenset[str] = frozenset()
    seen: Mapping[str, Any] | None = None
    digest: str = ""
    lookup: str = ""
    steps: int = 0

    @property
    def state(self) -> str:
        """The state it stopped at."""
        return self.frame.state


def walk(flow: Compiled, frame: Frame, person: Person, *, changed: Set[str] | None = None, max_steps: int = 50) -> Walk:
    """Walk until a state needs input: from the checkpoint, or from where the run stands when `changed` names the
    slots that changed since it came there and no state it has passed reads one of them.

    Edges back are committed forgettings (W1), after each of which the walk begins again; say states of the part
    forgotten are still said (W6).
    """
    said: list[Said] = []
    backs: list[str] = []
    unseen: set[str] = set()
    steps = 0
    going_on = changed is not None and bool(frame.path) and not flow.notices(frame.path[:-1], changed)
    while True:
        pass_ = _Pass(flow, frame, person, going_on=going_on)
        back = pass_.run(max_steps - steps)
        steps += pass_.steps
        said += pass_.new
        unseen |= pass_.position.unseen
        if back is None or steps >= max_steps:
            break
        frame = forget(flow, pass_.frame(), back)
        going_on = False
        backs.append(back)
    rested, position = pass_.frame(), pass_.position
    need = Need.STUCK if steps >= max_steps else _need(position, rested)
    frame = without_void_confirmations(rested, pass_.digests)
    return Walk(
        frame=frame,
        need=need,
        said=tuple(said),
        backs=tuple(backs),
        unseen=frozenset(unseen),
        seen=position.seen(position.state) if need is Need.ASK and frame is rested else None,
        digest=position.digest(position.state) if need is Need.ASK else "",
        lookup=position.lookup(flow.state(position.state).action or "") if need in _LOOKED_UP else "",
        steps=steps,
    )


class _Pass:
    """One walk from the checkpoint, until input is needed or an edge leads back."""

    __slots__ = ("_frame", "_segment", "digests", "flow", "new", "path", "position", "steps")

    def __init__(self, flow: Compiled, frame: Frame, person: Person, *, going_on: bool) -> None:
        self.flow = flow
        self._frame = frame
        self.path = list(frame.path) if going_on else [frame.start]
        facts = frame.facts if going_on else frame.carried
        self.position = Position(
            flow, person, self.path[-1], frame.slots, facts, frame.lookups, frame.results, {*frame.trail, *self.path}
        )
        if frame.usual:
            self.position.usual = frame.usual
        self.steps = 0
        self.digests: dict[str, str] = {}
        self._segment = list(frame.said) if going_on else []
        self.new: list[Said] = []
        """What this walk says that the last committed one had not."""

    def run(self, max_steps: int) -> str | None:
        """Go until input is needed (None) or an edge leads back (the state it leads to)."""
        flow, position = self.flow, self.position
        self._enter()
        left = flow.state(position.state)
        while self.steps < max_steps:
            if not flow.go(position):
                return None
            self.steps += 1
            target = flow.state(position.state)
            known = target.name in self.path or target.name in self._frame.trail
            if known and not target.loop and not _rounds(left, target):
                position.state = left.name
                return target.name
            self._leave(left, fresh_round=known)
            self.path.append(target.name)
            position.walked.add(target.name)
            position.moved()
            self._enter()
            left = target
        return None

    def frame(self) -> Frame:
        """The run as it stands now."""
        return replace(
            self._frame,
            slots=self.position.slots,
            path=tuple(self.path),
            facts=self.position.facts,
            said=tuple(self._segment),
        )

    def _enter(self) -> None:
        state = self.position.state
        if state in self.flow.bound:
            self.digests[self.flow.bound[state]] = self.position.digest(state)
        elif state in self.flow.speaks:
            self._speak(state)

    def _speak(self, state: str) -> None:
        key = f"{state}:{self.position.digest(state)}"
        if key in self._segment and key in self._frame.said:
            return
        text = self.position.speak(state)
        if text and key not in self._frame.said:
            self.new.append(Said(state=state, text=text))
        if text and key not in self._segment:
            self._segment.append(key)

    def _leave(self, state: StateDef, *, fresh_round: bool) -> None:
        """Add the facts of a state that was passed; behind an effect, a call or a loop round a segment begins."""
        position = self.position
        found = position.found(state)
        if found is not None:
            position.facts = position.facts | found.facts
        if state.name in position.results or state.loop or fresh_round:
            self._begin_segment(state.name)

    def _begin_segment(self, behind: str) -> None:
        """A checkpoint: what lies before it is not walked again (W2); entering a loop state empties its slot (W3)."""
        position = self.position
        target = self.flow.state(position.state)
        walked = (*self._frame.trail, *(state for state in self.path if state not in self._frame.trail))
        lookups = self._frame.lookups
        if target.loop and target.name in walked:
            position.slots = {name: slot for name, slot in position.slots.items() if name != target.slot}
            if self.flow.questions:
                lookups = without_answers(self.flow, lookups)
        elif target.name in walked:
            walked = tuple(state for state in walked if not self.flow.anew(state, target.name))
        position.results = {state: found for state, found in position.results.items() if state != behind}
        self._frame = replace(
            self._frame,
            start=target.name,
            carried=dict(position.facts),
            trail=walked,
            lookups=lookups,
            results=position.results,
            said=(),
        )
        self.path = []
        self._segment = []


def _rounds(left: StateDef, target: StateDef) -> bool:
    """Does an edge back out of a loop state begin a round, and forget nothing? One to a question goes back (S3)."""
    return left.loop and target.kind is not StateKind.ASK


def _need(position: Position, frame: Frame) -> Need:
    flow = position.flow
    state = flow.state(frame.state)
    match state.kind:
        case StateKind.ASK:
            name = state.slot or ""
            slot, declared = frame.slots.get(name), flow.slot(name)
            if slot is None or not slot.settled or declared.ask_only:
                return Need.ASK
            judge = declared.validate
            verdict = frame.lookups.get(judged_key(judge, name, slot.value)) if judge else None
            return Need.STUCK if judge is None or (verdict and accepts(flow, judge, verdict)) else Need.JUDGE
        case StateKind.ACTION:
            if state.name in frame.results:
                return Need.STUCK
            action = flow.definition.actions[state.action or ""]
            if action.irreversible:
                return Need.CALL
            if position.lookup(action.name) in frame.lookups:
                return Need.STUCK
            return Need.DELEGATE if action.delegate else Need.LOOK_UP
        case StateKind.CALL:
            return Need.STUCK if state.name in frame.results else Need.PUSH
        case StateKind.HANDOFF:
            return Need.HAND_OFF
        case StateKind.TERMINAL:
            return Need.END
        case StateKind.CHOICE | StateKind.SAY:
            return Need.STUCK
