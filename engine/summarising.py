"""The rolling summary in a model's words: asked for behind the reply, held to what was said, never a value (S19).

What code wrote stays in any case; a model adds points in its own words, and says how the customer sounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from engine.assertions import WELL, claims, commanding, sentences, strange_identifiers, strange_names, strange_numbers
from engine.book import Book
from engine.conversation import Conversation
from engine.course import Summary
from engine.draft import Draft
from engine.jobs import JobAnswer, JobFate, SummaryJob
from engine.model import Model, Understanding
from engine.notes import Notes
from engine.prompts import DESK
from engine.strict import read_strict, strict_object

SUMMARY = ("persona_of_notes", "summary", "so_far")
"""The parts of the request before the talk."""
TALK = "talk"
"""The part that holds what was said since the last summary."""
MOODS = ("unhappy", "even", "pleased")
MOST_POINTS = 4
"""Of each kind that are kept."""
MOST_CHARS = 100
"""Of one point."""
HIDDEN_TURN = "(not shown)"
"""In place of words in which something sensitive was told."""
_MOST_WORDS = 600
"""Characters of one message that a model is told here."""


class Points(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model's answer, as it came."""

    decisions: tuple[str, ...]
    open_points: tuple[str, ...]
    topics: tuple[str, ...]
    mood: Literal["unhappy", "even", "pleased"]


def asked_for(draft: Draft, model: Model | None) -> SummaryJob | None:
    """The job behind a turn that wrote a summary; the summary knows which job may write into it. None: no model reads
    here, or there is no new summary."""
    new, old = draft.course.summary, draft.before.course.summary
    if model is None or new is None or new is old or model.understanding is Understanding.RULES:
        return None
    new = replace(new, job=f"{draft.turn_id}:summary")
    draft.course = replace(draft.course, summary=new)
    return SummaryJob(id=new.job, new=new, old=old, flow=draft.flow.name if draft.stack else DESK)


def summary_schema() -> dict[str, Any]:
    """The strict schema of the answer."""
    texts = {"type": "array", "items": {"type": "string"}}
    said = {"decisions": "What was decided.", "open_points": "What is still open.", "topics": "What was talked about."}
    fields: dict[str, Any] = {name: {**texts, "description": says} for name, says in said.items()}
    fields["mood"] = {"type": "string", "enum": list(MOODS), "description": "How the customer sounds."}
    return strict_object(fields)


def read_points(text: str) -> Points:
    """The answer in a model's text. Raises ValueError with what is wrong with its shape, never with its words."""
    return read_strict(text, Points)


def talk_of(turns: Sequence[Notes], book: Book, *, secrets: Sequence[str] = ()) -> list[dict[str, str]]:
    """What was said in these turns. The first is only looked at for what it asked: the answer to a question for
    something sensitive, and every turn in which such a value was told, are not shown (S24); nor are `secrets`."""
    said: list[dict[str, str]] = []
    for before, notes in pairwise(turns):
        hidden = _asks_sensitive(before, book) or _told_sensitive(notes, book)
        said += [{"who": "customer", "text": HIDDEN_TURN if hidden else _clean(text, secrets)} for text in notes.heard]
        said += [{"who": "bot", "text": _clean(notes.said, secrets)}] if notes.said else []
        said += [{"who": "agent", "text": _clean(notes.answered, secrets)}] if notes.answered else []
    return said


def since_the_last(turns: Sequence[Notes], summary: Summary) -> Sequence[Notes]:
    """Of a journal the turns up to this summary, from the one that wrote the summary before it; that one is the first.
    Of a journal that does not begin with the conversation the oldest turn is only looked at."""
    ends = next((i for i, one in enumerate(turns) if one.summary and one.summary.job == summary.job), None)
    if ends is None:
        return ()
    begins = next((i for i in reversed(range(ends)) if turns[i].summary is not None and turns[i].job is None), None)
    if begins is None:
        nothing = Notes(id="", conversation="", turn=0, at=turns[0].at, events=())
        return (nothing, *turns[: ends + 1]) if turns[0].turn == 1 else turns[: ends + 1]
    return turns[begins : ends + 1]


def kept(points: Points, talk: str, flows: Sequence[str]) -> tuple[str, ...]:
    """The points that may stand in a summary: short, plain, of nothing that was not said. None begins as code's own do,
    none tells as done what only the customer says was done (H76)."""
    kinds = (("decided", points.decisions), ("open", points.open_points), ("about", points.topics))
    found: list[str] = []
    for kind, texts in kinds:
        plain = (" ".join(text.split()) for text in texts)
        found += [f"{kind}: {text}" for text in plain if text and _may_stand(text, talk, flows)][:MOST_POINTS]
    return tuple(dict.fromkeys(found))


def rewritten(conversation: Conversation, answer: JobAnswer, flows: Sequence[str]) -> tuple[Conversation, JobFate]:
    """The conversation with the summary as an answer leaves it, and what became of the answer. The summary it was made
    for takes it once; a later one, or another conversation's, never (S19)."""
    summary = conversation.course.summary
    if summary is None or not summary.job or summary.job != answer.job:
        return conversation, JobFate.MOVED_ON
    fate, told = answer.fate, replace(summary, job="")
    if fate is JobFate.USED:
        points = read_points(answer.answer)
        talk = answer.consulted.payload if answer.consulted else ""
        found = kept(points, talk, flows)
        fate = JobFate.USED if found or points.mood != summary.mood else JobFate.REFUSED
        told = replace(told, points=found, mood=points.mood) if fate is JobFate.USED else told
    return replace(conversation, course=replace(conversation.course, summary=told)), fate


def _may_stand(text: str, talk: str, flows: Sequence[str]) -> bool:
    head = text.split(":", 1)[0].strip().casefold() if ":" in text else ""
    if len(text) > MOST_CHARS or commanding(text) or head in flows:
        return False
    if any([*strange_numbers(text, talk), *strange_identifiers(text, talk), *strange_names(text, talk)]):
        return False
    return all(attributed for one in sentences(text) for _, attributed in claims(one, WELL))


def _asks_sensitive(notes: Notes, book: Book) -> bool:
    """A version that nobody knows any more may have asked for anything."""
    if not notes.version or not notes.state:
        return False
    flow = book.version(notes.version)
    asked = flow.state(notes.state).slot if flow else None
    return flow is None or (asked is not None and flow.slot(asked).sensitive)


def _told_sensitive(notes: Notes, book: Book) -> bool:
    return any(_sensitive(took.flow, took.slot, book) for took in notes.took)


def _sensitive(flow: str, slot: str, book: Book) -> bool:
    found = book.current(flow)
    declared = found.definition.slots.get(slot) if found else None
    return declared is None or declared.sensitive


def _clean(text: str, secrets: Sequence[str]) -> str:
    """On one line, without characters that nobody sees (X50)."""
    text = "".join(char for char in " ".join(text.split()) if char.isprintable())
    for secret in secrets:
        text = text.replace(secret, HIDDEN_TURN)
    return text[:_MOST_WORDS]
