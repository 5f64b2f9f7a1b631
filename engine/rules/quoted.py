"""How an answer from the desk's own texts is told: shorter when it was told before, and never one of two (S33, S34)."""

from __future__ import annotations

from engine.discussed import before, shorter, situation_of
from engine.draft import Draft
from engine.heard import Hearing
from engine.rules.registry import Stage, rule


@rule("S34", Stage.QUOTED, 10, consumed_too=True)
def two_that_disagree(draft: Draft, hearing: Hearing) -> bool:
    """Both are told, each with its heading, and a person is offered who knows which of them holds."""
    if len(draft.quotes) < 2:
        return False
    said = [draft.line("quoted", answer=quote.text, source=quote.source) for quote in draft.quotes]
    draft.told = [draft.line("two_answers"), *said]
    draft.told.append(draft.line("person_for_that" if draft.book.people else "no_person_here"))
    return True


@rule("S33", Stage.QUOTED, 20, consumed_too=True)
def asked_again(draft: Draft, hearing: Hearing) -> bool:
    """A topic that was answered before, in the same situation, is answered in one sentence."""
    if len(draft.quotes) != 1:
        return False
    quote = draft.quotes[0]
    if not before(draft.discussed, quote, situation_of(draft.flow, draft.stack[-1])):
        return False
    draft.told = [draft.line("as_i_said", answer=shorter(quote.text), source=quote.source)]
    return True
