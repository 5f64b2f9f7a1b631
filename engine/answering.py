"""A look into the desk's own texts, as a flow's action: what is found is told with its heading (S33, S34)."""

from __future__ import annotations

from collections.abc import Iterable

from engine.course import topic_of_heading
from engine.discussed import OUTCOMES, fits, inquiries, noted, situation_of
from engine.draft import Draft
from engine.forgetting import awake
from engine.heard import Hearing
from engine.meaning import meant
from engine.ports import ActionOutcome, Quote
from engine.rules.ordered import Rules
from engine.rules.registry import Stage
from engine.views import to_speech

_FOUND, _NOTHING = OUTCOMES


async def answer(draft: Draft, hearing: Hearing, rules: Rules, action: str) -> ActionOutcome:
    """What our texts say to the action's question in the customer's situation; `text` and `source` may be saved."""
    frame, flow = draft.stack[-1], draft.flow
    asked = flow.questions[action]
    question = asked.render(to_speech(asked.names, flow.definition, awake(flow, frame), frame.facts, draft.person))
    draft.quotes = list(await _quotes(draft, question))
    if not draft.quotes:
        return ActionOutcome(outcome=_NOTHING)
    first = draft.quotes[0]
    draft.topic = topic_of_heading(first.source)
    draft.told = [draft.line("quoted", answer=first.text, source=first.source)]
    rules.run(Stage.QUOTED, draft, hearing)
    situation = situation_of(flow, frame)
    for quote in draft.quotes:
        draft.discussed = noted(draft.discussed, quote, situation, draft.turn)
    draft.speech.quoted += [quote.place for quote in draft.quotes]
    known = {"text": "\n".join(draft.told), "source": first.source}
    saved = flow.definition.actions[action].save
    return ActionOutcome(outcome=_FOUND, facts={name: known.get(one.path, "") for name, one in saved.items()})


async def _quotes(draft: Draft, question: str) -> tuple[Quote, ...]:
    """By the words of the question with its situation, or of the question alone; where they find nothing, by what it
    means."""
    flow = draft.flow
    situation = situation_of(flow, draft.stack[-1])

    def fitting(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
        return tuple(one for one in quotes if fits(flow, one, situation, question))

    asked = inquiries(flow, question, situation)
    for one in asked:
        if found := fitting(draft.book.quote(one, flow.name)):
            return found
    return fitting(await meant(draft, asked[-1], flow.name)) if asked and draft.book.meaning is not None else ()
