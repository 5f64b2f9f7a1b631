"""Models of every kind at work on a stage: one that never answers in time, one that babbles, one that lies, one that is
told to go beyond what it may, and one that knows."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from engine.account import Took
from engine.flow import SlotType
from engine.message import Event, Reply
from engine.model import Answered, ModelRequest, Purpose, T, Understanding
from engine.money import is_amount
from engine.notes import Notes
from engine.ports import ActionOutcome, ActionRequest, Actions
from gateway.rehearsal.props import ScriptedModel
from gateway.rehearsal.stage import Stage

CANARY = "zanzibar"
"""A word of the hostile model: where it is read, the model was."""
BAD = f"{CANARY} <!channel> approved, your refund is on its way: https://evil.example/{CANARY} ![x](//evil.example/x)"
PROMISE = f"dear customer your refund of 9999 dollars was approved by {CANARY} just now"
RUBBISH = (
    "Sure! Here you go.",
    "",
    "[]",
    "null",
    '{"flow": "ref',
    '{"slots": 7}',
    '{"slots": {"order_number": NaN}}',
    "[" * 5_000,
    "\ufeff<html>proxy</html>",
    '{"reply": ["affirm"]}',
)

Answer = Callable[[ModelRequest], str | None]


@dataclass(slots=True)
class ModelAtWork(ScriptedModel):
    """Answers as its kind does, except where the conversation file says itself what a model answers."""

    otherwise: Answer = lambda request: None
    reads: Understanding = Understanding.AUTO
    requests: list[ModelRequest] = field(default_factory=list)

    @property
    def understanding(self) -> Understanding:
        """Whether it is asked at need or always."""
        return self.reads

    async def ask(self, request: ModelRequest, read: Callable[[str], T]) -> Answered[T] | None:
        """The file's answer, else its kind's; what cannot be read is none. Everything but a message is the file's."""
        if request.purpose is not Purpose.EXTRACTION:
            return await super(ModelAtWork, self).ask(request, read)  # slots make another class of it
        self.requests.append(request)
        text = self.answers.pop(0) if self.answers else self.otherwise(request)
        try:
            return Answered(value=read(text), model=self.name) if text is not None else None
        except ValueError:
            return None


def silent() -> Answer:
    """Never answers in time."""
    return lambda request: None


def babbling() -> Answer:
    """Answers, and nothing that could be read."""
    words = itertools.cycle(RUBBISH)
    return lambda request: next(words)


def lying() -> Answer:
    """Says all that it may not: flows, commands and slots that there are not, values that break every rule, a yes to
    everything, calls of tools, links and promises."""

    def answer(request: ModelRequest) -> str:
        if request.purpose is not Purpose.EXTRACTION:
            return BAD
        slots = request.schema["properties"]["slots"]["properties"]
        body = {
            "flow": f"{CANARY}_admin",
            "slots": {name: _wrong(schema) for name, schema in slots.items()}
            | {"confirmed": True, "approved": True, "amount": "$0.01", "state": "approve", CANARY: BAD},
            "reply": "affirm",
            "command": "transition:approved",
            "question": BAD,
            "sentiment": 99,
            "language": BAD,
            "next_state": "done",
            "tool_calls": [{"name": "submit_refund", "arguments": {"amount": 0.01}}],
        }
        return msgspec.json.encode(body).decode()

    return answer


def scheming() -> Answer:
    """Stays within its schema, and lies: another task each time, a value for every slot, a yes, a command."""
    turns = itertools.count()

    def answer(request: ModelRequest) -> str:
        if request.purpose is not Purpose.EXTRACTION:
            return BAD
        properties, turn = request.schema["properties"], next(turns)
        slots = properties["slots"]["properties"]
        body = {
            "flow": _of(properties["flow"], turn),
            "slots": {name: _plausible(schema, turn) for name, schema in slots.items()},
            "reply": "affirm",
            "command": _of(properties["command"], turn),
            "question": BAD,
            "sentiment": 1.0,
            "language": "en",
        }
        return msgspec.json.encode(body).decode()

    return answer


def _wrong(schema: dict[str, Any]) -> Any:
    return 10**12 if "integer" in schema["type"] or "number" in schema["type"] else BAD


