"""Questions beside the point: answered by the clock, the desk's facts or its knowledge (S5), and the task returns."""

from __future__ import annotations

import re

from engine.asides import asides
from engine.course import topic_of_heading
from engine.deskfacts import desk_fact
from engine.discussed import noted, situation_of
from engine.draft import Draft
from engine.heard import Hearing
from engine.ports import Quote
from engine.question import Choice, PendingKind
from engine.rules.given import Given
from engine.rules.registry import Stage, rule

_REQUEST = re.compile(
    r"\W*(?:(?:please|hi|hello|hey|and|so)\W+)*(?:can|could|would|will|may) (?:i|you|we)\b", re.IGNORECASE
)


@rule("S26.known", Stage.ROUTE, 3, given=(Given.QUESTION, Given.ROUTES))
def a_question_that_is_no_request(draft: Draft, hearing: Hearing) -> bool:
    """A question that can be answered starts no task, unless it says a task's own words or asks us to do something."""
    if not hearing.question or not hearing.routes or hearing.routes[0].exact or _REQUEST.match(hearing.text):
        return False
    if not (desk_fact(draft, hearing.text) or _quotes(draft, hearing.text)):
        return False
    hearing.routes, hearing.task_words = (), ""
    return True


@rule("R44", Stage.VALUES, 25, given=(Given.ASKED, Given.QUESTION, Given.VALUES))
def a_yes_with_a_question(draft: Draft, hearing: Hearing) -> bool:
    """A yes to a confirmation that comes with a question does not count: the question is answered, then asked again."""
    asked = draft.asked
    if asked is None or not asked.ask_only or not hearing.question:
        return False
    heard = hearing.of(asked.name)
    if heard is None or heard.value is not True:
        return False
    hearing.drop(asked.name)
    return True


@rule("R41", Stage.TALK, 20, given=(Given.BESIDE,))
def off_topic_with_an_answer(draft: Draft, hearing: Hearing) -> bool:
    """What is asked, and without a run what is named, is answered from S5's sources; then the question returns.

    No try is counted. What came beside it counts as if it had come alone: a value goes on, a wrong one is told.
    """
    asked = _asked(draft, hearing)
    answered = [question for question in asked if _answer(draft, question)]
    if not answered:
        return False
    if len(answered) < len(asked):
        draft.speech.answers.append(draft.line("not_the_rest"))
    beside_the_point(draft, hearing)
    return True


@rule("R42", Stage.TALK, 30, given=(Given.RUN, Given.QUESTION))
def off_topic(draft: Draft, hearing: Hearing) -> bool:
    """A question nothing here answers: said so, nothing invented, no try counted."""
    if not draft.stack or not asides(hearing):
        return False
    draft.speech.answers.append(draft.line("cannot_help"))
    beside_the_point(draft, hearing)
    return True


def return_to_the_task(draft: Draft) -> None:
    """The open question returns, and says what it belongs to."""
    if draft.stack:
        draft.speech.lead = ("return_to", {"task": draft.flow.definition.task})


def _asked(draft: Draft, hearing: Hearing) -> tuple[str, ...]:
    found = asides(hearing)
    if found or draft.pending is not None or hearing.greeting is not None:
        return found
    if not draft.stack:
        return (hearing.text,)
    only_names_it = hearing.task_words and not _REQUEST.match(hearing.text) and not hearing.used
    goes_on = draft.before.top is not None and draft.before.top.run == draft.stack[-1].run
    return (hearing.text,) if hearing.question and only_names_it and goes_on else ()


def _answer(draft: Draft, question: str) -> bool:
    """Say what the first of S5's sources answers, if one does."""
    if fact := desk_fact(draft, question):
        draft.speech.answers.append(fact)
        return True
    quotes = _quotes(draft, question) or draft.meant.get(question, ())
    draft.speech.quoted += [quote.place for quote in quotes]
    situation = situation_of(draft.flow, draft.stack[-1]) if draft.stack else ()
    draft.quotes += quotes
    for quote in quotes:
        draft.discussed = noted(draft.discussed, quote, situation, draft.turn)
    draft.topic = topic_of_heading(quotes[0].source) if quotes else draft.topic
    said = [draft.line("quoted", answer=quote.text, source=quote.source) for quote in quotes]
    if len(said) > 1:
        draft.speech.answers.append(draft.line("two_answers"))
    draft.speech.answers += [one for one in said if one not in draft.speech.answers]
    if len(said) > 1:
        _offer_a_person(draft, question)
    return bool(said)


def _quotes(draft: Draft, question: str) -> tuple[Quote, ...]:
    return draft.book.quote(question, draft.top.flow if draft.top else None)


def _offer_a_person(draft: Draft, question: str) -> None:
    """Who knows which of two answers holds; in a run its own question stays the one question (R9)."""
    if draft.stack or not draft.book.people:
        draft.speech.answers.append(draft.line("person_for_that" if draft.book.people else "no_person_here"))
        return
    choices = (Choice(label="yes", value=True), Choice(label="no", value=False))
    draft.ask_system(PendingKind.PERSON, draft.line("offer_person"), choices, kept=question)


def beside_the_point(draft: Draft, hearing: Hearing) -> None:
    """The turn is used up, unless the open question was answered wrongly too; the task returns if nothing moved."""
    if draft.stack and not draft.explained:
        draft.astray = draft.before.astray + 1
        if draft.astray >= draft.book.desk.clarify_attempts and draft.book.people:
            draft.speech.answers.append(draft.line("person_for_that"))
        return_to_the_task(draft)
    if not any(heard.asked and heard.fault for heard in hearing.values):
        draft.done = draft.explained = True
