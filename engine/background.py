"""What lies behind a message, as a model is told it: the summary, discussed topics, passages (S17 (6), (7))."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.course import Course, Summary
from engine.discussed import fits, inquiries, situation_of
from engine.draft import Draft
from engine.ports import Quote
from engine.readers.questions import is_question
from engine.shielding import without_held
from engine.topic import Discussed

MOST_PASSAGES = 3
LATEST = 5
"""Topics, and runs that ended, which are told: a prompt of turn 50 is no longer than one of turn 5 (S18)."""


def summarised(draft: Draft) -> str:
    """The rolling summary with the discussed topics, and of runs that ended since then the one-line result (S28)."""
    return without_held(draft, "\n".join(_lines(draft.course, draft.discussed)))


def passages(draft: Draft, text: str) -> list[dict[str, Any]]:
    """At most MOST_PASSAGES of the desk's own texts for a message that asks something, each with its source."""
    found = _found(draft, text) if is_question(text) else ()
    return [
        {"id": f"K{n}", "source": one.source, "text": " ".join(one.text.split())}
        for n, one in enumerate(found, start=1)
    ]


def _lines(course: Course, discussed: tuple[Discussed, ...]) -> Iterator[str]:
    summary = course.summary or Summary(turn=0)
    decided = (*summary.decisions, *course.ended)[-LATEST:]
    if decided:
        yield f"Over: {'; '.join(decided)}."
    if summary.open:
        yield f"Was open: {'; '.join(summary.open)}."
    if summary.topics:
        yield f"It was about: {', '.join(summary.topics[-LATEST:])}."
    if discussed:
        yield f"Told from our texts: {'; '.join(map(_topic, discussed[-LATEST:]))}."
    if summary.turn:
        yield f"The customer sounds {summary.mood}."


def _topic(one: Discussed) -> str:
    return f"{one.topic} (for: {', '.join(one.situation)})" if one.situation else one.topic


def _found(draft: Draft, text: str) -> tuple[Quote, ...]:
    if not draft.stack:
        return draft.book.quote(text, None)[:MOST_PASSAGES]
    flow, found = draft.flow, dict[str, Quote]()
    situation = situation_of(flow, draft.stack[-1])
    for asked in inquiries(flow, text, situation):
        quotes = draft.book.quote(asked, flow.name)
        found |= {one.place: one for one in quotes if fits(flow, one, situation, text)}
    return tuple(found.values())[:MOST_PASSAGES]
