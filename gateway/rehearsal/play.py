"""Plays one script on a stage; stops at the first line that does not hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.message import Event, Option, Reply
from gateway.failpoints import PLACES
from gateway.rehearsal.props import FAILURES, Stub
from gateway.rehearsal.script import Line, Script, ScriptError, duration_s, media, press, proposal, stub
from gateway.rehearsal.stage import Stage
from gateway.rehearsal.state import mismatch
from gateway.rehearsal.wording import Wording, choices, normal, regular

AT_THE_DOOR = frozenset({"received", "accepted"})
"""Failpoints that a rehearsal, which has no door, never reaches."""
SILENCE = "nothing was said"


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """The first line that does not hold, and its turn: the rules that fired, each look-up and its outcome."""

    line: Line
    expected: str
    got: str
    rules: tuple[str, ...] = ()
    calls: tuple[tuple[str, str], ...] = ()


class _Failed(Exception):
    def __init__(self, line: Line, expected: str, got: str) -> None:
        super().__init__(expected)
        self.line, self.expected, self.got = line, expected, got


@dataclass(slots=True)
class _Turn:
    """What was said since the customer, or the clock, last did something."""

    replies: Sequence[Reply] = ()
    line: Line | None = None
    """The customer's, while no `<` line has looked at the answer: it must have one, whatever it says."""
    place: int = 0
    """Where the last `<` line was found."""
    words: Wording = field(init=False)
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = "\n".join(reply.text for reply in self.replies)
        self.words = Wording(self.text)

    @property
    def offered(self) -> tuple[Option, ...]:
        """The options of the newest reply that has any."""
        return next((reply.options for reply in reversed(self.replies) if reply.options), ())


async def play(script: Script, stage: Stage) -> Failure | None:
    """None when every line holds. Raises ScriptError for a line that means nothing on this stage."""
    try:
        await _Player(stage).play(script.lines)
    except _Failed as failed:
        rules, calls = await stage.rules(), await stage.calls()
        return Failure(line=failed.line, expected=failed.expected, got=failed.got, rules=rules, calls=calls)
    return None


class _Player:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._turn = _Turn()
        self._waiting: list[tuple[Line, Event]] = []
        self._crash: Line | None = None

    async def play(self, lines: Sequence[Line]) -> None:
        for line in lines:
            if line.mark == ">":
                self._waiting.append((line, self._event(line)))
                continue
            await self._hear()
            await self._item(line)
        await self._hear()
        self._answered()
        for unused in (one for one in self._stage.stubs if not one.used):
            line = next(line for line in lines if line.number == unused.line)
            raise _Failed(line, f"a call of {unused.action}", "it was never called")
        if self._crash is not None:
            raise _Failed(self._crash, "a turn that gets there", "there was none")

    async def _item(self, line: Line) -> None:
        match line.mark:
            case ">*":
                self._answered()
                again = self._stage.again()
                if again is None:
                    raise ScriptError(line.number, "there is no message yet that could come again")
                await self._take(line, [again])
            case "<":
                self._says(line)
            case "<!":
                self._does_not_say(line)
            case "@":
                self._answered()
                await self._at(line)
            case "!":
                self._stub(line)
            case "~":
                self._stage.model.answers.append(proposal(line))
            case "=":
                if (wrong := await mismatch(self._stage, line)) is not None:
                    raise _Failed(line, *wrong)
            case mark:
                raise ScriptError(line.number, f"`{mark}` is not played")

    async def _hear(self) -> None:
        """The turn that the waiting lines begin."""
        if not self._waiting:
            return
        self._answered()
        line, events = self._waiting[-1][0], [event for _, event in self._waiting]
        self._waiting = []
        await self._take(line, events)
        self._turn.line = line

    async def _take(self, line: Line, events: Sequence[Event]) -> None:
        self._turn = _Turn(replies=await self._stage.hear(events))
        self._stage.model.answers.clear()  # an answer is to this turn, whether it was asked for or not
        if await self._stage.stuck():
            raise _Failed(line, "a turn", "it could not be finished: an error of ours, and the log has its trace")
        if self._crash is not None and self._stage.crash.at:
            raise _Failed(self._crash, f"a turn that gets to {self._stage.crash.at}", "the next one did not")
        self._crash = None

    def _answered(self) -> None:
        if self._turn.line is not None and not self._turn.replies:
            raise _Failed(self._turn.line, "a reply, whatever it says", SILENCE)

    def _event(self, line: Line) -> Event:
        if not line.rest:
            raise ScriptError(line.number, "write what the customer says; `> {empty}` is a message without anything")
        pressed = press(line.rest)
        if pressed is not None:
            event = self._stage.press(*pressed)
            if event is None:
                raise _Failed(line, f"a reply that offers [{pressed[0]}]", "no such choice was offered")
            return event
        attached = media(line)
        return self._stage.media(*attached) if attached else self._stage.text(line.rest)

    def _says(self, line: Line) -> None:
        turn = self._turn
        turn.line = None
        if line.rest == "-":
            if turn.replies:
                raise _Failed(line, "no reply at all", turn.text)
            return
        pattern, labels = choices(line.rest)
        if pattern:
            place = turn.words.find(_sound(pattern, line), turn.place)
            if place is None:
                before = turn.words.find(pattern) is not None
                said = turn.text or SILENCE
                raise _Failed(line, f"{pattern} (after the lines above)" if before else pattern, said)
            turn.place = place
        if labels is not None and list(map(normal, labels)) != [normal(option.label) for option in turn.offered]:
            offered = "|".join(option.label for option in turn.offered)
            raise _Failed(line, f"[{'|'.join(labels)}]", f"[{offered}]" if offered else "no choices")

    def _does_not_say(self, line: Line) -> None:
        self._turn.line = None if self._turn.replies else self._turn.line
        if self._turn.words.find(_sound(line.rest, line)) is not None:
            raise _Failed(line, f"anything without: {line.rest}", self._turn.text)

    async def _at(self, line: Line) -> None:
        word, _, rest = line.rest.partition(" ")
        seconds = duration_s(line.rest)
        if seconds is not None:
            self._stage.clock.advance(seconds)
            await self._take(line, [])
        elif line.rest == "restart":
            await self._stage.restart()
        elif word == "crash" and rest in PLACES and rest not in AT_THE_DOOR:
            self._stage.crash.at, self._crash = rest, line
        elif word == "crash":
            there = ", ".join(place for place in PLACES if place not in AT_THE_DOOR)
            raise ScriptError(line.number, f"`{rest}` is no place for a crash; there are: {there}")
        else:
            what = "cannot be rehearsed yet" if word == "deploy" else "is neither a time such as `1h 30m`, nor restart"
            raise ScriptError(line.number, f"`{line}` {what}")

    def _stub(self, line: Line) -> None:
        name, outcome, body = stub(line)
        action = next((flow.actions[name] for flow in self._stage.flows if name in flow.actions), None)
        if action is None:
            raise ScriptError(line.number, f"no flow here has the action `{name}`")
        if outcome not in {*action.outcomes, *action.statuses.values(), *FAILURES}:
            known = ", ".join(dict.fromkeys([*action.outcomes, *action.statuses.values(), *sorted(FAILURES)]))
            raise ScriptError(line.number, f"`{outcome}` is no outcome of {name}; there are: {known}")
        self._stage.stubs.append(Stub(action=name, outcome=outcome, body=body, line=line.number))


def _sound(pattern: str, line: Line) -> str:
    try:
        regular(pattern)
    except re.error as fault:
        raise ScriptError(line.number, f"`{pattern}` is no regular expression: {fault}") from None
    return pattern
