"""What an agent asks for: their words, buttons, windows and commands read into moves of the case (H41-H46, H57)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from engine.message import Event, EventKind
from handoff.answers import Answer, answer_of
from handoff.buttons import TRIGGERS, Press, press_of, verdict_of
from handoff.case import Agent, Case, Spot
from handoff.moves import Move, Trigger
from handoff.policy import DeskPolicy, ReplyPolicy
from handoff.snoozing import read_until

_AGENTS = frozenset({EventKind.AGENT_MESSAGE, EventKind.AGENT_ACTION})
ASKED_FIRST = ("resolve", "transfer", "snooze", "reply")
"""Buttons that open a window before anything is done (H58)."""

_NOTE = re.compile(r"(?:note|private|internal)\s*[:\uff1a]|//|[\U0001f50f-\U0001f513]", re.IGNORECASE)
_MARKUP = re.compile(r"^[\s*_~>`]+")
_COLON = re.compile(r"^((?:note|private|internal))[\s*_~`]+(?=[:\uff1a])", re.IGNORECASE)
_EXPLICIT = ">>"
_COMMANDS = {
    "claim": Trigger.CLAIM,
    "release": Trigger.RELEASE,
    "unclaim": Trigger.RELEASE,
    "return": Trigger.RETURN,
    "resolve": Trigger.RESOLVE,
    "transfer": Trigger.TRANSFER,
    "snooze": Trigger.SNOOZE,
    "ticket": Trigger.TICKET,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """What an agent's event asks for: a move, or a window before it, or something else that `told` or `does` names."""

    move: Move | None = None
    window: str = ""
    does: str = ""
    """retry or reveal."""
    told: str = ""
    """The key of a line to them alone."""


def by_agent(event: Event) -> bool:
    """Is this an agent's doing? An edit in the desk's channel says so itself: customers edit too."""
    return event.kind in _AGENTS or (event.kind is EventKind.EDITED and "desk" in event.fields)


def spot_of(event: Event) -> Spot:
    """Where the agent did it."""
    address = event.address
    return Spot(
        channel=address.chat if address else "",
        message=event.fields.get("message", ""),
        thread=(address.thread or "") if address else "",
    )


def ask_of(event: Event, agent: Agent, case: Case, *, now: datetime, policy: DeskPolicy) -> Ask:
    """What the event of an agent asks for. Pure and total."""
    if event.kind is not EventKind.AGENT_ACTION:
        return _said(event, agent, case, policy)
    return _done(event, agent, case, now, policy)


def is_note(text: str) -> bool:
    """Do these words stay among agents (H46)?"""
    bare = _COLON.sub(r"\1", _MARKUP.sub("", text))
    return _NOTE.match(bare) is not None


def _said(event: Event, agent: Agent, case: Case, policy: DeskPolicy) -> Ask:
    text, spot = event.text.strip(), spot_of(event)
    if event.kind is EventKind.EDITED:
        mine = case.claimed_by is not None and case.claimed_by.id == agent.id
        told = "deleted" if "deleted" in event.fields else "edit"
        return Ask(told=told if mine else "")
    if is_note(text):
        return Ask(move=Move(trigger=Trigger.NOTE, agent=agent, text=text))
    explicit = text.startswith(_EXPLICIT)
    text = text.removeprefix(_EXPLICIT).strip() if policy.reply_policy is ReplyPolicy.EXPLICIT else text
    if not text:
        return Ask(told="no_text" if event.attachments else "")
    return Ask(move=Move(trigger=Trigger.REPLY, agent=agent, text=text, explicit=explicit, spot=spot))


def _done(event: Event, agent: Agent, case: Case, now: datetime, policy: DeskPolicy) -> Ask:
    fields = event.fields
    action = fields.get("action", "")
    if action == "mention":
        return _commanded(fields.get("words", ""), agent, now, policy)
    press = press_of(action, fields.get("value") or fields.get("about", ""))
    if press is None:
        return Ask(told="commands")
    if press.case != case.id:
        return Ask(told="closed")
    if press.button in ("retry", "reveal"):
        return Ask(does=press.button)
    given = answer_of(action, fields["inputs"], now=now, zone=policy.hours.zone) if "inputs" in fields else None
    if press.button in ASKED_FIRST and given is None and "trigger" in fields:
        return Ask(window=press.button)
    return _pressed(press, agent, given or Answer(button=press.button), spot_of(event))


def _pressed(press: Press, agent: Agent, answers: Answer, spot: Spot) -> Ask:
    if press.button == "reply":
        if not answers.text:
            return Ask(told="no_text")
        if is_note(answers.text):
            return Ask(move=Move(trigger=Trigger.NOTE, agent=agent, text=answers.text))
        return Ask(move=Move(trigger=Trigger.REPLY, agent=agent, text=answers.text, explicit=True, spot=spot))
    trigger = TRIGGERS.get(press.button)
    if trigger is None:
        return Ask(told="commands")
    held = bool(press.held)
    move = Move(
        trigger=trigger,
        agent=agent,
        seen=None if held else press.seen,
        queue=answers.queue,
        until=answers.until,
        reason=answers.note,
        held=press.held,
        outcome=answers.outcome,
        verdict=verdict_of(press.button) or answers.verdict,
        spot=spot,
    )
    return Ask(move=move)


def _commanded(words: str, agent: Agent, now: datetime, policy: DeskPolicy) -> Ask:
    """The same by words (H57)."""
    verb, _, rest = words.strip().partition(" ")
    trigger = _COMMANDS.get(verb.lower())
    if trigger is None:
        return Ask(told="commands")
    queue = rest.strip().lower() if trigger is Trigger.TRANSFER else ""
    until = read_until(rest.strip(), now, policy.hours.zone) if trigger is Trigger.SNOOZE else None
    if trigger is Trigger.TRANSFER and queue not in ("default", *policy.queues):
        return Ask(told="commands")
    return Ask(move=Move(trigger=trigger, agent=agent, queue=queue, until=until))
