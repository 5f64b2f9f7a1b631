"""The model is asked what it makes of a message: only where a rule is open to it, and never twice in vain."""

from __future__ import annotations

from engine.briefing import brief
from engine.draft import Draft
from engine.extraction import Consultation, Extraction, read_extraction
from engine.heard import Hearing
from engine.model import Model, Understanding
from engine.readers.small_words import SMALL_WORDS
from engine.readers.words import Word, clip, stems, words
from engine.subject import Proposal, Subject, asks_about, subject_of, subject_of_flow

FEW_WORDS = 2
"""Left over beside something that was understood, they say nothing of their own."""


async def consult(model: Model, hearing: Hearing, draft: Draft) -> None:
    """Put the model's proposals beside what the readers found; nothing of them counts yet (S16).

    Once it had no answer in a turn it is not asked again in that turn.
    """
    reads_all = model.understanding is Understanding.MODEL
    if not draft.advice.tries_left or not _may_ask(model, hearing, draft) or not (reads_all or unexplained(hearing)):
        return
    subject = subject_of(draft.book, draft.stack)
    answer = await _ask(model, hearing, draft, subject)
    if answer is None:
        return
    again = _of_another_flow(draft, answer, subject)
    within = subject.flows if again else frozenset[str]()
    hearing.proposals.append(Proposal(answer=answer, subject=subject, reads_all=reads_all, within=within))
    if again is None or not draft.advice.tries_left:
        return
    more = await _ask(model, hearing, draft, again)
    if more is not None:
        hearing.proposals.append(Proposal(answer=more, subject=again, reads_all=reads_all, within=again.flows))


def unexplained(hearing: Hearing) -> bool:
    """Did the readers leave something open: did they find nothing, or more words than what they found explains?"""
    left = _left_over(hearing)
    understood = (
        any(not heard.fault for heard in hearing.values)
        or hearing.answer is not None
        or bool(hearing.rivals)
        or hearing.greeting is not None
        or hearing.about is not None
        or bool(hearing.routes and hearing.routes[0].exact)
    )
    return len(left) > FEW_WORDS if understood else bool(words(clip(hearing.text)))


def _left_over(hearing: Hearing) -> list[Word]:
    """Words with a meaning of their own that neither a value nor a task explains."""
    spans = [(heard.start, heard.end) for heard in hearing.values if not heard.fault]
    named = {stem for route in hearing.routes[:1] for stem in stems(route.words)}
    return [
        word
        for word in words(clip(hearing.text))
        if word.text not in SMALL_WORDS
        and word.stem not in named
        and not any(start <= word.start < end for start, end in spans)
    ]


def _may_ask(model: Model, hearing: Hearing, draft: Draft) -> bool:
    """Never about what is not text, what a rule has taken already, or the answer to a question for a secret (S24)."""
    if model.understanding is Understanding.RULES or not hearing.text.strip():
        return False
    taken = not hearing.readable or hearing.too_long or hearing.stale
    taken = taken or hearing.pressed is not None or hearing.control is not None
    return not taken and not (draft.asked is not None and draft.asked.sensitive)


def _of_another_flow(draft: Draft, answer: Extraction, subject: Subject) -> Subject | None:
    """The slots of the flow that the answer names, when some of them were not in the request as it declares them."""
    flow = draft.book.current(answer.flow) if answer.flow else None
    if flow is None:
        return None
    named = subject_of_flow(flow)
    return None if asks_about(subject, named) else named


async def _ask(model: Model, hearing: Hearing, draft: Draft, subject: Subject) -> Extraction | None:
    made = brief(draft, hearing.text, subject, model)
    if made is None:
        draft.advice.dropped.append("prompt: it is over prompt_budget")
        return None
    answered = await model.ask(made.request, read_extraction)
    answer = answered.value if answered else None
    draft.advice.asked.append(
        Consultation(
            model=made.request.model or model.name,
            parts=made.parts,
            flow=made.flow,
            payload=made.payload,
            answer=answer,
            tokens_in=answered.tokens_in if answered else 0,
            tokens_out=answered.tokens_out if answered else 0,
            seconds=answered.seconds if answered else 0.0,
        )
    )
    draft.advice.away = answered is None
    draft.advice.seconds += answered.seconds if answered else 0.0
    draft.advice.tries += answered.tries if answered else 0
    return answer
