"""What a message finds given: a rule names what it cannot do without, and is not asked where that lacks."""

from __future__ import annotations

from enum import IntEnum, auto

from engine.draft import Draft
from engine.flow import SlotType
from engine.heard import Hearing
from engine.readers.answer import Answer
from engine.readers.corrections import may_dispute


class Given(IntEnum):
    """What may be there; each is a place in a `Situation`."""

    DONE = 0
    """The event is used up."""
    OPEN = auto()
    """Nothing of the message was understood yet."""
    RUN = auto()
    """A run is active."""
    NO_RUN = auto()
    NEW = auto()
    """A run that was not walked yet."""
    ASKED = auto()
    """A run's question is open."""
    CHOICE = auto()
    """It has a list of choices."""
    OPTIONAL = auto()
    """It may be left without a value."""
    REOPENED = auto()
    """It was opened again, and its value is still there."""
    TRIED = auto()
    """An answer to the active run's question was wrong or unclear before."""
    SYSTEM = auto()
    """A system question is open."""
    ODD = auto()
    """What came is no plain message: unreadable, too long, a button of an earlier question, a word of consent."""
    LAPSED = auto()
    """Runs that time ended are still to be told of."""
    AWAY = auto()
    """The customer was away for longer than the shortest gap of this desk's flows."""
    PROPOSALS = auto()
    """A model was asked."""
    CONTROL = auto()
    GREETING = auto()
    QUESTION = auto()
    ABOUT = auto()
    """The open question itself is asked about."""
    BESIDE = auto()
    """Something may be said beside a task: a question, or anything where no run is active."""
    ROUTES = auto()
    """A task is named."""
    VALUES = auto()
    LOOSE = auto()
    """A value may belong to no run: none is active, or a model was asked."""
    SEVERAL = auto()
    """Values of more than one slot, or more than one of a slot."""
    AGAIN = auto()
    """A value of a slot that holds one."""
    UNSURE = auto()
    """Neither yes nor no, or two values for one question."""
    DISPUTED = auto()
    """The words may say that something known is wrong."""
    LIKE_LAST = auto()
    """The same as last time is asked for."""
    CHANGED = auto()
    """A settled value was corrected in this turn."""


Situation = tuple[bool, ...]
"""For each `Given`, in its order: is it there?"""


def situation(draft: Draft, hearing: Hearing) -> Situation:
    """What is given as things stand: a rule that fires may change it."""
    stack, values, asked = draft.stack, hearing.values, draft.asked
    top = stack[-1] if stack else None
    held = top.slots.get(asked.name) if top and asked else None
    return (
        draft.done,
        not draft.explained,
        bool(stack),
        not stack,
        () in [frame.path for frame in stack],
        asked is not None,
        asked is not None and asked.type is SlotType.ENUM,
        asked is not None and asked.optional,
        held is not None and held.reopened,
        top is not None and bool(top.tries or top.clarify or top.offers),
        draft.pending is not None,
        not hearing.readable or hearing.too_long or hearing.stale or hearing.consent is not None or draft.opted_out,
        bool(draft.time.gone),
        draft.time.idle_since is not None and draft.now - draft.time.idle_since > draft.book.shortest_gap,
        bool(hearing.proposals),
        hearing.control is not None,
        hearing.greeting is not None,
        hearing.question,
        hearing.about is not None,
        hearing.question or not stack,
        bool(hearing.routes),
        bool(values),
        not stack or bool(hearing.proposals),
        len(values) > 1,
        bool(values) and any(heard.slot in frame.slots for frame in stack for heard in values),
        bool(hearing.rivals) or hearing.answer is Answer.UNSURE,
        may_dispute(hearing.text),
        hearing.like_last,
        bool(draft.changed or draft.speech.changed),
    )
