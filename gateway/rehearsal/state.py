"""The `=` lines: what must hold in the committed state, by key (spec/conversation.md section 7)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from engine.conversation import Conversation
from engine.forgetting import dormant
from engine.frame import Ended, Frame
from engine.machine import Compiled
from engine.memory import Memory
from engine.money import is_amount
from gateway.rehearsal.script import Line, ScriptError
from gateway.rehearsal.stage import Stage
from handoff.case import Case
from handoff.sitting import case_in

_TERM = re.compile(r"(?P<key>[a-z_]+(?:\.[A-Za-z0-9_.]+)?)(?:\s*(?P<sign>!=|=)\s*|\s+(?P<has>has)\s+)(?P<value>.*)")

Run = Frame | Ended | None


async def mismatch(stage: Stage, line: Line) -> tuple[str, str] | None:
    """The first of `a=b; c!=d; e has f` that does not hold, as it is written and as it is; None when all hold.

    Raises ScriptError for what is no such term, and for a key or a slot that nobody declares: never a pass.
    """
    conversation, rules, memory = await stage.conversation(), await stage.rules(), await stage.memory()
    for term in filter(None, map(str.strip, line.rest.split(";"))):
        found = _TERM.fullmatch(term)
        if found is None:
            raise ScriptError(line.number, f"`{term}` is not `key=value`, `key!=value` or `key has value`")
        try:
            got = _remembered(stage, memory, found["key"]) or _value(stage, conversation, rules, found["key"])
        except KeyError as unknown:
            raise ScriptError(line.number, f"`{term}`: {unknown.args[0]}") from None
        if not _holds(got, found["sign"] or found["has"], found["value"]):
            return term, f"{found['key']}={got}"
    return None


def _holds(got: str, sign: str, wanted: str) -> bool:
    if sign == "has":
        return any(one == wanted or one.split(".", 1)[0] == wanted for one in got.split(","))
    return (got == wanted) == (sign == "=")


def _value(stage: Stage, conversation: Conversation, rules: Sequence[str], key: str) -> str:
    """Raises KeyError with a sentence for a key that means nothing here."""
    head, _, tail = key.partition(".")
    if head in _OF_CONVERSATION and not tail:
        return _OF_CONVERSATION[head](conversation)
    if head == "rules" and not tail:
        return ",".join(rules)
    run = conversation.top or conversation.ended
    if head in _OF_RUN and not tail:
        return _OF_RUN[head](run)
    if head in (*_OF_SLOT, "asked") and tail:
        _declared("slot", tail.split(".", 1)[0], [name for flow in stage.flows for name in flow.slots])
        if head == "asked":
            return _asked(conversation, tail)
        return "dormant" if head == "slot_state" and _sleeps(stage, run, tail) else _OF_SLOT[head](run, tail)
    if head == "facts" and tail:
        return _fact(run, tail)
    if head == "calls" and tail:
        _declared("action", tail, [name for flow in stage.flows for name in flow.actions])
        return str(len(stage.completed[tail]))
    if head == "case" and tail:
        return _case(case_in(conversation), tail)
    if head == "context" and tail.endswith(".version"):
        return _context(stage, run, tail.removesuffix(".version"))
    if key == "summary.turn":
        return str(conversation.course.summary.turn if conversation.course.summary else "-")
    if head == "version" and not tail:
        return _version(stage, run)
    raise KeyError(f"`{key}` is no key; see section 7 of spec/conversation.md")


def _remembered(stage: Stage, memory: Memory, key: str) -> str:
    """`memory.X`, of whatever flow the value came from; "" for any other key."""
    head, _, path = key.partition(".")
    name, *fields = path.split(".")
    if head != "memory" or not name:
        return ""
    _declared("slot", name, [slot for flow in stage.flows for slot in flow.slots])
    return shown(memory.values[name].value if name in memory.values else None, fields)


def _declared(noun: str, name: str, names: Sequence[str]) -> None:
    if name not in names:
        raise KeyError(f"no flow here has the {noun} `{name}`; there are: {', '.join(dict.fromkeys(names))}")


def _slot(run: Run, path: str) -> str:
    name, *fields = path.split(".")
    held = run.slots.get(name) if run else None
    return shown(held.value, fields) if held and held.settled else "-"


def _slot_state(run: Run, name: str) -> str:
    held = run.slots.get(name) if run else None
    return held.state if held else "empty"


def _asked(conversation: Conversation, slot: str) -> str:
    """How often its question was put by the runs that are open, whichever of them; with none by the one that ended."""
    runs: list[Frame | Ended] = [*conversation.stack] or [*filter(None, (conversation.ended,))]
    return str(sum(run.asked.get(slot, 0) for run in runs))


def _sleeps(stage: Stage, run: Run, slot: str) -> bool:
    """Does the value belong to a branch that is not taken now (W4)?"""
    flow = next((flow for flow in stage.flows if run is not None and flow.name == run.flow), None)
    return isinstance(run, Frame) and flow is not None and slot in dormant(Compiled(flow), run)


def _fact(run: Run, path: str) -> str:
    name, *fields = path.split(".")
    return shown(run.facts.get(name) if run else None, fields)


def _case(case: Case | None, key: str) -> str:
    if key not in _OF_CASE:
        raise KeyError(f"a case has no `{key}`; there are: {', '.join(_OF_CASE)}")
    return (_OF_CASE[key](case) or "-") if case else "-"


def _context(stage: Stage, run: Run, task: str) -> str:
    """The version of what a task of a plan gave last; 0 for nothing (S36)."""
    plans = [action.delegate for flow in stage.flows for action in flow.actions.values()]
    _declared("task", task, [one.id for plan in plans for one in plan])
    given = run.context.get(task) if isinstance(run, Frame) else None
    return str(given.version if given else 0)


def _version(stage: Stage, run: Run) -> str:
    """v1 for the first version of its flow that was deployed here, v2 for the next."""
    if not isinstance(run, Frame):
        return "-"
    deployed = stage.versions.get(run.flow, [])
    return f"v{deployed.index(run.version) + 1}" if run.version in deployed else "-"


def shown(value: Any, fields: Sequence[str] = ()) -> str:
    """A canonical value, or a field of it, as `=` lines write it; `-` for none."""
    for name in fields:
        value = value.get(name) if isinstance(value, dict) else None
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(map(shown, value))
    return f"{value['amount']} {value['currency']}" if is_amount(value) else str(value)


_OF_CONVERSATION: dict[str, Callable[[Conversation], str]] = {
    "stack": lambda c: ",".join(frame.flow for frame in reversed(c.stack)) or "-",
    "pending": lambda c: c.pending.kind if c.pending else "-",
    "owner": lambda c: c.owner,
    "outcome": lambda c: c.ended.outcome if c.ended else "-",
    "archived": lambda c: c.ended.reason if c.ended else "-",
    "window": lambda c: str(len(c.window)),
    "discussed_topics": lambda c: str(len(c.discussed)),
}

_OF_RUN: dict[str, Callable[[Run], str]] = {
    "flow": lambda run: run.flow if run else "-",
    "state": lambda run: run.state if run else "-",
    "tries": lambda run: str(getattr(run, "tries", 0)),
    "clarify": lambda run: str(getattr(run, "clarify", 0)),
    "branches": lambda run: str(len(run.ways) + 1 if isinstance(run, Frame) else 0),
}

_OF_CASE: dict[str, Callable[[Case], str]] = {
    "reason": lambda case: case.reason,
    "queue": lambda case: case.queue,
    "trigger": lambda case: case.primary,
    "state": lambda case: case.state,
    "priority": lambda case: case.priority,
    "agent": lambda case: case.claimed_by.alias if case.claimed_by else "",
    "outcome": lambda case: case.outcome or "",
    "verdict": lambda case: case.verdict or "",
}

_OF_SLOT: dict[str, Callable[[Run, str], str]] = {
    "slots": _slot,
    "slot_state": _slot_state,
}
