"""Faults to plant: one slip each, in a function of ours, and the rule that must be found broken by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from msgspec.structs import replace

from engine import handback, turn
from engine.conversation import Conversation
from engine.message import Event, Reply, Voice
from engine.store import Grant
from gateway import casework, evidence, fates, outbox, turns
from gateway.metrics import Metrics
from gateway.stores import sqlite_rows
from handoff import asking, changes, hearing, lifecycle, refusals, sitting
from handoff.case import ENDS, WITH_AGENT, Case, CaseState
from handoff.moves import Line, Refused, Step, TicketWork, Trigger
from handoff.opening import Request, ask_for_person
from handoff.posts import Marking

Plant = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong, how it is planted, and the rule that tells it."""

    what: str
    rule: str
    plant: Plant

    def __str__(self) -> str:
        return f"{self.rule} {self.what}"


def _instead(of: Any, name: str, make: Callable[[Any], Any]) -> Plant:
    """Plants what `make` makes of the real thing."""
    return lambda monkeypatch: monkeypatch.setattr(of, name, make(getattr(of, name)))


def _forgets_the_owner(unwanted: Callable[[Grant, Reply], str]) -> Callable[[Grant, Reply], str]:
    return lambda grant, reply: unwanted(grant, replace(reply, voice=Voice.DESK))


def _repeats_the_notice(writes: Callable[..., None]) -> Callable[..., None]:
    def wrong(event: Event, conversation: Conversation, bench: sitting.Sitting) -> None:
        writes(event, conversation, bench)
        if bench.case is not None and bench.case.state is CaseState.QUEUED:
            bench.lines.append(Line(key="connecting"))

    return wrong


def _drops_words(thread: Callable[..., None]) -> Callable[..., None]:
    def wrong(bench: sitting.Sitting, text: str, *, who: str = "", case: str = "") -> None:
        if who != "customer" or len(text) % 5:
            thread(bench, text, who=who, case=case)

    return wrong


def _never_compares(refusal: Callable[..., Refused | None]) -> Callable[..., Refused | None]:
    return lambda case, move, **more: None if move.trigger is Trigger.CLAIM else refusal(case, move, **more)


def _leads_from(states: tuple[CaseState, ...], by: Trigger, to: CaseState) -> Callable[[Any], Any]:
    """A table with one line too many."""

    def make(next_state: Callable[[CaseState, Trigger], CaseState | None]) -> Any:
        return lambda state, trigger: to if trigger is by and state in states else next_state(state, trigger)

    return make


def _claims_without_compare(monkeypatch: pytest.MonkeyPatch) -> None:
    _instead(lifecycle, "refusal", _never_compares)(monkeypatch)
    _instead(lifecycle, "next_state", _leads_from(WITH_AGENT, Trigger.CLAIM, CaseState.CLAIMED))(monkeypatch)


def _keeps_timers(timers: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    return lambda before, after, *more: before.timers | timers(before, after, *more)


def _opens_a_second(ask: Callable[..., Step]) -> Callable[..., Step]:
    def wrong(known: Case | None, request: Request, **more: Any) -> Step:
        closed = replace(known, state=CaseState.RETURNED) if known and known.open else known
        return ask_for_person(closed, request, **more)

    return wrong


def _forgets_answers(left: Callable[..., Conversation]) -> Callable[..., Conversation]:
    def wrong(conversation: Conversation, *more: Any) -> Conversation:
        back = left(conversation, *more)
        return replace(back, stack=tuple(replace(frame, slots={}) for frame in back.stack))

    return wrong


def _forgets_that_it_left(left: Callable[..., Any]) -> Callable[..., Any]:
    async def wrong(self: fates.Fates, parcel: Any, receipt: Any, round_: Any) -> None:
        await left(self, parcel, receipt, round_)
        if isinstance(parcel.body, Reply) and not parcel.row.tries:
            round_.done.remove(parcel.id)
            round_.stays(parcel, replace(parcel.row, tries=1), self._parts.clock.now())

    return wrong


def _always_creates(effects: Callable[..., Any]) -> Callable[..., Any]:
    def wrong(*given: Any, **more: Any) -> Any:
        made = effects(*given, **more)
        return replace(made, ticket=TicketWork.CREATE) if made.ticket is TicketWork.UPDATE else made

    return wrong


FAULTS = (
    Fault(
        what="the owner is not read again at send", rule="H24", plant=_instead(outbox, "unwanted", _forgets_the_owner)
    ),
    Fault(
        what="the bot answers beside the agent",
        rule="H24",
        plant=_instead(casework, "_CUSTOMERS", lambda kinds: frozenset[str]()),
    ),
    Fault(what="the notice is repeated", rule="H23", plant=_instead(casework, "customer_writes", _repeats_the_notice)),
    Fault(what="a note is sent", rule="H46", plant=_instead(asking, "is_note", lambda real: lambda text: False)),
    Fault(
        what="whoever writes is forwarded",
        rule="H45",
        plant=_instead(refusals, "_may_speak", lambda real: lambda case, move, policy: None),
    ),
    Fault(
        what="words are dropped from the thread", rule="H25", plant=_instead(sitting.Sitting, "thread", _drops_words)
    ),
    Fault(what="claim does not compare", rule="H29", plant=_claims_without_compare),
    Fault(what="a timer is not cleared", rule="H28", plant=_instead(changes, "_timers", _keeps_timers)),
    Fault(
        what="a timer is not stored",
        rule="H28",
        plant=_instead(turns, "due_at", lambda real: lambda conversation, book: None),
    ),
    Fault(
        what="opting out is not heard",
        rule="H30",
        plant=_instead(turn, "hear_consent", lambda real: lambda event, draft: None),
    ),
    Fault(
        what="opting out is not looked for at send",
        rule="H30",
        plant=_instead(evidence, "_opted_out", lambda real: lambda grant, standing: False),
    ),
    Fault(what="a second case is opened", rule="H21", plant=_instead(sitting, "ask_for_person", _opens_a_second)),
    Fault(
        what="the version does not count",
        rule="H1",
        plant=_instead(changes, "_stands", lambda real: lambda case: ()),
    ),
    Fault(
        what="what failed is shown as delivered",
        rule="H26",
        plant=_instead(hearing, "marking_of", lambda real: lambda reason: Marking.DELIVERED),
    ),
    Fault(
        what="a return forgets the answers", rule="H27", plant=_instead(handback, "left_to_people", _forgets_answers)
    ),
    Fault(
        what="a closed case speaks",
        rule="H33",
        plant=_instead(lifecycle, "next_state", _leads_from(ENDS, Trigger.REPLY, CaseState.WAITING_CUSTOMER)),
    ),
    Fault(what="a reply leaves twice", rule="H23", plant=_instead(fates.Fates, "_left", _forgets_that_it_left)),
    Fault(
        what="a second copy is not counted",
        rule="F0",
        plant=_instead(Metrics, "repeated", lambda real: lambda self: None),
    ),
    Fault(what="the ticket is made anew", rule="H140", plant=_instead(lifecycle, "effects_of", _always_creates)),
    Fault(
        what="a copy of an event is not known for one",
        rule="R1",
        plant=_instead(sqlite_rows, "seen", lambda real: lambda *given: False),
    ),
    Fault(
        what="the bot stays silent after a return",
        rule="H146",
        plant=_instead(casework.Casework, "takes", lambda real: lambda self, event, conversation: True),
    ),
)
"""Each is found within a few lives, or the checks are blind."""
