"""From what a state says to what it is: its kind, its prompts, its edges in order."""

from __future__ import annotations

from typing import Any

from engine.flow import Branch, HandoffDef, StateDef, StateKind
from engine.flowfile.nearest import listed
from engine.flowfile.page import Page, under
from engine.flowfile.vocabulary.states import ALLOWED, MARKS
from engine.flowfile.wordings import prompts

ELSE = "else"
"""The key under `branches` for every value that has no branch of its own."""


def state(name: str, said: dict[str, Any] | None, page: Page) -> StateDef:
    """The state `name` from its keys as read; None stands for one that could not be read at all."""
    at = under("states", name)
    if said is None:
        return StateDef(name=name, kind=StateKind.TERMINAL)
    marks = [mark for mark in MARKS if said.get(mark)]
    kind = _kind(marks, said, at, page)
    for key in said:
        if len(marks) < 2 and key not in ALLOWED[kind] and said[key] is not False:
            what = f"{_a(kind)} state has no `{key}`"
            remedy = f"remove it, or give it a state of its own; it may have {listed(ALLOWED[kind], 'and')}"
            page.fault(under(at, key), "misplaced-key", what, remedy)
    return StateDef(
        name=name,
        kind=kind,
        prompts=prompts(said.get("prompt")),
        title=said.get("title", ""),
        slot=said.get("slot"),
        next=said.get("next"),
        branches=_branches(kind, said.get("branches"), at, page),
        action=said.get("action"),
        call=said.get("call"),
        on_error=said.get("on_error"),
        handoff=HandoffDef(**{"reason": "", **said["handoff"]}) if "handoff" in said else None,
        outcome=said.get("outcome", "resolved"),
        loop=said.get("loop", False),
    )


def _kind(marks: list[str], said: dict[str, Any], at: str, page: Page) -> StateKind:
    if len(marks) > 1:
        what = f"{listed(marks, 'and')} stand in one state, and each makes it another kind"
        page.fault(at, "two-kinds", what, "split it into one state for each")
    if marks:
        return MARKS[marks[0]]
    if "branches" in said:
        return StateKind.CHOICE
    if "prompt" not in said:
        page.fault(
            at, "no-kind", "nothing here says what this state does", f"add `prompt`, `branches`, {listed(MARKS)}"
        )
    return StateKind.SAY


def _branches(kind: StateKind, said: Any, at: str, page: Page) -> tuple[Branch, ...]:
    here = under(at, "branches")
    match said:
        case None:
            return ()
        case dict() if kind is StateKind.CHOICE:
            remedy = "write a list, `[{when: ..., next: ...}, {next: ...}]`, or add the `slot` or `action` it is about"
            page.fault(here, "wrong-branches", "a choice tries conditions, and a map has none", remedy)
            return ()
        case dict():
            named = [Branch(label=label, next=target) for label, target in said.items() if label != ELSE]
            return (*named, Branch(next=said[ELSE])) if ELSE in said else tuple(named)
        case _ if kind is not StateKind.CHOICE:
            remedy = (
                "write a map of value or outcome to state, or put the conditions into a choice state after this one"
            )
            page.fault(
                here, "wrong-branches", f"a list of conditions belongs to a choice, not to {_a(kind)} state", remedy
            )
            return ()
    return tuple(Branch(when=one.get("when"), next=one["next"]) for one in said if "next" in one)


def _a(kind: StateKind) -> str:
    return f"{'an' if kind.value[0] in 'aeiou' else 'a'} {kind.value}"
