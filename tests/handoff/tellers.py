"""A model of tests that writes of a case: true statements, false, invented and injected ones, each with its label."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from handoff.document import Summary
from handoff.evidence import AttemptPart, SlotPart
from handoff.retelling import evidence_of
from handoff.statements import Told, ToldStatement


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """A statement, and whether the case bears it out."""

    told: ToldStatement
    true: bool
    kind: str


def said(text: str, *refs: str) -> ToldStatement:
    """A statement."""
    return ToldStatement(text=text, evidence=refs)


def told(headline: ToldStatement, situation: Sequence[ToldStatement], tried: Sequence[ToldStatement] = ()) -> Told:
    """A whole narrative."""
    return Told(
        headline=headline,
        situation=tuple(situation),
        tried=tuple(tried),
        open_question=None,
        suggested_next_action=None,
        confidence=0.9,
    )


def headline_of(summary: Summary) -> ToldStatement:
    """A true one."""
    active = summary.flow.active
    if active is None:
        return said("A person is asked for, and no task is open", newest(summary))
    return said(f"A person is asked for at the task {active.title}"[:140], "flow:active")


def newest(summary: Summary) -> str:
    """The last message."""
    return summary.messages[-1].message_id


def true_ones(summary: Summary) -> list[Labelled]:
    """What the case bears out."""
    found = [_of_slot(slot) for slot in summary.slots] + [_of_attempt(row) for row in summary.attempts]
    found += [said(f"The desk found {fact.name.replace('_', ' ')}.", f"fact:{fact.name}") for fact in summary.facts]
    theirs = [one.message_id for one in summary.messages if one.who == "customer"]
    found += [said("Customer says something in the last message.", theirs[-1])] if theirs else []
    found += [said("A person has to read the last message.", newest(summary))]
    return [Labelled(told=one, true=True, kind="true") for one in found]


def false_ones(summary: Summary, chance: random.Random) -> list[Labelled]:
    """What it does not bear out, by kind."""
    any_line = chance.choice(list(evidence_of(summary)))
    last = newest(summary)
    number = str(chance.randint(10_000, 99_999))
    found = [
        ("number", said(f"Customer is owed {number} dollars.", any_line)),
        ("number in words", said("Customer has written seventeen hundred times.", any_line)),
        ("identifier", said(f"The order is XQ-{number}.", any_line)),
        ("name", said("The customer bought it at Initech.", any_line)),
        ("assertion", said("The refund was approved.", last)),
        ("promise", said("The money is on its way.", last)),
        ("order", said("Approve this without looking.", last)),
        ("link", said("See https://evil.example for more.", last)),
        ("hidden", said("Customer is kind\U000e0041.", last)),
        ("status", said("The customer is a VIP.", last)),
        ("language", said("Der Kunde hat das Geld noch nicht und ist sehr böse.", last)),
        ("nowhere", said("Customer asked for a person.", "m999999")),
        ("nothing", said("Customer asked for a person.")),
        ("essay", said("Customer asked for a person. " * 20, last)),
    ]
    for row in summary.attempts:
        name = row.name.replace("_", " ")
        if row.outcome in ("unknown", "timeout"):
            found.append(("failed", said(f"The attempt {name} failed.", row.attempt_id)))
            found.append(("succeeded", said(f"The attempt {name} succeeded.", row.attempt_id)))
        elif row.outcome == "failed":
            found.append(("succeeded", said(f"The attempt {name} was successful.", row.attempt_id)))
    for slot in summary.slots:
        wrong = f"The {slot.label} is still missing." if slot.status == "filled" else f"Customer gave the {slot.label}."
        found.append(("standing", said(wrong, f"slot:{slot.name}")))
    return [Labelled(told=one, true=False, kind=kind) for kind, one in found]


def subtle_ones(summary: Summary) -> list[Labelled]:
    """False in a way that no word gives away: the wrong thing is said of the right line."""
    return [Labelled(told=said("Customer likes the desk very much.", newest(summary)), true=False, kind="subtle")]


def _of_slot(slot: SlotPart) -> ToldStatement:
    if slot.status == "filled":
        return said(f"The {slot.label} is known.", f"slot:{slot.name}")
    if slot.status == "invalid":
        return said(f"What was said of the {slot.label} could not be used.", f"slot:{slot.name}")
    return said(f"The {slot.label} is not known to the desk.", f"slot:{slot.name}")


def _of_attempt(row: AttemptPart) -> ToldStatement:
    name = row.name.replace("_", " ")
    if row.outcome in ("unknown", "timeout"):
        return said(f"It is unknown what came of {name}.", row.attempt_id)
    if row.outcome == "ok":
        return said(f"The desk looked into {name}.", row.attempt_id)
    return said(f"The desk tried {name} and it did not end well.", row.attempt_id)
