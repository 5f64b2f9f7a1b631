"""What was said: one event becomes a `Hearing`, by readers alone (a model may fill what is still open, later)."""

from __future__ import annotations

import re
from collections.abc import Set

from engine.draft import Draft
from engine.flow import SlotDef, SlotType
from engine.heard import Heard, Hearing
from engine.machine import Compiled
from engine.message import Event, EventKind
from engine.question import PendingKind
from engine.readers.answer import Answer, only_closes, read_answer, revises
from engine.readers.control import Control, ReadControl, is_question, read_control, read_greeting
from engine.readers.framed import asked_to_find
from engine.readers.last_time import like_last_time
from engine.readers.options import pick
from engine.readers.reading import Found
from engine.readers.recollection import asks_back
from engine.readers.routing import bare_request
from engine.readers.small_words import SMALL_WORDS
from engine.readers.task_words import names_the_task
from engine.readers.values import find_values
from engine.readers.words import words
from engine.satisfaction import pressed_score
from engine.ways import leads_somewhere

_INVISIBLE = re.compile("[\\s\\u00ad\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2064\\ufeff]+")
_WHY = re.compile(r"\bwhy\b.{0,40}\b(need|want|ask|know|have to)\b|^\W*why\W*$", re.IGNORECASE)
_WHAT = re.compile(
    r"\bwhat(?:'s| is| does)\b.{0,20}\b(that|this|it|mean)\b\W*$|\bwhere (?:do|can) i find\b", re.IGNORECASE
)
_COMMANDS = {
    "help": Control.HELP,
    "cancel": Control.CANCEL,
    "stop": Control.CANCEL,
    "restart": Control.RESTART,
    "back": Control.BACK,
    "skip": Control.SKIP,
    "human": Control.HUMAN,
    "agent": Control.HUMAN,
}
"""Bot commands that are control words on every channel that has commands."""

UNMISTAKABLE = frozenset({SlotType.EMAIL, SlotType.PHONE})
"""Types whose values tell by their form alone what they are."""


def understand(event: Event, draft: Draft) -> Hearing:
    """Everything the readers make of an event, given what is open. Pure; nothing is decided here."""
    text = event.text
    if event.kind is EventKind.OPTION:
        return _pressed(event, draft)
    if not text or _INVISIBLE.fullmatch(text):
        text = next((a.text for a in event.attachments if a.kind == "sticker" and a.text), "")
        if not (text and _yes_no_open(draft) and read_answer(text, draft.reading).answer):
            return Hearing(readable=False)
    if len(text) > draft.book.desk.max_input:
        return Hearing(text=text[: draft.book.desk.max_input], too_long=True)
    return _read(event, draft, text)


def _pressed(event: Event, draft: Draft) -> Hearing:
    """An option's token belongs to the open question, or it is stale (C26)."""
    parts = (event.option or "").split(":", 3)
    open_ = draft.pending or draft.question
    score = pressed_score(parts, draft.survey, now=draft.now)
    if score is not None:
        return Hearing(text=str(score), pressed=score, rating=score)
    if len(parts) != 4 or open_ is None or parts[2] != open_.mark:
        return Hearing(stale=True)
    if not parts[3].isdigit() or int(parts[3]) >= len(open_.choices):
        return Hearing(stale=True)
    choice = open_.choices[int(parts[3])]
    hearing = Hearing(text=choice.label, pressed=choice.value)
    if draft.pending is None and draft.asked is not None:
        hearing.values = [Heard(slot=draft.asked.name, value=choice.value, words=choice.label, asked=True)]
    return hearing


