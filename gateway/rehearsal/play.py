"""Plays one script on a stage; stops at the first line that does not hold."""

from __future__ import annotations

import json
from dataclasses import dataclass

from engine.message import Event, Reply
from gateway.rehearsal.script import Line, Script, ScriptError, duration_s, find, media, press, split_choices
from gateway.rehearsal.stage import Stage, Stub
from gateway.rehearsal.state import mismatches

_LATER = {"~": "a model's answer", ">>": "an agent's words", "<<": "what the desk received"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """The first line that does not hold."""

    line: int
    expected: str
    got: str

    def __str__(self) -> str:
        return f"line {self.line}\n  expected  {self.expected}\n  got       {self.got}"


class _Failed(Exception):
    def __init__(self, line: Line, expected: str, got: str) -> None:
        super().__init__(expected)
        self.failure = Failure(line=line.number, expected=expected, got=got)


@dataclass(slots=True)
class _Turn:
    """What was said since the customer, or the clock, last did something."""

    replies: list[Reply]
    place: int = 0
    checked: bool = True
    """Did any `<` line look at it? A customer's turn without one must still reply, with anything."""
    line: Line | None = None

    @property
    def text(self) -> str:
        return "\n".join(reply.text for reply in self.replies)


async def play(script: Script, stage: Stage) -> Failure | None:
    """None when every line holds."""
    try:
        await _play(script, stage)
    except _Failed as failed:
        return failed.failure
    return None


async def _play(script: Script, stage: Stage) -> None:
    turn = _Turn(replies=[])
    waiting: list[tuple[Line, Event]] = []
    for line in script.lines:
        if waiting and line.mark != ">":
            turn = await _heard(stage, turn, waiting)
            waiting = []
        match line.mark:
            case ">":
                waiting.append((line, _event(stage, line)))
            case ">*":
                again = stage.again()
                _require_reply(turn)
                turn = _Turn(replies=await stage.hear([again]) if again else [])
            case "<" | "<!":
                _check(turn, line)
            case "@":
                _require_reply(turn)
                turn = _Turn(replies=await _at(stage, line))
            case "!":
                _stub(stage, line)
            case "=":
                for wrong in await mismatches(stage, line.rest):
                    raise _Failed(line, line.rest, wrong)
            case later:
                raise ScriptError(f"line {line.number}: {later} ({_LATER[later]}) cannot be rehearsed yet")
    if waiting:
        turn = await _heard(stage, turn, waiting)
    _require_reply(turn)
    unused = [f"! {name} {stub.outcome}" for name, stubs in stage.stubs.items() for stub in stubs if not stub.used]
    if unused:
        raise _Failed(script.lines[-1], "every stub is used", "never used: " + ", ".join(unused))


async def _heard(stage: Stage, last: _Turn, waiting: list[tuple[Line, Event]]) -> _Turn:
    _require_reply(last)
    replies = await stage.hear([event for _, event in waiting])
    return _Turn(replies=replies, checked=False, line=waiting[-1][0])


def _require_reply(turn: _Turn) -> None:
    if not turn.checked and not turn.replies and turn.line is not None:
        raise _Failed(turn.line, "a reply, whatever it says", "nothing was said")


def _event(stage: Stage, line: Line) -> Event:
    pressed = press(line.rest)
    if pressed is not None:
        event = stage.press(*pressed)
        if event is None:
            raise _Failed(line, f"a reply that offers [{pressed[0]}]", "no such choice was offered")
        return event
    attached = media(line.rest)
    return stage.media(*attached) if attached else stage.text(line.rest)


def _check(turn: _Turn, line: Line) -> None:
    turn.checked = True
    if line.mark == "<!":
        if find(line.rest, turn.text) is not None:
            raise _Failed(line, f"not: {line.rest}", turn.text)
        return
    if line.rest == "-":
        if turn.replies:
            raise _Failed(line, "no reply at all", turn.text)
        return
    pattern, labels = split_choices(line.rest)
    if pattern:
        place = find(pattern, turn.text, turn.place)
        if place is None:
            raise _Failed(line, pattern, turn.text or "nothing was said")
        turn.place = place
    if labels is not None:
        offered = [option.label for option in turn.replies[-1].options] if turn.replies else []
        if offered != labels:
            raise _Failed(line, f"[{'|'.join(labels)}]", f"[{'|'.join(offered)}]")


async def _at(stage: Stage, line: Line) -> list[Reply]:
    word, _, rest = line.rest.partition(" ")
    if line.rest == "restart":
        await stage.restart()
        return []
    if word == "crash":
        stage.crash.at = rest
        return []
    seconds = duration_s(line.rest)
    if seconds is None:
        raise ScriptError(f"line {line.number}: @ {line.rest} cannot be rehearsed yet")
    stage.clock.advance(seconds)
    return await stage.hear([])


def _stub(stage: Stage, line: Line) -> None:
    name, _, rest = line.rest.partition(" ")
    outcome, _, body = rest.partition(" ")
    stage.stubs.setdefault(name, []).append(Stub(outcome=outcome, body=json.loads(body) if body else None))
