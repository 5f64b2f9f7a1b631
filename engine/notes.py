"""Why a turn did what it did: what the journal keeps of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from engine.account import Came, Took, pressed, taken
from engine.archive import Archived
from engine.course import Summary
from engine.delegation import Work
from engine.draft import Draft
from engine.exposure import Exposure
from engine.extraction import Consultation
from engine.measuring import signals_of
from engine.message import Event
from engine.phase import phase_of
from engine.ports import Quote
from engine.satisfaction import Rating, Survey
from engine.signals import Signals


class Notes(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="journal"):
    """Why a turn did what it did: the row of the append-only journal. `rules` are the ids that fired, in order."""

    id: str
    conversation: str
    turn: int
    at: datetime
    events: tuple[str, ...]
    rules: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    said: str = ""
    flow: str | None = None
    version: str | None = None
    state: str | None = None
    calls: tuple[tuple[str, str], ...] = ()
    unseen: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    """File and line of the knowledge that answered (S34)."""
    meant: dict[str, tuple[Quote, ...]] = {}
    """What answered a question by its meaning: not in our hands, so it is kept (S34, I13)."""
    archived: tuple[Archived, ...] = ()
    """Runs that ended in this turn (S38)."""
    consulted: tuple[Consultation, ...] = ()
    """What a model was asked about the message and the reply, and what it answered."""
    dropped: tuple[str, ...] = ()
    """What of its answers did not count, and why (R4)."""
    answered: str = ""
    """What an agent said to the customer."""
    desk: str = ""
    """What the turn did to a case, if it did anything."""
    alert: str = ""
    """What an operator must know of it."""
    work: Work | None = None
    """How the plan was carried out whose result this was: its tasks, and every payload (S21, S36)."""
    took: tuple[Took, ...] = ()
    """Values that were taken, changed or emptied."""
    walked: tuple[str, ...] = ()
    """States that were entered, as `flow.state`."""
    came: tuple[Came, ...] = ()
    """What look-ups, and the call whose result this was, came to: a turn can be taken again (I13)."""
    pressed: tuple[str, ...] = ()
    """What of the customer's was more than words."""
    phase: str = ""
    """How far the conversation is: greeting, gathering, confirming or closing."""
    topic: str = ""
    """What the customer's turn was about: a flow, a knowledge heading or `other` (S27)."""
    signals: Signals | None = None
    """What the customer's turn measured (S40)."""
    survey: Survey | None = None
    """The customer was asked how it went (S39)."""
    rating: Rating | None = None
    """How it went, as the customer says (S39)."""
    summary: Summary | None = None
    """The rolling summary, in the turn that made it (S19)."""
    job: tuple[str, str] | None = None
    """What a model job was for, and what became of it."""
    variants: dict[str, str] = {}
    """Experiment -> the variant in force in this turn (S35)."""
    exposed: tuple[Exposure, ...] = ()
    """What the customer first met of them in this turn (S35)."""


def notes_of(draft: Draft, consumed: Sequence[Event], said: str) -> Notes:
    top = draft.top
    return Notes(
        id=f"{draft.turn_id}:notes",
        conversation=draft.before.id,
        turn=draft.turn,
        at=draft.now,
        events=tuple([event.id for event in consumed]),
        rules=tuple(dict.fromkeys(draft.fired)),
        heard=tuple([event.text for event in consumed if event.text]),
        said=said,
        flow=top.flow if top else draft.ended.flow if draft.ended else None,
        version=top.version if top else None,
        state=top.state if top else draft.ended.state if draft.ended else None,
        calls=tuple(draft.calls),
        unseen=tuple(sorted(draft.unseen)),
        quoted=tuple(draft.speech.quoted),
        meant={question: found for question, found in draft.meant.items() if found},
        archived=tuple(draft.archived),
        alert=draft.alert,
        consulted=tuple(draft.advice.asked),
        dropped=tuple(draft.advice.dropped),
        work=draft.work,
        took=taken(draft.before, draft.stack, draft.ended, draft.book),
        walked=tuple(draft.walked),
        came=tuple(draft.came),
        pressed=pressed(consumed, draft.before),
        phase=phase_of(draft),
        topic=draft.course.topic if draft.heeded is not None and not draft.silent else "",
        signals=signals_of(draft),
        survey=draft.survey if draft.survey is not draft.before.survey and draft.rating is None else None,
        rating=draft.rating,
        summary=draft.course.summary if draft.course.summary is not draft.before.course.summary else None,
        variants=draft.exposing.variants if draft.exposing is not None else {},
        exposed=draft.exposing.exposed if draft.exposing is not None else (),
    )
