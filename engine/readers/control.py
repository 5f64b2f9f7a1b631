"""Control words: what a customer says to steer the conversation, not to answer it (R51-R56, R60)."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache

import msgspec

from engine.readers import control_words as said
from engine.readers.control_phrases import (
    AFTER,
    BEFORE,
    CANCEL_ASKED,
    HELP_ASKED,
    RECAP_WITHIN,
    REPEAT_ASKED,
    RESTART_WITHIN,
    back_to,
    leaving,
)
from engine.readers.forks import forking
from engine.readers.greetings import read_greeting
from engine.readers.person_requests import asks_for_person
from engine.readers.questions import is_question
from engine.readers.reading import Reading
from engine.readers.words import clip, only, plain

__all__ = ["QUESTION", "RECAP", "Control", "ReadControl", "is_question", "read_control", "read_greeting"]

QUESTION = "question"
RECAP = "recap"
_RESTART_MAX_WORDS = 10
"""A longer message that also says "start over" tells something."""


class Control(StrEnum):
    """The control commands."""

    CANCEL = "cancel"
    SKIP = "skip"
    BACK = "back"
    RESTART = "restart"
    REPEAT = "repeat"
    HELP = "help"
    HUMAN = "human"


class ReadControl(msgspec.Struct, frozen=True, kw_only=True):
    """A control word. `to`: what BACK names, in the customer's words; whoever knows no such place ignores the command.
    `what`: "question" or "recap" of REPEAT. `rest`: what the message asks for besides (R53), as written. `fork`: BACK
    keeps what is left (S31).
    """

    control: Control
    to: str = ""
    what: str = ""
    rest: str = ""
    fork: bool = False


def read_control(text: str, reading: Reading, *, reserved: frozenset[str] = frozenset()) -> ReadControl | None:
    """The control word of a message: the whole of it without politeness and punctuation, or an unmistakable phrase.

    `reserved` are a channel's own whole-message words, in any case: they are never control words. Several in one
    message: the first of human, cancel, restart, back, skip, repeat, help (R5). English only.
    """
    del reading
    if whole_message(text, reserved):
        return None
    bare = only(text)
    if not bare:
        return ReadControl(control=Control.HELP) if text.strip() and not text.strip().strip("?") else None
    if asks_for_person(text):
        return ReadControl(control=Control.HUMAN)
    return _whole(bare) or _phrase(clip(text), bare)


def whole_message(text: str, listed: frozenset[str]) -> bool:
    """Is the whole message, in any case and without punctuation, one of these words?"""
    return bool(listed) and only(text) in _bare(listed)


@cache
def _bare(listed: frozenset[str]) -> frozenset[str]:
    return frozenset(map(only, listed))


def _whole(bare: str) -> ReadControl | None:
    """A word of a command's list, also behind and before politeness."""
    for core in _cores(bare):
        control = _listed().get(core)
        if control is None and REPEAT_ASKED.fullmatch(core):
            control = Control.REPEAT
        if control is None and HELP_ASKED.fullmatch(core):
            control = Control.HELP
        if control is None and CANCEL_ASKED.fullmatch(core):
            control = Control.CANCEL
        if control is not None:
            what = RECAP if core in said.RECAP else QUESTION if control is Control.REPEAT else ""
            return ReadControl(control=control, what=what)
    return None


def _phrase(text: str, bare: str) -> ReadControl | None:
    folded = plain(text)
    left = leaving(folded)
    if left is not None:
        rest = _rest(text, left)
        return ReadControl(control=Control.CANCEL, rest=rest) if rest else None
    if RESTART_WITHIN.search(folded) and bare.count(" ") < _RESTART_MAX_WORDS:
        return ReadControl(control=Control.RESTART)
    if fork := forking(folded):
        start, end, after = fork
        return ReadControl(control=Control.BACK, fork=True, to=text[start:end].strip(), rest=_rest(text, after))
    back = back_to(folded)
    if back is not None:
        start, end, after = back
        return ReadControl(control=Control.BACK, to=text[start:end].strip(), rest=_rest(text, after))
    if RECAP_WITHIN.search(folded):
        return ReadControl(control=Control.REPEAT, what=RECAP)
    return None


def _rest(text: str, start: int) -> str:
    return text[start:].strip(" \t\r\n.,;:!-")


def _cores(bare: str) -> Iterator[str]:
    """The message itself, then with one more word of politeness taken off each time."""
    while True:
        yield bare
        shorter = AFTER.sub("", bare)
        shorter = BEFORE.sub("", shorter) if shorter == bare else shorter
        if shorter == bare:
            return
        bare = shorter


@cache
def _listed() -> dict[str, Control]:
    ranked = (
        (Control.HELP, said.HELP),
        (Control.REPEAT, (*said.REPEAT, *said.RECAP)),
        (Control.SKIP, said.SKIP),
        (Control.BACK, said.BACK),
        (Control.RESTART, said.RESTART),
        (Control.CANCEL, said.CANCEL),
        (Control.HUMAN, said.HUMAN),
    )
    return {only(word): control for control, listed in ranked for word in listed}