def _read(event: Event, draft: Draft, text: str) -> Hearing:
    hearing = Hearing(text=text)
    command = event.fields.get("command", "")
    if command in _COMMANDS:
        hearing.control = ReadControl(control=_COMMANDS[command])
        return hearing
    if command == "start":
        hearing.greeting = "greeting"
        return hearing
    _system_answer(draft, hearing)
    if hearing.pressed is not None:
        return hearing
    hearing.like_last = like_last_time(text)
    asked = draft.asked
    if asked is None or not _picked(draft, hearing, asked):
        hearing.control = read_control(text, draft.reading, reserved=frozenset(draft.limits.opt_out_words))
        if not _places_known(hearing.control, draft):
            hearing.control = None
        if hearing.control is not None:
            if hearing.control.control is Control.HUMAN:
                hearing.values = _said_besides(draft, text)
            return hearing
        if asked is not None:
            _asked_answer(draft, hearing, asked)
    hearing.question = is_question(text)
    hearing.asks_back = hearing.question and asks_back(text)
    hearing.greeting = read_greeting(text)
    if asked is not None and hearing.question and not asked.takes:
        hearing.about = "why" if _WHY.search(text) else "what" if _WHAT.search(text) else None
    hearing.answers_only = _only_answers(hearing, asked)
    hearing.routes = [] if hearing.answers_only else draft.book.router.route(text)
    hearing.task_words = hearing.routes[0].words if hearing.routes else ""
    hearing.bare = bool(hearing.routes) and bare_request(text, hearing.routes[0])
    hearing.values += _unasked(draft, hearing)
    if asked is not None and asked.type is SlotType.TEXT and asked.pattern is None:
        _keep_talk_out(hearing, asked)
    return hearing


def _places_known(control: ReadControl | None, draft: Draft) -> bool:
    """ "back to the refund" may name another task and no question of this one: then it is no going back."""
    if control is None or control.control is not Control.BACK:
        return True
    return not (control.to or control.fork) or (
        draft.top is not None and leads_somewhere(draft.flow, draft.top, control)
    )


def _system_answer(draft: Draft, hearing: Hearing) -> None:
    """Yes, no, number or label that answers a pending system question."""
    pending = draft.pending
    if pending is None or pending.kind is PendingKind.CSAT:  # whose answer is read by its own rule, and never guessed
        return
    picked = pick(hearing.text, [choice.label for choice in pending.choices])
    if picked is None and {choice.value for choice in pending.choices} == {True, False}:
        answer = read_answer(hearing.text, draft.reading).answer
        hearing.pressed = {Answer.AFFIRM: True, Answer.DENY: False}.get(answer) if answer else None
    elif picked is not None:
        hearing.pressed = pending.choices[picked].value


def _picked(draft: Draft, hearing: Hearing, asked: SlotDef) -> bool:
    """A typed option is read before anything else (C27)."""
    choices = draft.question.choices if draft.question else ()
    picked = pick(hearing.text, [choice.label for choice in choices]) if choices else None
    if picked is None:
        return False
    value, text = choices[picked].value, hearing.text
    hearing.values.append(Heard(slot=asked.name, value=value, words=text, asked=True, end=len(text)))
    return True


def _asked_answer(draft: Draft, hearing: Hearing, asked: SlotDef) -> None:
    """What the message says to the open question: a yes or no, or values of its slot."""
    text = hearing.text
    if asked.type is SlotType.BOOLEAN:
        read = read_answer(text, draft.reading)
        if asked.ask_only and read.answer is Answer.DENY and only_closes(text, draft.reading):
            hearing.answer = Answer.UNSURE
            return
        hearing.answer = read.answer
        if read.answer in (Answer.AFFIRM, Answer.DENY):
            value = read.answer is Answer.AFFIRM
            end = max(len(text) - len(read.rest), 0)
            hearing.values.append(Heard(slot=asked.name, value=value, words=text, asked=True, end=end))
            return
        if read.answer is None and revises(text):
            hearing.answer = Answer.DENY  # no value: what is to be changed says what follows (R30), and not a "no"
    found = find_values(asked, text, draft.reading, asked=True)
    if asked.type is SlotType.ENUM:
        found = [one for one in found if not _names_the_task(draft.flow, asked, one, text)] or found
    distinct = {repr(one.value): one for one in found if not one.fault}
    if asked.type is SlotType.ENUM and len(distinct) > 1:
        labels = {repr(choice.value): choice.label for choice in (draft.question.choices if draft.question else ())}
        hearing.rivals = tuple(labels.get(key, one.words) for key, one in distinct.items())
    hearing.values += [_heard(asked, one, asked=True) for one in found[-1:]]


