"""What is remembered of the customer when a rehearsal begins: `% remember` and `% history` lines (S11)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from engine.desk import DeskDef
from engine.flow import FlowDef, SlotDef
from engine.memory import NOTHING, DoneRun, Learned, Memory, learn
from engine.readers.validity import check
from engine.remembering import remembered
from gateway.rehearsal.script import Line, ScriptError, duration_s, instant

_ENDING = re.compile(r"(?:^|\s)(?:-(?P<ago>(?:\d+(?:\.\d+)?[smhd]\s?)+)|(?P<at>\d{4}-\d\d-\d\d\S*))$")
_VALUE = re.compile(r"(?P<slot>[a-z][a-z0-9_]*)=(?P<value>.*)")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Scene:
    """The flows that are played, their desk, when the first line is said, and to whom."""

    flows: Sequence[FlowDef]
    desk: DeskDef
    now: datetime
    channel: str


def earlier(lines: Sequence[Line], played: tuple[Sequence[FlowDef], DeskDef], *, now: datetime, channel: str) -> Memory:
    """The memory that these lines describe, for flows and a desk. Raises ScriptError for the first that is none."""
    flows, desk = played
    scene = _Scene(flows=flows, desk=desk, now=now, channel=channel)
    memory = NOTHING
    for line in lines:
        kind, _, rest = line.rest.partition(" ")
        new = _history(rest.strip(), line, scene) if kind == "history" else _value(rest.strip(), line, scene)
        memory = learn(memory, new, now=now)
    return memory


def _history(text: str, line: Line, scene: _Scene) -> Learned:
    """`flow {"slot": value, ...} [at]`: a run that was done; it did what its flow does."""
    body, at = _dated(text, line, scene)
    name, _, values = body.partition(" ")
    flow = next((one for one in scene.flows if one.name == name), None)
    if flow is None:
        raise ScriptError(line.number, f"no flow here is called `{name}`; {_there(one.name for one in scene.flows)}")
    try:
        given = json.loads(values or "{}")
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise ScriptError(line.number, f'`{values}` is no JSON object such as {{"slot": "value"}}')
    if strangers := [slot for slot in given if slot not in flow.slots]:
        raise ScriptError(line.number, f"{name} has no slot `{strangers[0]}`; {_there(flow.slots)}")
    acts = any(action.irreversible for action in flow.actions.values())
    run = replace(_run(line, flow.name, at, scene, given), acted=acts)
    kept = {slot: remembered(run, flow.slots[slot], scene.desk) for slot in given if flow.slots[slot].remember}
    return Learned(id=run.run, person="", run=run, values=kept)


def _value(text: str, line: Line, scene: _Scene) -> Learned:
    """`slot=value [flow] [at]`: a value alone, of no run that counts as one."""
    body, at = _dated(text, line, scene)
    head, _, last = body.rpartition(" ")
    flow = next((one for one in scene.flows if head and one.name == last), None)
    found = _VALUE.fullmatch(head if flow else body)
    if found is None:
        raise ScriptError(line.number, f"`{line}` is not `% remember slot=value [flow] [at]`")
    slot = _slot(found["slot"], flow, line, scene)
    run = _run(line, flow.name if flow else "", at, scene, {slot.name: _canonical(slot, found["value"])})
    return Learned(id=run.run, person="", run=run, values={slot.name: remembered(run, slot, scene.desk)})


def _run(line: Line, flow: str, at: datetime, scene: _Scene, values: dict[str, Any]) -> DoneRun:
    until = at + timedelta(seconds=scene.desk.remember_for_s)
    run = f"earlier:{line.number}"
    return DoneRun(run=run, flow=flow, at=at, until=until, channel=scene.channel, values=values)


def _slot(name: str, flow: FlowDef | None, line: Line, scene: _Scene) -> SlotDef:
    flows = [flow] if flow else scene.flows
    found = [one.slots[name] for one in flows if name in one.slots]
    if not found:
        raise ScriptError(
            line.number, f"no flow here has the slot `{name}`; {_there(s for f in flows for s in f.slots)}"
        )
    return next((slot for slot in found if slot.remember), found[0])


def _canonical(slot: SlotDef, text: str) -> Any:
    """JSON where that fits the slot, else the text as it stands: what fits nothing is remembered all the same."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return text if check(slot, value) else value


def _dated(text: str, line: Line, scene: _Scene) -> tuple[str, datetime]:
    """The text without the time at its end, and that time; without one it is the moment before the first line."""
    found = _ENDING.search(text)
    if found is None:
        return text, scene.now
    rest = text[: found.start()].strip()
    if found["at"]:
        return rest, instant(found["at"], line)
    return rest, scene.now - timedelta(seconds=duration_s(found["ago"].strip()) or 0.0)


def _there(names: Iterable[str]) -> str:
    return f"there are: {', '.join(dict.fromkeys(names))}"
