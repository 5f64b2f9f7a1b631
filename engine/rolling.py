"""The rolling summary as code writes it: after every few turns of the customer, from the last one and what came since.

It is made in the turn that is due, behind the reply, so that it costs no turn, no row and no round trip of its own
(S19; docs/decisions/summary-in-the-turn.md).
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from engine.course import Course, Summary, newer
from engine.draft import Draft
from engine.frame import Frame

MOST_DECISIONS = 8
_SOUNDS = 0.25
"""How far the average must be from 0 to be said."""


def due(course: Course, draft: Draft) -> bool:
    """Have `summary_every` turns of the customer passed since the last summary?"""
    own = draft.flow.definition.summary_every if draft.stack else None
    last = course.summary.turn if course.summary else 0
    return course.turns - last >= (own or draft.book.desk.summary_every)


def rolled(course: Course, draft: Draft) -> Course:
    """The counts with the summary of this turn."""
    old = course.summary
    summary = Summary(
        turn=course.turns,
        decisions=((*old.decisions, *course.ended) if old else course.ended)[-MOST_DECISIONS:],
        open=tuple(_open(draft)),
        topics=tuple(course.topics),
        mood=mood_word(course.mood),
    )
    return replace(course, ended=(), summary=newer(old, summary))


def mood_word(mood: float) -> str:
    """An average as a person would say it."""
    return "unhappy" if mood <= -_SOUNDS else "pleased" if mood >= _SOUNDS else "even"


def _open(draft: Draft) -> Iterator[str]:
    for frame in reversed(draft.stack):
        yield f"{frame.flow}: {_awaits(frame, draft)}"


def _awaits(frame: Frame, draft: Draft) -> str:
    flow = draft.book.version(frame.version)
    state = flow.state(frame.state) if flow else None
    if flow is None or state is None:
        return frame.state
    return flow.slot(state.slot).called if state.slot else state.name.replace("_", " ")
