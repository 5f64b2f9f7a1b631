"""Plays one script on a stage; stops at the first line that does not hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.delegation import DONE
from engine.message import Event, Option, Reply
from gateway.failpoints import PLACES
from gateway.rehearsal.props import FAILURES, Stub
from gateway.rehearsal.script import Line, Script, ScriptError, duration_s, media, phrased, press, proposal, stub
from gateway.rehearsal.stage import Stage
from gateway.rehearsal.state import mismatch
from gateway.rehearsal.versions import version_in
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
    after: Line | None = None
    """What the customer, an agent or the clock did last."""


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
    desk: str = ""
    """What agents were shown in it."""
    words: Wording = field(init=False)
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = "\n".join(reply.text for reply in self.replies)
        self.words = Wording(self.text)

    @property
    def offered(self) -> tuple[Option, ...]:
        """The options of the newest reply that has any."""
        return next((reply.options for reply in reversed(self.replies) if reply.options), ())


async def play(script: Script, stage: Stage, *, folder: Path = Path()) -> Failure | None:
    """None when every line holds. Raises ScriptError for a line that means nothing on this stage; `folder` is where
    the files that a script names are looked for."""
    player = _Player(stage, folder)
    try:
        await player.begin(script.flow)
        await player.play(script.lines)
    except _Failed as failed:
        rules, calls = await stage.rules(), await stage.calls()
        return Failure(
            line=failed.line, expected=failed.expected, got=failed.got, rules=rules, calls=calls, after=player.moved
        )
    return None


class _Player:
    def __init__(self, stage: Stage, folder: Path) -> None:
        self._stage = stage
        self._folder = folder
        self._turn = _Turn()
        self.moved: Line | None = None
        """What began the last turn."""
        self._waiting: list[tuple[Line, Event]] = []
        self._crash: Line | None = None

    async def begin(self, flow: str) -> None:
        """Start a flow by its title, before anything else is said."""
        if not flow:
            return
        known = {one.name: one.title for one in self._stage.flows}
        if flow not in known:
            raise ScriptError(1, f"`% flow {flow}` names no flow here; there are: {', '.join(known)}")
        self._turn = _Turn(replies=await self._stage.hear([self._stage.customer.text(known[flow])]))
        top = (await self._stage.conversation()).top
        if top is None or top.flow != flow:
            raise ScriptError(1, f"the title of {flow}, `{known[flow]}`, starts another flow; give it a trigger")

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
            case ">>":
                self._answered()
                await self._take(line, [await self._agents(line)])
            case "<<":
                self._desk_received(line)
            case "@":
                self._answered()
                await self._at(line)
            case "!":
                self._stub(line)
            case "~":
                self._model(line)
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
        before, self.moved = len(self._stage.received), line
        self._turn = _Turn(replies=await self._stage.hear(events))
        self._turn.desk = "\n".join(self._stage.received[before:])
        self._stage.model.forget()
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
        customer, pressed = self._stage.customer, press(line.rest)
        if pressed is not None:
            event = customer.press(*pressed, self._stage.channel.sent)
            if event is None:
                raise _Failed(line, f"a reply that offers [{pressed[0]}]", "no such choice was offered")
            return event
        attached = media(line)
        return customer.media(*attached) if attached else customer.text(line.rest)

    async def _agents(self, line: Line) -> Event:
        case, pressed = await self._stage.case(), press(line.rest)
        if case is None:
            raise _Failed(line, "a case at the desk", "nobody was asked to take over")
        if pressed is None:
            return self._stage.agent.writes(line.rest, case)
        event = self._stage.agent.presses(pressed[0], case)
        if event is None:
            raise _Failed(line, f"a case with the button [{pressed[0]}]", f"it is {case.state} and has no such button")
        return event

    def _desk_received(self, line: Line) -> None:
        if Wording(self._turn.desk).find(_sound(line.rest, line)) is None:
            raise _Failed(line, line.rest, self._turn.desk or "the desk received nothing")

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
        elif word == "deploy":
            await self._deploy(line, rest)
        elif word == "crash" and rest in PLACES and rest not in AT_THE_DOOR:
            self._stage.crash.at, self._crash = rest, line
        elif word == "crash":
            there = ", ".join(place for place in PLACES if place not in AT_THE_DOOR)
            raise ScriptError(line.number, f"`{rest}` is no place for a crash; there are: {there}")
        else:
            what = "is neither a time such as `1h 30m`, nor restart, deploy or crash"
            raise ScriptError(line.number, f"`{line}` {what}")

    async def _deploy(self, line: Line, rest: str) -> None:
        file, _, fate = rest.partition(" ")
        if not file or fate not in ("", "gone"):
            raise ScriptError(line.number, f"`{line}` is not `@ deploy FILE` or `@ deploy FILE gone`")
        flow = version_in(self._folder / file, line)
        if flow.name not in self._stage.versions:
            raise ScriptError(line.number, f"{file} is a version of `{flow.name}`, and there is no such flow here")
        await self._stage.deploy(flow, gone=fate == "gone")

    def _model(self, line: Line) -> None:
        wording, model = phrased(line), self._stage.model
        if wording is not None:
            model.lines.append(wording)
        else:
            model.answers.append(proposal(line))

    def _stub(self, line: Line) -> None:
        name, outcome, body = stub(line)
        words = _outcomes(self._stage, name)
        if words is None:
            raise ScriptError(line.number, f"no flow here has the action or task `{name}`")
        if outcome not in {*words, *FAILURES}:
            known = ", ".join(dict.fromkeys([*words, *sorted(FAILURES)]))
            raise ScriptError(line.number, f"`{outcome}` is no outcome of {name}; there are: {known}")
        self._stage.stubs.append(Stub(action=name, outcome=outcome, body=body, line=line.number))


def _outcomes(stage: Stage, name: str) -> tuple[str, ...] | None:
    """What an action, or a task of a plan, may come to; None where nobody has it."""
    if (action := stage.action(name)) is not None:
        return (*action.outcomes, *action.statuses.values())
    plans = [action.delegate for flow in stage.flows for action in flow.actions.values()]
    return (DONE,) if any(task.id == name for plan in plans for task in plan) else None


def _sound(pattern: str, line: Line) -> str:
    try:
        regular(pattern)
    except re.error as fault:
        raise ScriptError(line.number, f"`{pattern}` is no regular expression: {fault}") from None
    return pattern