def _said_besides(draft: Draft, text: str) -> list[Heard]:
    """Values that nobody can mistake, in a message that asks for a person (H96)."""
    flows = {frame.flow: draft.book.of(frame) for frame in reversed(draft.stack)}
    found: dict[str, Heard] = {}
    for flow in flows.values():
        found |= {heard.slot: heard for heard in values_in(draft, text, flow, unmistakable=True)} | found
    return list(found.values())


def _unasked(draft: Draft, hearing: Hearing) -> list[Heard]:
    """Values for the other slots of the runs on the stack, topmost first."""
    found: list[Heard] = []
    asked = draft.asked
    seen = {asked.name} if asked else set()
    for frame in reversed(draft.stack):
        flow = draft.book.of(frame)
        found += values_in(draft, hearing.text, flow, besides=seen)
        seen |= set(flow.definition.slots)
    return found


def values_in(
    draft: Draft, text: str, flow: Compiled, *, besides: Set[str] = frozenset(), unmistakable: bool = False
) -> list[Heard]:
    """Values of a flow's slots that stand in a text though nobody asked (R11); the last of a slot wins (R8).

    `besides`: slots that are not looked for. `unmistakable`: only those whose form alone tells what they are (patterns,
    e-mails, phones).
    """
    heard: list[Heard] = []
    for slot in flow.volunteered:
        if slot.name in besides or (unmistakable and not is_unmistakable(slot)):
            continue
        found = find_values(slot, text, draft.reading, asked=False)
        if found and slot.type is SlotType.ENUM:
            found = [one for one in found if not _names_the_task(flow, slot, one, text)]
        heard += [_heard(slot, one) for one in found[-1:]]
    return heard


def is_unmistakable(slot: SlotDef) -> bool:
    return bool(slot.pattern) or slot.type in UNMISTAKABLE


def _heard(slot: SlotDef, one: Found, *, asked: bool = False) -> Heard:
    return Heard(
        slot=slot.name, value=one.value, words=one.words, fault=one.fault, asked=asked, start=one.start, end=one.end
    )


def _names_the_task(flow: Compiled, slot: SlotDef, found: Found, text: str) -> bool:
    return names_the_task(flow.definition.triggers, slot, found, text)


def _only_answers(hearing: Hearing, asked: SlotDef | None) -> bool:
    """Nothing but the answer to a question that not every text answers: no task is named by it ("no", "no signal")."""
    if asked is None or asked.type is SlotType.NAME or (asked.type is SlotType.TEXT and not asked.pattern):
        return False
    said = [(heard.start, heard.end) for heard in hearing.values if heard.asked and not heard.fault]
    left = [word for word in words(hearing.text) if not any(start <= word.start < end for start, end in said)]
    return bool(said) and all(word.text in SMALL_WORDS for word in left)


def _keep_talk_out(hearing: Hearing, asked: SlotDef) -> None:
    """A question, or a bare request for another task, is not the value of an open text slot."""
    if asked.takes == "question":
        return
    if hearing.question and asked_to_find(asked, hearing.text):
        hearing.question, hearing.about = False, None
    if hearing.question or (hearing.bare and hearing.routes) or hearing.greeting:
        hearing.values = [heard for heard in hearing.values if not heard.asked]


def _yes_no_open(draft: Draft) -> bool:
    return draft.pending is not None or (draft.asked is not None and draft.asked.type is SlotType.BOOLEAN)
