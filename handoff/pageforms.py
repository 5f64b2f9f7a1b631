"""The buttons of a case on our own page, and what each asks before anything is done (H57, H58)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from handoff.answers import OUTCOMES, SNOOZES, Field
from handoff.buttons import MORE, PREFIX, TRIGGERS, actions_block, held_block
from handoff.case import Case, Verdict
from handoff.lifecycle import next_state
from handoff.shown import in_words

JUDGED = "Was it right to call a person?"
"""What a verdict answers (H130)."""


class Team(msgspec.Struct, frozen=True, kw_only=True):
    """What the page's desk has: queues to transfer to, a ticket system, and the agent who sits before it."""

    agent: str
    queues: tuple[str, ...] = ()
    tickets: bool = False


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One of the values that a field may have."""

    value: str
    label: str


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Something to fill in: one of `choices`, or words where that is None."""

    name: str
    label: str
    choices: tuple[Choice, ...] | None = None
    optional: bool = False


class Button(msgspec.Struct, frozen=True, kw_only=True):
    """A button: what a press sends, whether it can be pressed in this state, and what is asked first. One that is
    rarely wanted, `more`, stands behind the others."""

    name: str
    label: str
    action: str
    value: str
    style: str = ""
    more: bool = False
    able: bool = True
    asks: tuple[Asked, ...] = ()


def buttons_of(case: Case, team: Team) -> tuple[Button, ...]:
    """The buttons of the case's card as it stands now. Left out is what this desk lacks, and what stands behind the
    others while it cannot be pressed."""
    block = actions_block(case)
    lacking = {name for name, has in (("transfer", _elsewhere(case, team)), ("ticket", team.tickets)) if not has}
    found = [_button(pressed, case, team) for pressed in _presses(block["elements"] if block else [])]
    return tuple(one for one in found if one.name not in lacking and (one.able or not one.more))


def held_buttons(case: Case, held: str) -> tuple[Button, ...]:
    """The choice about words that wait for one (H45)."""
    block = held_block(case.id, case.version, held)
    return tuple(
        Button(name=one.name, label=one.label, action=PREFIX + one.name, value=one.value, style=one.style)
        for one in _presses(block["elements"])
    )


def fields_of(button: str, case: Case, team: Team) -> tuple[Asked, ...]:
    """What a button asks; nothing for most."""
    match button:
        case "resolve":
            return (
                _one_of(Field.OUTCOME, "What came of it?", {one: _words(one) for one in OUTCOMES}),
                _one_of(Field.VERDICT, JUDGED, {one: _words(one) for one in Verdict}, optional=True),
                Asked(name=Field.NOTE, label="Note for other agents", optional=True),
            )
        case "transfer":
            return (_one_of(Field.QUEUE, "To which team?", {name: _words(name) for name in _elsewhere(case, team)}),)
        case "snooze":
            return (_one_of(Field.WAKE, "For how long?", SNOOZES),)
        case "reply":
            return (Asked(name=Field.TEXT, label="Your words, as the customer will read them"),)
        case _:
            return ()


class _Press(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    label: str
    value: str
    style: str = ""
    more: bool = False


def _presses(elements: list[dict[str, Any]]) -> Iterator[_Press]:
    """What can be pressed in a card's row of buttons: each of them, and what its last one opens."""
    for element in elements:
        if element["action_id"] == MORE:
            for option in element["options"]:
                name, _, value = option["value"].partition(":")
                yield _Press(name=name, label=option["text"]["text"], value=value, more=True)
        else:
            name, label = element["action_id"].removeprefix(PREFIX), element["text"]["text"]
            yield _Press(name=name, label=label, value=element["value"], style=element.get("style", ""))


def _button(press: _Press, case: Case, team: Team) -> Button:
    return Button(
        name=press.name,
        label=press.label,
        action=PREFIX + press.name,
        value=press.value,
        style=press.style,
        more=press.more,
        able=_able(press.name, case, team),
        asks=fields_of(press.name, case, team),
    )


def _able(button: str, case: Case, team: Team) -> bool:
    mine = case.claimed_by is not None and case.claimed_by.id == team.agent
    match button:
        case "reply" | "reveal":
            return mine
        case "retry":
            return mine and case.undelivered is not None
        case "ticket" if case.ticketed:
            return False
        case _:
            return next_state(case.state, TRIGGERS[button]) is not None


def _elsewhere(case: Case, team: Team) -> list[str]:
    return [queue for queue in team.queues if queue != case.queue]


def _one_of(name: Field, label: str, choices: Mapping[str, str], *, optional: bool = False) -> Asked:
    offered = tuple(Choice(value=str(value), label=words) for value, words in choices.items())
    return Asked(name=name, label=label, choices=offered, optional=optional)


def _words(name: str) -> str:
    return in_words(name).capitalize()
