"""A case as our own page shows it: plain data that the browser puts on the page as text (H78, X20)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import UNSET

from handoff.cardwords import (
    channel_name,
    language_words,
    mood_words,
    state_words,
    step_words,
    tier_words,
    title_of,
    value_words,
    why_words,
)
from handoff.case import WAITING, Case, CaseState
from handoff.document import Summary
from handoff.evidence import FactPart, SlotPart
from handoff.markup import visible
from handoff.page import PageCard, PageLine
from handoff.pageforms import JUDGED, Button, Team, buttons_of
from handoff.pagethread import Line, before_of, thread_of
from handoff.shown import in_words

_SOURCES: Mapping[str, str] = {
    "customer_message": "said",
    "customer_button": "pressed",
    "memory": "remembered",
    "action": "looked up",
    "agent": "by an agent",
    "operator": "by an operator",
    "default": "preset",
}
"""Where a value came from, in a word."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A case in the list. `since` is from when somebody waits, or when it was closed."""

    id: str
    reference: str
    state: str
    words: str
    title: str
    why: str
    priority: str
    queue: str
    owner: str
    agent: str | None
    since: datetime | None
    open: bool


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Something known, under its name."""

    name: str
    value: str


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """A value of the task, with its state and where it came from."""

    label: str
    value: str
    status: str
    source: str
    confirmed: bool = False


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The case in sentences."""

    headline: str
    situation: tuple[str, ...]
    tried: tuple[str, ...]
    open_question: str
    suggested: str
    author: str


class View(msgspec.Struct, frozen=True, kw_only=True):
    """An open case: the row of the list, the card, its buttons, its thread. `writes`: words can be written to it;
    `asked`: what its buttons are about, once it is closed."""

    case: Row
    channel: str
    revision: int
    told: Told
    facts: tuple[Fact, ...]
    values: tuple[Value, ...]
    before: tuple[Line, ...]
    lines: tuple[Line, ...]
    buttons: tuple[Button, ...]
    writes: bool
    asked: str


def row_of(card: PageCard, case: Case) -> Row:
    """The case in the list."""
    return Row(
        id=case.id,
        reference=case.reference,
        state=case.state.value,
        words=_sentence(state_words(case)),
        title=title_of(card.summary),
        why=_sentence(_why(card.summary)),
        priority=case.priority.value,
        queue=case.queue,
        owner=case.owner.value,
        agent=case.claimed_by.alias if case.claimed_by else None,
        since=_since(case),
        open=case.open,
    )


def view_of(card: PageCard, case: Case, lines: Sequence[PageLine], team: Team, *, now: datetime) -> View:
    """The case as it stands now, `case`, with its card and its thread."""
    summary, buttons = card.summary, buttons_of(case, team)
    known: tuple[SlotPart | FactPart, ...] = (*summary.slots, *summary.facts)
    return View(
        case=row_of(card, case),
        channel=channel_name(summary),
        revision=summary.revision,
        told=_told(summary),
        facts=tuple(Fact(name=name, value=visible(value)) for name, value in _facts(summary, case) if value),
        values=tuple(_value(part) for part in known),
        before=before_of(card.before),
        lines=thread_of(lines, case, now=now),
        buttons=buttons,
        writes=case.open or case.state is CaseState.EXPIRED,
        asked=JUDGED if buttons and not case.open else "",
    )


def _why(summary: Summary) -> str:
    reason = summary.trigger.reason
    return in_words(reason) if reason else in_words(summary.trigger.primary)


def _since(case: Case) -> datetime | None:
    if not case.open:
        return case.closed_at
    return case.queued_at if case.state in WAITING else case.unanswered_since


def _told(summary: Summary) -> Told:
    told = summary.narrative
    return Told(
        headline=visible(told.headline.text),
        situation=tuple(visible(one.text) for one in told.situation),
        tried=tuple(visible(one.text) for one in told.tried),
        open_question=visible(told.open_question.text) if told.open_question else "",
        suggested=visible(told.suggested_next_action.text) if told.suggested_next_action else "",
        author="written by code" if told.author.kind == "code" else f"written by {told.author.model}",
    )


def _facts(summary: Summary, case: Case) -> Iterator[tuple[str, str]]:
    customer = summary.customer
    reached = tuple(contact.masked for contact in customer.contacts)
    yield "Why", why_words(summary)
    yield "Reason", in_words(summary.trigger.reason or "")
    yield "Step", step_words(summary)
    yield "Customer", ", ".join(filter(None, (customer.display_name, tier_words(summary), *reached)))
    yield "Language", language_words(summary)
    yield "Mood", mood_words(summary)
    yield "Priority", f"{case.priority} ({', '.join(map(in_words, summary.priority.reasons))})"
    yield "Queue", in_words(case.queue)
    yield "Ticket", case.ticket
    yield "Outcome", in_words(case.outcome or "")
    yield "Verdict", in_words(case.verdict or "")


def _value(part: SlotPart | FactPart) -> Value:
    if isinstance(part, FactPart):
        return Value(
            label=_sentence(in_words(part.name)), value=value_words(part), status="filled", source=_SOURCES["action"]
        )
    given = part.value is not UNSET or part.value_masked is not UNSET
    return Value(
        label=_sentence(visible(part.label)),
        value=value_words(part) if given else "",
        status=part.status,
        source=_SOURCES[part.provenance.source] if part.provenance is not UNSET else "",
        confirmed=part.confirmed_by_customer is True,
    )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
