"""Questions about the question and about who asks it, and greetings: answered, and the question returns."""

from __future__ import annotations

from engine.draft import Draft
from engine.heard import Hearing
from engine.readers.identity import asks_who_speaks
from engine.rules.ambiguity import menu
from engine.rules.given import Given
from engine.rules.offtopic import return_to_the_task
from engine.rules.registry import Stage, rule


@rule("X68", Stage.TALK, 5, given=(Given.OPEN,))
def who_is_speaking(draft: Draft, hearing: Hearing) -> bool:
    """Asked whether a machine or a person speaks: the truth, then the question or the menu."""
    if not asks_who_speaks(hearing.text):
        return False
    draft.speech.answers.append(draft.line("assistant"))
    if draft.book.people:
        draft.speech.answers.append(draft.line("person_for_that"))
    if draft.stack:
        return_to_the_task(draft)
    else:
        draft.speech.answers.append(menu(draft))
    draft.done = draft.explained = True
    return True


@rule("R43", Stage.TALK, 10, given=(Given.ASKED, Given.ABOUT))
def why_do_you_ask(draft: Draft, hearing: Hearing) -> bool:
    """The slot's `why` or `help`, then the question."""
    asked = draft.asked
    if asked is None or hearing.about is None:
        return False
    own = asked.why if hearing.about == "why" else asked.help
    text = own or asked.why or asked.help or draft.line("need_it", task=draft.flow.definition.task)
    draft.speech.answers.append(text)
    draft.done = draft.explained = True
    return True


@rule("S6", Stage.TALK, 40, given=(Given.GREETING, Given.OPEN))
def greeting(draft: Draft, hearing: Hearing) -> bool:
    """Without a run: greeting and menu. In a run: one short phrase, then the question."""
    if hearing.greeting is None or draft.explained:
        return False
    line = {"greeting": "hello", "thanks": "welcome", "goodbye": "goodbye"}[hearing.greeting]
    draft.speech.acks.append(draft.line(line))
    if draft.stack:
        return_to_the_task(draft)
    elif hearing.greeting == "greeting":
        draft.speech.acks.append(menu(draft))
    draft.done = draft.explained = True
    return True
