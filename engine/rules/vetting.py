"""What a model proposes is checked item by item, before anything of it counts."""

from __future__ import annotations

import re
from dataclasses import replace as with_
from typing import Any

from msgspec.structs import replace

from engine.checking import accepted, quoted
from engine.draft import Draft
from engine.extraction import COMMANDS, REPLIES, Extraction
from engine.flow import SlotDef
from engine.heard import Hearing
from engine.rules.given import Given
from engine.rules.registry import Stage, rule
from engine.subject import Proposal

_INSTRUCTS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,30}\b(?:rules|instructions?|prompts?|guidelines)\b"
    r"|(?:^|[\n.!?]\s{0,3})(?:system|assistant|developer)\s?:",
    re.IGNORECASE,
)


@rule("S24", Stage.INTAKE, 20)
def text_that_instructs_the_bot(draft: Draft, hearing: Hearing) -> bool:
    """It is ordinary customer text: it fills only what readers accept, and notes say that it was there."""
    return _INSTRUCTS.search(hearing.text) is not None


@rule("R4", Stage.INTAKE, 30, given=(Given.PROPOSALS,))
def what_a_model_may_say(draft: Draft, hearing: Hearing) -> bool:
    """An unknown command, slot, flow or key, a value its reader refuses, an id nobody said: dropped, noted; the rest
    counts, in its canonical form."""
    if not hearing.proposals:
        return False
    before = len(draft.advice.dropped)
    hearing.proposals = [with_(one, answer=_checked(draft, hearing, one)) for one in hearing.proposals]
    return len(draft.advice.dropped) > before


def _checked(draft: Draft, hearing: Hearing, proposal: Proposal) -> Extraction:
    answer, said = proposal.answer, _customers_words(draft, hearing)
    flow = answer.flow if answer.flow and draft.book.current(answer.flow) else None
    reply = answer.reply if answer.reply in REPLIES else None
    command = answer.command if answer.command in COMMANDS else None
    question = answer.question if answer.question and quoted(answer.question, hearing.text) else None
    kept = replace(answer, flow=flow, reply=reply, command=command, question=question)
    draft.advice.dropped += [name for name in ("flow", "reply", "command", "question") if _lost(answer, kept, name)]
    slots: dict[str, Any] = {}
    for name, value in answer.values.items():
        definition = _definition(draft, proposal, flow, name)
        found, fault = (
            (None, "not asked for") if definition is None else accepted(definition, value, said, draft.reading)
        )
        if fault:
            draft.advice.dropped.append(f"slots.{name if definition else '?'}: {fault}")
        else:
            slots[name] = found
    return replace(kept, slots=slots)


def _lost(answer: Extraction, kept: Extraction, name: str) -> bool:
    return getattr(answer, name) is not None and getattr(kept, name) is None


def _definition(draft: Draft, proposal: Proposal, flow: str | None, name: str) -> SlotDef | None:
    """The slot that was asked for: as the flow that is named declares it, where several have one of this name."""
    asked = proposal.subject.slots.get(name)
    named = draft.book.current(flow) if flow and asked and not proposal.within else None
    own = named.definition.slots.get(name) if named else None
    return asked if own is None or own.ask_only or own.sensitive else own


def _customers_words(draft: Draft, hearing: Hearing) -> str:
    return "\n".join([one.text for one in draft.window if one.who == "customer"] + [hearing.text])
