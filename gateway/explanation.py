"""Why each turn did what it did, in lines for a person, from what its notes kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from engine.account import EMPTY, Came, Took
from engine.conversation import Conversation
from engine.course import Summary
from engine.delegation import Work
from engine.extraction import Consultation
from engine.model import Purpose
from engine.money import is_amount
from engine.notes import Notes
from engine.rules.ordered import Rules
from engine.rules.registry import registered
from engine.signals import Signals
from gateway.past import Past

ELSEWHERE = {"R60": "A person is asked for, or has the conversation: the desk takes this turn."}
"""Rules that another room than the engine's implements."""
_INDENT = 12

Line = tuple[str, str]
"""What kind of thing it is, and what it is; "" goes on with the kind of the line before."""


def explained(past: Past) -> Iterator[str]:
    """The whole conversation: where it stands, then turn by turn."""
    yield standing(past.conversation)
    reasons = rule_reasons()
    for notes in past.turns:
        yield ""
        yield f"turn {notes.turn}  {notes.at:%Y-%m-%d %H:%M:%S} UTC"
        for kind, text in _turn(notes, reasons):
            first, *more = text.splitlines() or [""]
            yield f"  {kind:<{_INDENT}}{first}"
            yield from (f"  {'':<{_INDENT}}{line}" for line in more)


def standing(conversation: Conversation) -> str:
    """A conversation in one line: its id, how far it is, and who has it."""
    turns = "1 turn" if conversation.turn == 1 else f"{conversation.turn} turns"
    runs = ", then ".join(f"{frame.flow} at {frame.state}" for frame in reversed(conversation.stack))
    ended = conversation.ended
    at = runs or (f"nothing open; {ended.flow} ended {ended.outcome or ended.reason}" if ended else "nothing open")
    asks = f"; asks {conversation.pending.kind}" if conversation.pending else ""
    return f"{conversation.id}: {turns}; {at}{asks}; with the {conversation.owner}"


def rule_reasons() -> Mapping[str, str]:
    """Rule id -> the first sentence of what it says of itself."""
    Rules()  # their rooms are imported
    told = {rule.id: " ".join((rule.act.__doc__ or "").split("\n\n")[0].split()) for rule in registered()}
    return {**ELSEWHERE, **told}


def _turn(notes: Notes, reasons: Mapping[str, str]) -> Iterator[Line]:
    if notes.phase:
        yield "phase", notes.phase + (f", about {notes.topic}" if notes.topic else "")
    yield from (("customer", text) for text in (*notes.heard, *notes.pressed))
    if notes.desk:
        yield "desk", notes.desk
    yield from (("variant", text) for text in _tried(notes))
    yield from _asked(notes)
    yield from (("dropped", text) for text in notes.dropped)
    for place, id in enumerate(notes.rules):
        yield "" if place else "rules", f"{id:<10} {reasons.get(id, 'is no rule of this version')}"
    for place, took in enumerate(notes.took):
        yield "" if place else "read", _took(took)
    yield from _worked(notes.work)
    for place, came in enumerate(notes.came):
        yield "" if place else "answered", _came(came)
    if notes.walked:
        yield "walk", " > ".join(notes.walked)
    if notes.unseen:
        yield "not known", f"{', '.join(notes.unseen)}: conditions on it counted as false (S2)"
    meant = {quote.place for found in notes.meant.values() for quote in found}
    yield from (("knowledge", f"{place}, by its meaning" if place in meant else place) for place in notes.quoted)
    yield from _measured(notes)
    if notes.answered:
        yield "agent", notes.answered
    if notes.alert:
        yield "alert", notes.alert
    if notes.said:
        yield "reply", notes.said
    elif not notes.answered:
        yield "reply", "none"


def _asked(notes: Notes) -> Iterator[Line]:
    for one in notes.consulted:
        yield "model", _consulted(one)
        yield "parts", ", ".join(f"{name} {version}" for name, version in one.parts.items()) + _wording(one)
        yield "told", one.payload
    if notes.job is not None:
        yield "job", " ".join(notes.job)


