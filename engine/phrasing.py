"""A model puts the author's reply into words: once a turn at most, after everything is decided (S16, S22, S25)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from msgspec.structs import replace

from engine.briefing import Form, fitting, told
from engine.draft import Draft
from engine.extraction import Consultation
from engine.flow import SlotType
from engine.footing import WHY, Footing, titles
from engine.forgetting import awake
from engine.guard import guarded
from engine.model import Model, Purpose
from engine.prompts import DESK, INSTRUCTION, REPLY, STATE, STEP
from engine.readers.sentences import sentences
from engine.say import Composed
from engine.shielding import shielded
from engine.views import plain, shown

MOST_CALLS = 2
"""Requests to a model for one turn (X54)."""
MOST_CHARS = 4000
"""Of a line: a longer one is read no further."""
NOTED_CHARS = 1000
"""Of a line in the notes."""
NO_STEP = "nothing"
"""The part for a reply behind which no task stands."""
_OPEN = frozenset({SlotType.TEXT, SlotType.NAME})
"""Types that hold a customer's own words: what stands in them is said to be so by nobody else."""


class Step(NamedTuple):
    """What `decide` came to: its flow, its state's title, and by what the prompt's part for it is found (S22)."""

    flow: str
    title: str
    state: str
    kind: str


async def phrase(model: Model, composed: Composed, draft: Draft) -> Composed:
    """The reply as the model puts it where the guard lets that be said; else as its author does (S25)."""
    if not _may_be_put(composed, draft):
        return composed
    text = composed.text()
    if model.mask(shielded(draft, text)) != text:
        return composed  # what no model may see cannot be kept in its line
    step = step_of(draft)
    at = (step.state, step.kind)
    form = Form(
        purpose=Purpose.PHRASING, parts=(*INSTRUCTION, STEP, *STATE), schema={}, last=REPLY, flow=step.flow, step=at
    )
    values = {**told(draft, ""), "title": step.title, "reply": text}
    made = fitting(draft, model, values, form)
    if made is None:
        draft.advice.dropped.append("prompt: it is over prompt_budget")
        return composed
    answered = await model.ask(made.request, read_line)
    asked = Consultation(
        model=made.request.model or model.name,
        parts=made.parts,
        flow=made.flow,
        payload=made.payload,
        purpose=Purpose.PHRASING.value,
        tokens_in=answered.tokens_in if answered else 0,
        tokens_out=answered.tokens_out if answered else 0,
        seconds=answered.seconds if answered else 0.0,
    )
    draft.advice.away = answered is None
    if answered is None:
        draft.advice.asked.append(asked)
        return composed
    instruction = [text for _, text in model.prompts.fill((*INSTRUCTION, STEP), step.flow, values, at)]
    footing = _footing(composed, draft, values["mark"], "\n".join(instruction))
    head, fault = guarded(answered.value, footing)
    line = model.mask(answered.value[:NOTED_CHARS])
    draft.advice.asked.append(replace(asked, said=line, refused=fault.value if fault else ""))
    if fault is not None:
        draft.advice.dropped.append(f"phrasing: {fault}: {WHY[fault]}")
        return composed
    return replace(composed, told=(head,), question=footing.question) if head else composed


def read_line(text: str) -> str:
    """The line in a model's text. Raises ValueError for none."""
    if not text.strip():
        raise ValueError("it says nothing")
    return text.strip()[:MOST_CHARS]


def step_of(draft: Draft) -> Step:
    """Where the turn has come to: the state that the active run stands in, else the one where a run has just ended."""
    if draft.top is not None:
        flow, name = draft.flow, draft.top.state
    elif draft.ended is not None and draft.ended is not draft.before.ended:
        ended = draft.book.current(draft.ended.flow)
        if ended is None:
            return Step(DESK, "", "", NO_STEP)
        flow, name = ended, draft.ended.state
    else:
        return Step(DESK, "", "", NO_STEP)
    state = flow.state(name)
    return Step(flow.name, state.title, name, state.kind.value)


def _may_be_put(composed: Composed, draft: Draft) -> bool:
    """Which replies a model may put in other words (docs/decisions/which-replies-a-model-may-put.md)."""
    asked = draft.asked
    if draft.advice.away or len(draft.advice.asked) >= MOST_CALLS or not composed.text():
        return False
    if draft.pending is not None or (asked is not None and (asked.ask_only or asked.sensitive)):
        return False
    if draft.line("assistant") in composed.told:
        return False
    return not (draft.failed or draft.overrun or draft.alert or draft.speech.quoted)


def _footing(composed: Composed, draft: Draft, mark: str, instruction: str) -> Footing:
    lead, question = _parted(composed.question.strip())
    author = replace(composed, told=(*composed.told, lead), question="").text()
    speech, desk = draft.speech, draft.book.desk
    facts = [str(plain(fact)) for fact in draft.stack[-1].facts.values()] if draft.stack else []
    named = [value for _, value in speech.got]
    named += [value for _, old, new in speech.changed.values() for value in (old, new)]
    slots = _shown(draft)
    known = [value for value, own_words in slots if not own_words]
    return Footing(
        told=author,
        question="" if question in author else question,
        known=tuple(filter(None, (*known, *facts, desk.persona.name))),
        kept=tuple(filter(None, (*named, *facts, *[value for value, _ in slots]))),
        others=_others(draft),
        instruction=instruction,
        mark=mark,
        limits=draft.limits,
        budget=desk.reply_budget,
        reading=draft.reading,
    )


def _parted(wording: str) -> tuple[str, str]:
    """What an author says in front of a question, and the question; one without a question mark is one as it stands."""
    start = next((start for start, end in sentences(wording) if "?" in wording[start:end]), 0)
    return wording[:start].strip(), wording[start:].strip()


def _shown(draft: Draft) -> list[tuple[str, bool]]:
    """Settled values of the active run as a person reads them, and whether they are a customer's own words."""
    if not draft.stack:
        return []
    flow = draft.flow
    found: Mapping[str, Any] = awake(flow, draft.stack[-1])
    return [
        (str(shown(slot.value, definition)), definition.type in _OPEN and definition.pattern is None)
        for name, slot in found.items()
        if slot.settled and slot.value is not None and not (definition := flow.slot(name)).sensitive
    ]


def _others(draft: Draft) -> tuple[str, ...]:
    """Titles of the tasks, and of the steps of this one, that a line may not bring up."""
    tasks = [flow.definition.title for flow in draft.book.flows]
    if not draft.stack:
        return titles(tasks, ())
    states = draft.flow.definition.states
    here = states.get(draft.stack[-1].state)
    own = (here.title,) if here else ()
    return titles((*tasks, *[state.title for state in states.values()]), own)
