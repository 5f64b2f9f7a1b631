"""Measuring a turn: what its words say by themselves, what the conversation's counts are after it (S27, S40)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from engine.archive import counting
from engine.course import NEUTRAL, OTHER, Course, failures_after, named, on_to
from engine.draft import Draft
from engine.heard import Hearing
from engine.message import Attachment
from engine.phase import away
from engine.ports import ERROR
from engine.readers.control import Control
from engine.readers.injections import instructs
from engine.readers.mood import read_mood
from engine.rolling import due, rolled
from engine.signals import Heeded, Signals

_WEIGHT_OF_NOW = 0.5
"""Of the newest message in the moving average (alpha of `negative_sentiment`, spec/handoff.md section 6)."""
_HARDLY_ANY = 0.05
"""A mood that is nothing to speak of, nor to store."""
FREE_TOPICS = 2
"""Topics that make a conversation no more complex."""


def heed(draft: Draft, hearing: Hearing, files: Sequence[Attachment] = ()) -> None:
    """Take in what was heard, before anything is decided: of several messages all."""
    heeded = draft.heeded = draft.heeded or Heeded()
    heeded.injection = heeded.injection or any(map(instructs, (hearing.text, *[one.name or "" for one in files])))
    heeded.readable = hearing.readable and not hearing.too_long
    heeded.questions += hearing.question
    heeded.person = heeded.person or (hearing.control is not None and hearing.control.control is Control.HUMAN)
    if not heeded.readable or hearing.pressed is not None:
        return
    score = read_mood(hearing.text)
    if abs(score) > abs(heeded.sentiment):
        heeded.sentiment = score
    lists = draft.book.watched(draft.stack[-1].flow if draft.stack else "")
    if lists is not None:
        heeded.keywords = tuple(dict.fromkeys((*heeded.keywords, *lists.keywords(hearing.text))))
        heeded.competitors = tuple(dict.fromkeys((*heeded.competitors, *lists.competitors(hearing.text))))


def gone_on(draft: Draft) -> Course:
    """The conversation's counts after this turn."""
    course, heeded = draft.before.course, draft.heeded
    if draft.archived:
        course = counting(course, draft.archived)
    came = [(one.action, one.outcome == ERROR) for one in draft.came]
    if came and (course.failures or True in dict(came).values()):
        course = replace(course, failures=failures_after(course.failures, came))
    if heeded is None or draft.silent:
        return course
    topic = named(topic_of(draft), course.topics)
    course = replace(
        course,
        topics=on_to(topic, course),
        earlier=course.earlier if topic == course.topic else course.topics.get(topic, 0),
        questions=course.questions + heeded.questions,
        still=_still(draft, heeded, course.still),
        mood=_averaged(course.mood, heeded.sentiment),
        anew=not draft.stack and not draft.archived and (course.anew or away(draft)),
    )
    return rolled(course, draft) if due(course, draft) else course


def signals_of(draft: Draft) -> Signals | None:
    """What this turn measured; None for one that no customer began."""
    heeded, course, top = draft.heeded, draft.course, draft.top
    if heeded is None or draft.silent:
        return None
    return Signals(
        person=heeded.person,
        keywords=heeded.keywords,
        competitors=heeded.competitors,
        sentiment=heeded.sentiment,
        mood=course.mood,
        topic_turns=course.topics.get(course.topic, 0),
        on_topic=course.on_topic,
        tries=top.tries if top else 0,
        clarifications=top.clarify if top else draft.lost,
        off_topic=draft.astray,
        still=course.still,
        failures=max(course.failures.values(), default=0),
        complexity=_complexity(draft, course),
        injection=heeded.injection,
    )


def topic_of(draft: Draft) -> str:
    """What the turn is about: the heading that answered, else the task that it ended or went on with, else `other`."""
    if draft.topic:
        return draft.topic
    ended = [run.flow for run in draft.archived if not run.called]
    if ended and (not draft.stack or draft.stack[-1].run != draft.begun):
        return ended[-1]
    return draft.stack[-1].flow if draft.stack else OTHER


def _averaged(mood: float, sentiment: float) -> float:
    average = round(_WEIGHT_OF_NOW * sentiment + (1 - _WEIGHT_OF_NOW) * mood, 2)
    return average if abs(average) >= _HARDLY_ANY else NEUTRAL


def _still(draft: Draft, heeded: Heeded, before: int) -> int:
    """S40's same-state turns: a `loop` state and what nobody could read never count. That we cannot help with
    something (R42) is no answer."""
    top, was = draft.top, draft.before.top
    if not heeded.readable:
        return before
    if top is None or was is None or top.run != was.run or top.state != was.state or draft.flow.state(top.state).loop:
        return 0
    answered = draft.speech.answers and "R42" not in draft.fired
    settled = draft.changed or (top.slots is not was.slots and top.slots != was.slots)
    return 0 if answered or settled else before + 1


def _complexity(draft: Draft, course: Course) -> int:
    tries = sum(frame.failed_tries for frame in draft.stack) + course.tries
    corrections = sum(frame.corrections for frame in draft.stack) + course.corrections
    beyond = max(len(course.topics) - FREE_TOPICS, 0)
    return len(draft.stack) + corrections + course.questions + tries + beyond
