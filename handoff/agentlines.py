"""What agents are told in a case's thread, and why a step was not taken. Customers' lines stand in engine/lines.py."""

from __future__ import annotations

from collections.abc import Mapping

from engine.lines import fill
from handoff.moves import Line, Refused

AGENT_LINES: Mapping[str, str] = {
    "desk_claimed": "Claimed by {agent}.",
    "desk_free_again": "Back in the queue: anybody can claim it.",
    "desk_moved": "Moved to {queue}.",
    "desk_snoozed": "Snoozed until {until}.",
    "desk_nudge": "{agent}, the customer is waiting for you.",
    "desk_not_delivered": "Not delivered: {reason}.",
    "desk_not_shown": "Something that the customer wrote could not be shown here: {reason}.",
    "desk_set_aside": "Something could not be handled here and was set aside; whoever runs the desk can look at it.",
    "desk_answered_meanwhile": "The assistant has answered meanwhile, and asks whether a person is still needed.",
    "desk_ended": "Closed: {state}.",
    "desk_unclaimed": "Nobody has claimed this case yet.",
    "desk_opted_out": "The customer has opted out: nothing can be sent until they opt in again.",
    "desk_opted_in": "The customer has opted in again.",
    "desk_no_ticket": "The ticket system did not take the ticket: {reason}.",
}

WHISPERS: Mapping[str, str] = {
    "stranger": "You are not among this desk's agents, so this stays here. Ask whoever runs the desk to add you.",
    "closed": "This case is closed, so this stays here.",
    "no_text": "There were no words in that message to send; files are not carried to customers.",
    "edit": "An edit does not reach the customer: what was sent stays as it was. Send a correction as a new message.",
    "deleted": "The customer has it already: what was sent cannot be unsent.",
    "commands": "Write after my name: claim, release, return, resolve, transfer QUEUE, snooze TIME or ticket.",
    "contact": "The customer's contact: {contact}.",
    "not_claimer": "Only whoever has claimed the case can do that.",
    "nothing_to_retry": "There is nothing that was not delivered.",
}
"""Said to one agent alone, where no step was refused."""

REFUSALS: Mapping[Refused, str] = {
    Refused.NOT_NOW: "Not possible in this state. Claim the case first, or look at the card: it may be closed.",
    Refused.ALREADY_CLAIMED: "Already claimed by {agent}.",
    Refused.DONE_ALREADY: "",
    Refused.CHANGED: "This has changed. The card shows how it stands now.",
    Refused.NOT_YOURS: "This case is claimed by {agent}. Take over and send, or keep it internal?",
    Refused.INTERNAL: "Kept among agents. To write to the customer use Reply, or begin with >>.",
    Refused.TOO_MANY_TRANSFERS: "It was moved three times already. The operator has been told.",
    Refused.WRONG_TIME: "Snooze needs a time in the next 30 days.",
    Refused.TOO_LATE: "The time for that is over.",
    Refused.NOT_DUE: "",
    Refused.AGAIN_TOO_SOON: "",
}
"""Said to the one agent who asked; an empty line says nothing."""
UNCLAIMED = "Nobody has claimed this case. Take over and send, or keep it internal?"
"""In the place of NOT_YOURS, where it is nobody's."""


def for_thread(line: Line) -> str:
    """A thread's line in words."""
    return fill(AGENT_LINES[line.key], line.values)


def whisper(key: str, **values: str) -> str:
    """What one agent is told."""
    return fill(WHISPERS[key], values)


def why_not(refused: Refused, *, claimer: str = "") -> str:
    """Why a step was not taken, "" when nothing needs to be said."""
    if refused is Refused.NOT_YOURS and not claimer:
        return UNCLAIMED
    return fill(REFUSALS[refused], {"agent": claimer or "nobody"})
