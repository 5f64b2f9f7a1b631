"""What a model is told: one state, built anew from the stored conversation for every request (S17, S18, S20)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from engine.draft import Draft
from engine.extraction import schema_of
from engine.flow import SlotDef
from engine.forgetting import awake
from engine.frame import SlotState
from engine.model import Model, ModelRequest, Purpose
from engine.prompts import DESK, EXTRACTION, MESSAGE
from engine.readers.values import find_values
from engine.subject import Subject
from engine.views import HIDDEN, plain, shown

BYTES_PER_TOKEN = 3
"""The estimate of S20."""
SHORT_WINDOW = 3
"""Messages left of the window when a prompt is over its budget."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """What kind of request it is: what for, of which parts before the message, with an answer of which schema."""

    purpose: Purpose
    parts: Sequence[str]
    schema: dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Brief:
    """A request, with the versions of the parts it was made of."""

    request: ModelRequest
    parts: dict[str, str]

    @property
    def payload(self) -> str:
        """All the words that leave, besides the schema."""
        return f"{self.request.system}\n\n{self.request.message}"

    @property
    def tokens(self) -> int:
        """The estimate of S20: UTF-8 bytes / 3, rounded up."""
        return -(-len(self.payload.encode()) // BYTES_PER_TOKEN)


def brief(draft: Draft, text: str, subject: Subject, model: Model) -> Brief | None:
    """The request about one message; None when it is over the desk's `prompt_budget` even when cut (S20)."""
    flows = tuple(flow.name for flow in draft.book.flows)
    form = Form(purpose=Purpose.EXTRACTION, parts=EXTRACTION, schema=schema_of(subject.slots, flows))
    values = told(draft, text)
    for most in (len(values["window"]), SHORT_WINDOW):
        window = values["window"][-most:] if most else []
        made = composed(draft, model, {**values, "window": window}, form)
        if made.tokens <= draft.book.desk.prompt_budget:
            return made
    return None


def composed(draft: Draft, model: Model, values: Mapping[str, Any], form: Form) -> Brief:
    """A request of these parts, filled with what they may speak of; the message's own part comes last (S17)."""
    flow = draft.flow.name if draft.stack else DESK
    parts = form.parts if draft.exposing is None else draft.exposing.parts(form.parts, model.prompts)
    *before, last = [*model.prompts.fill(parts, flow, values), *model.prompts.fill((MESSAGE,), flow, values)]
    system = model.mask("\n\n".join(text for _, text in before))
    return Brief(
        request=ModelRequest(purpose=form.purpose, system=system, message=model.mask(last[1]), schema=form.schema),
        parts={part.name: part.version for part, _ in (*before, last)},
    )


def told(draft: Draft, text: str) -> dict[str, Any]:
    """What the parts may speak of. Nothing of other runs, no dormant or sensitive value, no target of a branch."""
    desk = draft.book.desk
    mark = blake2b(f"{draft.before.id}:{draft.turn_id}:{draft.turn}".encode(), digest_size=4).hexdigest()
    told: dict[str, Any] = {
        "persona": desk.persona,
        "guardrails": desk.guardrails,
        "flows": [flow.definition for flow in draft.book.flows],
        "flow": None,
        "states": [],
        "question": "",
        "asked": "",
        "slots": [],
        "facts": [],
        "window": [{"who": one.who, "text": " ".join(_shielded(draft, one.text).split())} for one in draft.window],
        "text": _shielded(draft, text),
        "mark": mark,
    }
    if draft.top is not None:
        told |= _of_the_run(draft)
    return told


def _of_the_run(draft: Draft) -> dict[str, Any]:
    frame, flow = draft.stack[-1], draft.flow
    entered = {*frame.trail, *frame.path}
    states = [
        {
            "title": state.title or name.replace("_", " "),
            "here": name == frame.state,
            "done": name in entered,
        }
        for name, state in flow.definition.states.items()
    ]
    asked = draft.asked
    return {
        "flow": flow.definition,
        "states": states,
        "question": next((one.text for one in reversed(draft.window) if one.who == "bot"), ""),
        "asked": asked.name if asked else "",
        "slots": list(_settled(draft)),
        "facts": [(name.replace("_", " "), str(plain(fact))) for name, fact in frame.facts.items()],
    }


def _settled(draft: Draft) -> Iterator[tuple[str, str]]:
    """Each settled slot of the active run once, as a person reads it, and what memory offers, marked as that."""
    flow = draft.flow
    for name, slot in awake(flow, draft.stack[-1]).items():
        definition = flow.slot(name)
        if slot.value is None or definition.sensitive:
            continue
        if slot.settled:
            yield name, str(shown(slot.value, definition))
        elif slot.state is SlotState.OFFERED:
            yield name, f"{shown(slot.value, definition)} (offered, not confirmed)"


def _shielded(draft: Draft, text: str) -> str:
    """Without characters that nobody sees, and without what sensitive slots hold (S24, X50)."""
    text = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    for slot, held in _sensitive(draft):
        found = [each.words for each in find_values(slot, text, draft.reading, asked=False)]
        for secret in sorted({*found, held} - {""}, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
    return text


def _sensitive(draft: Draft) -> Iterator[tuple[SlotDef, str]]:
    for frame in draft.stack:
        for name, slot in draft.book.of(frame).definition.slots.items():
            if slot.sensitive:
                held = frame.slots.get(name)
                yield slot, str(held.value) if held and held.value is not None else ""