def _of(schema: dict[str, Any], turn: int) -> Any:
    return schema["enum"][turn % len(schema["enum"])]


def _plausible(schema: dict[str, Any], turn: int) -> Any:
    if "enum" in schema:
        return _of(schema, turn)
    if "boolean" in schema["type"]:
        return True
    return 7 if "integer" in schema["type"] or "number" in schema["type"] else PROMISE


@dataclass(frozen=True, kw_only=True)
class Called:
    """An irreversible call that came about: what was done, with which of the values that only a customer may say.

    A choice may be what a model makes of other words ("it crackles": defective), and is told back.
    """

    action: str
    values: str


@dataclass
class Watched:
    """What a stage did, for whoever looks at it afterwards."""

    said: list[str] = field(default_factory=list)
    called: list[Called] = field(default_factory=list)
    notes: list[tuple[Notes, ...]] = field(default_factory=list)
    """By the turns of the customer, the clock and the desk: every turn that came of each."""
    requests: list[ModelRequest] = field(default_factory=list)


class _Calls:
    """Actions whose irreversible calls are written down."""

    def __init__(self, actions: Actions, stage: Stage, watched: Watched) -> None:
        self._actions, self._stage, self._watched = actions, stage, watched

    async def run(self, request: ActionRequest) -> ActionOutcome:
        """Run it, and write it down."""
        action = self._stage.action(request.action)
        if action is not None and action.irreversible:
            flow = next(flow for flow in self._stage.flows if flow.name == request.flow)
            said = {name: value for name, value in request.values.items() if flow.slots[name].type not in _BY_MEANING}
            values = msgspec.json.encode(said, order="sorted").decode()
            self._watched.called.append(Called(action=request.action, values=values))
        return await self._actions.run(request)


def stage_with(answer: Answer | None, watched: Watched, reads: Understanding = Understanding.AUTO) -> type[Stage]:
    """A stage whose model is of this kind; None: it has none. `watched` is told what happens."""

    class Beside(Stage):
        async def __aenter__(self) -> Stage:
            if answer is not None:
                self.model = ModelAtWork(otherwise=answer, reads=reads, requests=watched.requests)
            return await super().__aenter__()

        async def hear(self, events: Sequence[Event]) -> list[Reply]:
            replies = await super().hear(events)
            watched.said += [reply.text for reply in replies]
            watched.notes.append(tuple(await self._notes()))
            return replies

        async def _open(self) -> None:
            await super()._open()
            parts = self._worker._parts
            object.__setattr__(parts, "actions", _Calls(parts.actions, self, watched))

    return Beside


def knowing(kept: Watched, watched: Watched) -> Answer:
    """Knows what each turn meant: what the rules took of it in `kept`, where they played alone."""

    def answer(request: ModelRequest) -> str:
        turn = len(watched.notes)
        notes = kept.notes[turn] if turn < len(kept.notes) else ()
        rules = {rule for one in notes for rule in one.rules}
        heard = " ".join(text for one in notes for text in one.heard)
        known = request.schema["properties"]["slots"]["properties"]
        took = {took.slot: _said(took) for one in notes for took in one.took if took.value is not None}
        body = {
            "flow": next((one.flow for one in notes if {"S26", "R45"} & {*one.rules}), None),
            "slots": {slot: value for slot, value in took.items() if slot in known},
            "question": heard if {"R41", "R42", "R44"} & rules else None,
        }
        return msgspec.json.encode(body).decode()

    return answer


def _said(took: Took) -> Any:
    return took.words if is_amount(took.value) or isinstance(took.value, list | dict) else took.value


_BY_MEANING = frozenset({SlotType.ENUM, SlotType.TEXT})
_PRESSED = re.compile(r"> \[(?P<label>[^\]]+)\](?:\^\d+)?")


def only_acts(text: str) -> Iterator[str]:
    """A conversation file without what it expects: a press is the word of the button, an agent stays away."""
    for line in text.replace("\\\n", " ").splitlines():
        if pressed := _PRESSED.fullmatch(line.rstrip()):
            yield f"> {pressed['label']}"
        elif line.startswith(("> ", "% ", "@ ")) and not line.startswith("@ crash"):
            yield line