def _tried(notes: Notes) -> Iterator[str]:
    met = {one.experiment for one in notes.exposed}
    for label, variant in notes.variants.items():
        yield f"{label}: {variant}{', met for the first time' if label in met else ''}"


def _measured(notes: Notes) -> Iterator[Line]:
    if notes.signals is not None and (told := measures(notes.signals)):
        yield "signals", ", ".join(told)
    for run in notes.archived:
        counts = f"{run.turns} turns, {run.tries} failed tries, {run.corrections} corrections, {run.seconds:.0f} s"
        yield "ended", f"{run.flow} at {run.state}: {run.reason}, outcome {run.outcome} ({counts})"
    if notes.survey is not None:
        yield "asked", "how it went, 1 to 5"
    if notes.rating is not None:
        yield "rated", f"{notes.rating.score} of 5, for {notes.rating.flow or notes.rating.case}"
    if notes.summary is not None:
        yield "summary", "; ".join(summarised(notes.summary))


def measures(signals: Signals) -> Iterator[str]:
    """What a turn measured, without what is 0."""
    for name, value in msgspec.structs.asdict(signals).items():
        if value is True:
            yield name
        elif value and isinstance(value, tuple):
            yield f"{name} {' and '.join(value)}"
        elif value:
            yield f"{name.replace('_', ' ')} {value:g}"


def summarised(summary: Summary) -> Iterator[str]:
    """A rolling summary, in parts."""
    yield f"after {summary.turn} turns of the customer"
    named = {"decided": summary.decisions, "open": summary.open, "about": summary.topics, "notes": summary.points}
    yield from (f"{name} {', '.join(parts)}" for name, parts in named.items() if parts)
    yield f"sounds {summary.mood}"


def _took(took: Took) -> str:
    where = f"{took.flow}.{took.slot}"
    if took.state == EMPTY:
        return f"{where} emptied"
    words = f' from "{took.words}"' if took.words and took.words != str(took.value) else ""
    state = f", {took.state}" if took.state else ""
    value = "" if took.value is None else f" = {in_words(took.value)}"
    return f"{where}{value} ({took.source}{state}){words}"


def _came(came: Came) -> str:
    facts = ", ".join(f"{name} = {in_words(value)}" for name, value in came.facts.items())
    doubt = "" if came.certain else ", and may have acted"
    return f"{came.action}: {came.outcome}{doubt}{f' ({facts})' if facts else ''}"


def _consulted(one: Consultation) -> str:
    if one.purpose == Purpose.PHRASING and one.said:
        return f"{one.model}: {'not said' if one.refused else 'said'}: {one.said}"
    if one.purpose != Purpose.EXTRACTION:
        return f"{one.model}, for {one.purpose}: {one.said or 'no answer that counts, in time'}"
    if one.answer is None:
        return f"{one.model}: no answer that counts, in time"
    said = one.answer.values
    rest = {"flow": one.answer.flow, "reply": one.answer.reply, "command": one.answer.command, "slots": said}
    return f"{one.model}: " + (", ".join(f"{name} {in_words(value)}" for name, value in rest.items() if value) or "{}")


def _wording(one: Consultation) -> str:
    """Whose parts they were, where not the desk's own."""
    named = (f"of {one.flow}" if one.flow else "", f"variant {one.variant}" if one.variant else "")
    return f" ({', '.join(filter(None, named))})" if any(named) else ""


def _worked(work: Work | None) -> Iterator[Line]:
    """The plan that was used, and what models were asked for it."""
    if work is None:
        return
    yield "plan", "proposed by a model" if work.proposed else "as the flow fixes it"
    for task in work.tasks:
        needs = f", behind {', '.join(task.needs)}" if task.needs else ""
        yield "", f"{task.id} ({task.agent}): {task.input}{needs}"
    for one in work.asked:
        yield "model", f"{one.model}, for {one.task or 'the plan'}: {one.refused or 'its answer counts'}"
        yield "", one.payload


def in_words(value: Any) -> str:
    """A canonical value for a person."""
    if is_amount(value):
        return f"{value['amount']} {value['currency']}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{name} {in_words(one)}" for name, one in value.items())
    return ", ".join(map(in_words, value)) if isinstance(value, list) else str(value)
