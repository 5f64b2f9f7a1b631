"""What a message finds given: a rule names what it cannot do without, and is not asked where that lacks."""

from __future__ import annotations

from enum import IntEnum, auto

from engine.draft import Draft
from engine.heard import Hearing
from engine.readers.answer import Answer


class Given(IntEnum):
    """What may be there; each is a place in a `Situation`."""

    DONE = 0
    """The event is used up."""
    OPEN = auto()
    """Nothing of the message was understood yet."""
    RUN = auto()
    """A run is active."""
    NO_RUN = auto()
    ASKED = auto()
    """A run's question is open."""
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
    ROUTES = auto()
    """A task is named."""
    VALUES = auto()
    SEVERAL = auto()
    """Values of more than one slot, or more than one of a slot."""
    AGAIN = auto()
    """A value of a slot that holds one."""
    UNSURE = auto()
    """Neither yes nor no, or two values for one question."""
    CHANGED = auto()
    """A settled value was corrected in this turn."""


Situation = tuple[bool, ...]
"""For each `Given`, in its order: is it there?"""


def situation(draft: Draft, hearing: Hearing) -> Situation:
    """What is given as things stand: a rule that fires may change it."""
    stack, question, values = draft.stack, draft.question, hearing.values
    return (
        draft.done,
        not draft.explained,
        bool(stack),
        not stack,
        question is not None and bool(stack) and question.run == stack[-1].run,
        draft.pending is not None,
        not hearing.readable or hearing.too_long or hearing.stale or hearing.consent is not None or draft.opted_out,
        bool(draft.time.gone),
        draft.time.idle_since is not None and draft.now - draft.time.idle_since > draft.book.shortest_gap,
        bool(hearing.proposals),
        hearing.control is not None,
        hearing.greeting is not None,
        hearing.question,
        bool(hearing.routes),
        bool(values),
        len(values) > 1,
        bool(values) and any(heard.slot in frame.slots for frame in stack for heard in values),
        bool(hearing.rivals) or hearing.answer is Answer.UNSURE,
        bool(draft.changed or draft.speech.changed),
    )
