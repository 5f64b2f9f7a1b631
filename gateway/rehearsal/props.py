"""What stands on the stage instead of the world: a channel that records, calls that are counted, a crash on cue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from channels.base import Answer, Inbound, Kind, Refusal, Verified
from engine.delegation import Assignment, Contribution
from engine.flow import ActionDef
from engine.message import Address, Event, Limits, Receipt, Reply, Sent
from engine.model import Answered, ModelRequest, Phrasing, Purpose, T, Understanding
from engine.ports import ERROR, ActionOutcome, ActionRequest, Actions
from engine.prompts import Prompts
from gateway.facts import facts_of
from gateway.promptfolder import read_prompts
from handoff.redaction import shielded

FAILURES = frozenset({"error", "timeout", "unknown"})
"""What any action may come to; its own outcomes are its flow's."""


class Killed(BaseException):
    """The process died here: nothing between this line and a restart may tidy up."""


class Crash:
    """Kills at one place, once."""

    def __init__(self) -> None:
        self.at = ""

    def reach(self, name: str) -> None:
        """A failpoint: die, if this is the place."""
        if name == self.at:
            self.at = ""
            raise Killed(name)


@dataclass(slots=True)
class Stub:
    """What the next call of an action comes to, in the back end's place; `line` is where the script says so."""

    action: str
    outcome: str
    body: Any
    line: int
    facts: dict[str, Any] | None = None
    """What it gave, where that is known rather than the answer it was in."""
    used: bool = False

    def play(self, action: ActionDef) -> ActionOutcome:
        """Be that call. A `timeout` is one try that may be repeated; `unknown` and `error` are the end of it (R59)."""
        self.used = True
        match self.outcome:
            case "timeout":
                return ActionOutcome(outcome=ERROR, certain=False, detail="timeout")
            case "unknown":
                return ActionOutcome(outcome=ERROR, certain=False, detail="timed out after sending", tries=0)
            case "error":
                return ActionOutcome(outcome=ERROR, detail="error", tries=0)
            case word:
                return ActionOutcome(outcome=word, facts=self._facts(action))

    def _facts(self, action: ActionDef) -> dict[str, Any]:
        """A Python action has no answer to take facts from: what is written for it are its facts."""
        if self.facts is not None:
            return self.facts
        if action.python is not None and isinstance(self.body, dict):
            return self.body
        return facts_of(action, self.body)


class StubbedTask:
    """Does one task of a plan as its stub says (S36): its JSON is the text, or text and sources."""

    def __init__(self, stub: Stub) -> None:
        self._stub = stub

    async def work(self, assignment: Assignment) -> Contribution | None:
        """What the stub gives; nothing for a failure."""
        self._stub.used = True
        if self._stub.outcome in FAILURES:
            return None
        body = self._stub.body
        if isinstance(body, dict):
            return msgspec.convert(body, Contribution)
        return Contribution(text=str(body or assignment.input))


class CountedActions:
    """Actions whose completed calls are counted, each once by its key."""

    def __init__(self, actions: Actions, completed: defaultdict[str, set[str]]) -> None:
        self._actions = actions
        self._completed = completed

    async def run(self, request: ActionRequest) -> ActionOutcome:
        """Run it, and remember what came to an outcome."""
        outcome = await self._actions.run(request)
        if outcome.outcome != ERROR:
            self._completed[request.action].add(request.key)
        return outcome


@dataclass(slots=True)
class ScriptedModel:
    """A model that reads and words as the script says, and is off while that says nothing; it answers nothing else."""

    answers: list[str | None] = field(default_factory=list)
    lines: list[str | None] = field(default_factory=list)
    """What it makes of replies."""
    prompts: Prompts = field(default_factory=read_prompts)
    name: str = "scripted"

    @property
    def understanding(self) -> Understanding:
        return Understanding.AUTO if self.answers else Understanding.RULES

    @property
    def phrasing(self) -> Phrasing:
        return Phrasing.MODEL if self.lines else Phrasing.AUTHOR

    def mask(self, text: str) -> str:
        return shielded(text)

    def forget(self) -> None:
        """Whether it was asked or not: what stood before one turn is not for the next."""
        self.answers.clear()
        self.lines.clear()

    async def ask(self, request: ModelRequest, read: Callable[[str], T]) -> Answered[T] | None:
        scripted = {Purpose.EXTRACTION: self.answers, Purpose.PHRASING: self.lines}.get(request.purpose)
        text = scripted.pop(0) if scripted else None
        try:
            return Answered(value=read(text), model=self.name) if text is not None else None
        except ValueError:
            return None


@dataclass(slots=True)
class RecordingChannel:
    """A channel whose provider is a list: keeps what was sent, with its options."""

    name: str
    sent: list[Reply] = field(default_factory=list)

    @property
    def kind(self) -> Kind:
        return Kind(name=self.name, settings=(), limits=Limits(max_chars=100_000))

    def verify(self, request: Inbound) -> Verified | Refusal:
        return Refusal(status=404, reason="a rehearsal has no door")

    def parse(self, verified: Verified) -> list[Event]:
        return []

    def answer(self, verified: Verified) -> Answer:
        return Answer()

    async def acknowledge(self, verified: Verified) -> None:
        return None

    async def send(self, reply: Reply, resume: Sequence[str]) -> Receipt:
        self.sent.append(reply)
        return Sent(provider_ids=(str(len(self.sent)),))

    async def typing(self, address: Address) -> None:
        return None

    async def open(self) -> None:
        return None

    async def close(self) -> None:
        return None
