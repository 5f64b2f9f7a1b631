"""How we put it: the one composed reply of a turn (R9), in the author's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from engine.draft import Draft
from engine.forgetting import awake
from engine.message import Option
from engine.question import Choice, Question
from engine.views import to_speech

SHOWN_AT_MOST = 4
"""Unasked values named in one acknowledgement (S4)."""


class Composed(msgspec.Struct, frozen=True, kw_only=True):
    """A reply: what is told, the one question behind it, and the options that ride on that."""

    told: tuple[str, ...]
    question: str = ""
    options: tuple[Option, ...] = ()

    def text(self, *notices: str, asks: bool = True) -> str:
        """Everything in its order, with `notices` before the question; each sentence once (C24)."""
        parts = (*self.told, *notices, self.question if asks else "")
        return "\n".join(dict.fromkeys([said for part in parts if (said := part.strip())]))


def say(draft: Draft) -> Composed:
    """[acknowledgement] [answer to off-topic] [error or notice] [what the flow says] [one question]."""
    speech = draft.speech
    question, options = _question(draft)
    rest = [*speech.answers, *speech.notices, *speech.said]
    acks = [*speech.acks, *changes(draft)]
    got = "" if speech.together else _got(draft, [*acks, *rest, question])
    return Composed(told=(*acks, got, *rest), question=question, options=options)


def changes(draft: Draft) -> list[str]:
    """What was corrected, each slot once; with what was got beside it in one sentence where R7 wants that."""
    speech = draft.speech
    if not speech.changed:
        return []
    changed = [(label, old, new) for label, old, new in speech.changed.values() if old != new]
    if not (speech.together and changed):
        return [draft.line("changed", label=label, old=old, new=new) for label, old, new in changed]
    parts = [draft.line("changed_from", label=label, old=old, new=new) for label, old, new in changed]
    got = _few(draft, [draft.line("got_value", label=label, value=value) for label, value in speech.got])
    return [draft.line("got_and_changed", values=", ".join(got), changes=", ".join(parts))]


def _got(draft: Draft, said: Sequence[str]) -> str:
    """Unasked values named once; those that the reply shows anyway need no acknowledgement (S4)."""
    if not draft.speech.got:
        return ""
    whole = " ".join(said).casefold()
    named = [
        draft.line("got_value", label=label, value=value)
        for label, value in draft.speech.got
        if value.casefold() not in whole
    ]
    if not named:
        return ""
    return draft.line("got", values=", ".join(_few(draft, named)))


def _few(draft: Draft, named: list[str]) -> list[str]:
    more = len(named) - SHOWN_AT_MOST
    return [*named[:SHOWN_AT_MOST], draft.line("and_more", n=more)] if more > 0 else named


def _question(draft: Draft) -> tuple[str, tuple[Option, ...]]:
    speech, question = draft.speech, draft.question
    if draft.pending is not None and speech.question:
        return speech.question, _options("sys", speech.mark, speech.choices)
    if question is None or draft.top is None or question.run != draft.top.run:
        return "", ()
    options = _options(question.run, question.mark, question.choices)
    if speech.reworded:
        return "", options
    text = _wording(draft, question)
    if speech.lead is not None:
        key, values = speech.lead
        text = draft.line(key, question=text, **values)
    return text, options


def _wording(draft: Draft, question: Question) -> str:
    """The author's wording for this try: the list's entry of that number, or its last."""
    frame, flow = draft.stack[-1], draft.flow
    wordings = draft.person.wordings(flow.prompts[question.state])
    if not wordings:
        return ""
    wording = wordings[min(frame.tries, len(wordings) - 1)]
    seen = _seen_by_the_walk(draft, question)
    if seen is None or "person" in wording.names:  # the next of several messages may have come from elsewhere
        seen = to_speech(wording.names, flow.definition, awake(flow, frame), frame.facts, draft.person)
    return wording.render(seen)


def _seen_by_the_walk(draft: Draft, question: Question) -> Mapping[str, Any] | None:
    """What the walk showed, where it ended at this question and nothing has changed since."""
    walk, frame = draft.walk, draft.stack[-1]
    return walk.seen if walk is not None and walk.frame is frame and question.state == frame.state else None


def _options(run: str, mark: str, choices: Sequence[Choice]) -> tuple[Option, ...]:
    """Tokens `fd:<run>:<step>:<value>` (C26); the value is the option's place, so that any label fits."""
    return tuple([Option(label=one.label, token=f"fd:{run}:{mark}:{place}") for place, one in enumerate(choices)])
