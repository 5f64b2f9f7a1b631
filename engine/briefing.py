"""What a model is told: one state, built anew from the stored conversation for every request (S17, S18, S20)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

import msgspec

from engine.background import passages, summarised
from engine.draft import Draft
from engine.extraction import schema_of
from engine.flow import FlowDef
from engine.memory import person_key
from engine.model import TRIES, Model, ModelRequest, Purpose
from engine.prompts import DESK, EXTRACTION, MESSAGE, QUESTION
from engine.readers.control import read_greeting
from engine.shielding import shielded
from engine.standing import facts, goal, known, steps
from engine.subject import Subject
from engine.window import CUSTOMER, without_asides

BYTES_PER_TOKEN = 3
"""The estimate of S20."""
SHORT_WINDOW = 3
"""Messages left of the window when a prompt is over its budget."""
SHORT_SUMMARY = 600
"""Characters left of the summary then."""

Told = Mapping[str, Any]
"""What the parts may speak of, by the names their texts use."""

CUTS: Sequence[Callable[[Told], Told]] = (
    lambda told: {**told, "passages": told["passages"][:1]},
    lambda told: {**told, "window": told["window"][-SHORT_WINDOW:]},
    lambda told: {**told, "summary": told["summary"][:SHORT_SUMMARY]},
    lambda told: {**told, "passages": []},
)
"""What is left out when a prompt is over its budget, one after the other (S20)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """What kind of request it is: what for, of which parts before the `last`, with an answer of which schema."""

    purpose: Purpose
    parts: Sequence[str]
    schema: dict[str, Any]
    last: str = MESSAGE
    """The part that holds what the request is about, as data."""
    flow: str | None = None
    """Whose wording of the parts counts; None: that of the active run's flow."""
    step: tuple[str, str] | None = None
    """The state whose part stands in the place of STEP, and its kind's; None: the active run's, as it reads (S22)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Brief:
    """A request, with the versions of the parts it was made of, as this flow (or DESK) words them."""

    request: ModelRequest
    parts: dict[str, str]
    flow: str = DESK

    @property
    def payload(self) -> str:
        """All the words that leave, besides the schema."""
        return f"{self.request.system}\n\n{self.request.message}"

    @property
    def tokens(self) -> int:
        """The estimate of S20: UTF-8 bytes / 3, rounded up."""
        return estimated(self.payload)


def estimated(text: str) -> int:
    """The tokens of a text by the estimate of S20."""
    return -(-len(text.encode("utf-8", "replace")) // BYTES_PER_TOKEN)


def brief(draft: Draft, text: str, subject: Subject, model: Model) -> Brief | None:
    """The request about one message; None when it is over the desk's `prompt_budget` even when cut (S20)."""
    flows = tuple(flow.name for flow in draft.book.flows)
    form = Form(purpose=Purpose.EXTRACTION, parts=EXTRACTION, schema=schema_of(subject.slots, flows))
    return fitting(draft, model, told(draft, text), form)


def fitting(draft: Draft, model: Model, values: Told, form: Form) -> Brief | None:
    """The request, with CUTS as far as the desk's `prompt_budget` makes them needed; None when they do not suffice.

    Persona, policy, flow, step, values, facts and the message are never cut (S20).
    """
    budget = draft.book.desk.prompt_budget
    made = composed(draft, model, values, form)
    for cut in CUTS:
        if made.tokens <= budget:
            break
        values = cut(values)
        made = composed(draft, model, values, form)
    return made if made.tokens <= budget else None


def composed(draft: Draft, model: Model, values: Told, form: Form) -> Brief:
    """A request of these parts, filled with what they may speak of, as the active run's flow words them (S17)."""
    flow = form.flow if form.flow is not None else draft.flow.name if draft.stack else DESK
    step = form.step or ((draft.top.state, QUESTION) if draft.top is not None else None)
    if draft.exposing is not None:
        form = replace(form, parts=draft.exposing.parts(form.parts, model.prompts))
    made = of_parts(flow, model, values, form, step)
    request = msgspec.structs.replace(
        made.request,
        person=person_key(draft.address) if draft.address else draft.before.id,
        within_s=draft.advice.left_s,
        tries=draft.advice.tries_left if form.purpose is Purpose.EXTRACTION else TRIES,
    )
    return replace(made, request=request)


def of_parts(flow: str, model: Model, values: Told, form: Form, step: tuple[str, str] | None = None) -> Brief:
    """A request of these parts as this flow (or DESK) words them, without a turn at hand; `step` as for `fill`.

    The last of them that names a model is read by that one: a state's goes before its purpose's.
    """
    before = model.prompts.fill(form.parts, flow, values, step)
    (last,) = model.prompts.fill((form.last,), flow, values)
    parts = (*before, last)
    return Brief(
        request=ModelRequest(
            purpose=form.purpose,
            system=model.mask("\n\n".join(text for _, text in before)),
            message=model.mask(last[1]),
            schema=form.schema,
            model=next((part.model for part, _ in reversed(parts) if part.model), ""),
        ),
        parts={part.name: part.version for part, _ in parts},
        flow=flow,
    )


def told(draft: Draft, text: str) -> dict[str, Any]:
    """What the parts may speak of. Nothing of other runs, no dormant or sensitive value, no target of a branch."""
    desk = draft.book.desk
    mark = blake2b(f"{draft.before.id}:{draft.turn_id}:{draft.turn}".encode(), digest_size=4).hexdigest()
    asked = draft.asked
    running = draft.top is not None
    talk = list(_talk(draft))
    last = next((said for who, said in reversed(talk) if who == "bot"), "")
    return {
        "persona": desk.persona,
        "guardrails": desk.guardrails,
        "flows": [_task(flow.definition) for flow in draft.book.flows],
        "flow": _task(draft.flow.definition) if running else None,
        "goal": goal(draft) if running else "",
        "states": steps(draft) if running else [],
        "question": last if running else "",
        "asked": asked.name if asked else "",
        "slots": known(draft),
        "facts": facts(draft),
        "summary": summarised(draft),
        "passages": passages(draft, text),
        "window": [{"who": who, "text": said} for who, said in talk],
        "text": shielded(draft, text),
        "mark": mark,
    }


def _task(flow: FlowDef) -> dict[str, str]:
    """A flow as its customers know it, without how it branches."""
    return {"name": flow.name, "title": flow.title, "description": flow.description}


def _talk(draft: Draft) -> Iterator[tuple[str, str]]:
    """The window, without greetings and without interruptions that are over (S17, S28)."""
    hello = draft.line("hello")
    for one in without_asides(draft.window, draft.stack):
        if one.who == CUSTOMER and read_greeting(one.text) == "greeting":
            continue
        said = " ".join(shielded(draft, one.text.removeprefix(hello)).split())
        if said:
            yield one.who, said
