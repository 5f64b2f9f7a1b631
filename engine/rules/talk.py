"""Off-topic questions, questions about the question, greetings: answered, and the question returns."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from engine.draft import Draft
from engine.heard import Hearing
from engine.rules.ambiguity import menu
from engine.rules.registry import Stage, rule

_TIME = re.compile(r"\bwhat(?:'s| is)? (?:the )?time\b(?! (?:does|do|will|can|should))", re.IGNORECASE)
_DATE = re.compile(r"\bwhat(?:'s| is)? (?:the |today'?s )?(?:date|day)(?: is it| today)?\W*$", re.IGNORECASE)


def _return(draft: Draft) -> None:
    if draft.stack:
        draft.speech.lead = ("return_to", {"task": draft.flow.definition.task})


@rule("R43", Stage.TALK, 10)
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


@rule("R44", Stage.VALUES, 25)
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


@rule("R41", Stage.TALK, 20)
def off_topic_with_an_answer(draft: Draft, hearing: Hearing) -> bool:
    """A question that the clock answers (S5): the answer, then the question returns. No try is counted."""
    if not hearing.question:
        return False
    now = draft.now.astimezone(ZoneInfo(draft.book.desk.timezone))
    if _TIME.search(hearing.text):
        answer = draft.line("time_is", time=f"{now:%I:%M %p}".lstrip("0"))
    elif _DATE.search(hearing.text):
        answer = draft.line("date_is", date=f"{now:%A}, {now.day} {now:%B %Y}")
    else:
        return False
    draft.speech.answers.append(answer)
    _return(draft)
    draft.done = draft.explained = True
    return True


@rule("R42", Stage.TALK, 30)
def off_topic(draft: Draft, hearing: Hearing) -> bool:
    """A question nothing here answers: said so, nothing invented, no try counted."""
    if not hearing.question or not draft.stack:
        return False
    draft.speech.answers.append(draft.line("cannot_help"))
    _return(draft)
    draft.done = draft.explained = True
    return True


@rule("S6", Stage.TALK, 40)
def greeting(draft: Draft, hearing: Hearing) -> bool:
    """Without a run: greeting and menu. In a run: one short phrase, then the question."""
    if hearing.greeting is None or draft.explained:
        return False
    line = {"greeting": "hello", "thanks": "welcome", "goodbye": "goodbye"}[hearing.greeting]
    draft.speech.acks.append(draft.line(line))
    if draft.stack:
        _return(draft)
    elif hearing.greeting == "greeting":
        draft.speech.acks.append(menu(draft))
    draft.done = draft.explained = True
    return True
