"""The `=` lines: what must hold in the committed state, by key (spec/conversation.md section 7)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from engine.conversation import Conversation, Ended, Frame
from engine.money import is_amount
from engine.turn import Notes
from gateway.rehearsal.script import ScriptError
from gateway.rehearsal.stage import Stage

_TERM = re.compile(r"\s*(?P<key>[a-z_]+(?:\.[A-Za-z0-9_.]+)?)\s*(?P<op>!=|=|has)\s*(?P<value>.*?)\s*")


async def mismatches(stage: Stage, text: str) -> list[str]:
    """What of `a=b; c!=d; e has f` does not hold. Raises ScriptError for an unknown key."""
    conversation, notes = await stage.conversation(), await stage.notes()
    wrong = []
    for term in filter(str.strip, text.split(";")):
        found = _TERM.fullmatch(term)
        if found is None:
            raise ScriptError(f"{term.strip()!r} is not `key=value`, `key!=value` or `key has value`")
        got = _value(stage, conversation, notes, found["key"])
        if not _holds(got, found["op"], found["value"]):
            wrong.append(f"{found['key']}: expected {found['op']} {found['value']}, got {got}")
    return wrong


def _holds(got: str, op: str, wanted: str) -> bool:
    if op == "has":
        return any(one == wanted or one.split(".", 1)[0] == wanted for one in got.split(","))
    return (got == wanted) == (op == "=")


Run = Frame | Ended | None


def _value(stage: Stage, conversation: Conversation, notes: Notes | None, key: str) -> str:
    head, _, tail = key.partition(".")
    if head in _OF_CONVERSATION:
        return _OF_CONVERSATION[head](conversation)
    if head in _OF_RUN:
        return _OF_RUN[head](conversation.top or conversation.ended, tail)
    if head == "calls":
        return str(len(stage.completed.get(tail, ())))
    if head == "rules":
        return ",".join(notes.rules) if notes else ""
    raise ScriptError(f"{key!r} is no key that this version knows")


def _slot(run: Run, path: str) -> str:
    name, *fields = path.split(".")
    held = run.slots.get(name) if run else None
    return _shown(held.value, fields) if held and held.settled and held.value is not None else "-"


def _slot_state(run: Run, name: str) -> str:
    held = run.slots.get(name) if run else None
    return held.state if held else "empty"


def _fact(run: Run, path: str) -> str:
    name, *fields = path.split(".")
    return _shown(run.facts.get(name) if run else None, fields)


def _shown(value: Any, fields: list[str]) -> str:
    for name in fields:
        value = value.get(name) if isinstance(value, dict) else None
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value['amount']} {value['currency']}" if is_amount(value) else str(value)


_OF_CONVERSATION: dict[str, Callable[[Conversation], str]] = {
    "stack": lambda c: ",".join(frame.flow for frame in reversed(c.stack)) or "-",
    "pending": lambda c: c.pending.kind if c.pending else "-",
    "owner": lambda c: c.owner,
    "outcome": lambda c: c.ended.outcome if c.ended else "-",
    "archived": lambda c: c.ended.reason if c.ended else "-",
    "window": lambda c: str(len(c.window)),
}

_OF_RUN: dict[str, Callable[[Run, str], str]] = {
    "flow": lambda run, _: run.flow if run else "-",
    "state": lambda run, _: run.state if run else "-",
    "tries": lambda run, _: str(getattr(run, "tries", 0)),
    "clarify": lambda run, _: str(getattr(run, "clarify", 0)),
    "asked": lambda run, slot: str(run.asked.get(slot, 0)) if run else "0",
    "slots": _slot,
    "slot_state": _slot_state,
    "facts": _fact,
}
