"""Yes, no, or neither: what a message answers, and what it says besides (R16, R25, R44)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cache

import msgspec
from msgspec.structs import replace

from engine.readers import answer_words as said
from engine.readers.answer_sentences import (
    NEVER_BOTHERS,
    NO_AT_ONCE,
    NO_WITHIN,
    PRAISED,
    REVISED,
    UNSURE_WITHIN,
    YES_AT_ONCE,
    YES_WITHIN,
)
from engine.readers.questions import is_question
from engine.readers.reading import Reading
from engine.readers.sentences import sentences
from engine.readers.small_words import SMALL_WORDS
from engine.readers.words import clip, plain


class Answer(StrEnum):
    """What a message answers to a yes/no question. UNSURE is neither, said in so many words."""

    AFFIRM = "affirm"
    DENY = "deny"
    UNSURE = "unsure"


class ReadAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer, None when the message is none, and `rest`: what is said beside it, as written."""

    answer: Answer | None
    rest: str = ""


class FoundAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer and the place of its words."""

    answer: Answer
    start: int
    end: int


_FILLER = re.compile(
    r"(?:(?:oh+|ah+|um+|uh+|hm+|er+|well|so|hey|hi|hello|sorry|actually|wait|look|honestly|please|but|and|then|i mean"
    r"|i said|in fact|for now|at this time|obviously|thanks|thank you|thx)\b[\s,.!…-]{0,4}|[\s,.;:!…\"'()*_-]{1,8})"
)
_TAKEN_BACK = re.compile(r"[\s,.;!…-]{0,6}(?:wait|actually|sorry|i mean|i meant|hang on|hold on|scratch that)\b")
_POLITE = re.compile(
    r"[\s,.!]{0,4}\b(?:please|pls|plz|thanks|thank you|thx|ty|sir|ma'?am|madam|so much|very much|a lot)\b"
)
_BETWEEN = re.compile(r"[\s,.;:!…)-]{1,6}")
_ENDS = re.compile(
    r"\s{0,3}(?:$|[,.;:!…)\n-]|\W*$|(?:please|pls|thanks|thank|then|and|but|with me|by me|for me|to me|that|that's|it's"
    r"|let's|i|i'd|i'll|you|yes|yeah|yep|sir|go ahead|sounds|great|perfect|cool|good|fine|do it)\b)"
)


def read_answer(text: str, reading: Reading) -> ReadAnswer:
    """The answer of a message to a yes/no question. "no signal" and "sure?" are none; "no problem" is a yes.

    "maybe", "I think so" and "not sure" are UNSURE (R25). `rest` keeps a correction, question or value beside it.
    """
    found = find_answer(text, reading)
    if found is None:
        return ReadAnswer(answer=None, rest=text.strip())
    before = "" if _FILLER.sub("", plain(text[: found.start])).strip() == "" else text[: found.start].strip(" ,.;:-")
    after = text[found.end :].strip(" \n,.;:!-…")
    return ReadAnswer(
        answer=found.answer, rest=f"{before} {after}".strip() if any(map(str.isalnum, before + after)) else ""
    )


def only_closes(text: str, reading: Reading) -> bool:
    """Does the answer but close the talk: "that's it", "that's all"? It is a no to "Anything else?", and may well be a
    yes to "Is this right?"."""
    found = find_answer(text, reading)
    if found is None or found.answer is not Answer.DENY or not plain(text[found.start :]).startswith(said.CLOSING):
        return False
    return NO_WITHIN.search(plain(text[found.start : found.end])) is None  # "that's all wrong" closes nothing


def revises(text: str) -> bool:
    """Does a message without yes or no ask for something else than was shown: "make it 18:15", "3 tickets instead"?"""
    folded = plain(clip(text))
    return any(REVISED.search(folded[start:end]) for start, end in sentences(folded))


def find_answer(text: str, reading: Reading) -> FoundAnswer | None:
    """The answer and its place: at the start of the message, else a wordy one inside its first statement."""
    folded = plain(clip(text))
    signed = _sign(folded)
    if signed is not None:
        return signed
    start = _skip(_FILLER, folded, 0)
    head = _head(folded, start, reading.language)
    if head is None:
        return _within(folded)
    if head.answer is Answer.DENY and folded[head.start : head.end] not in said.FLAT_NO:
        wordy = _within(folded[head.start :])
        if wordy and wordy.answer is Answer.UNSURE:
            return FoundAnswer(answer=Answer.UNSURE, start=head.start, end=head.start + wordy.end)
    return _followed(folded, head, reading.language)


def _head(folded: str, start: int, language: str) -> FoundAnswer | None:
    """The longest phrase at `start`, at a place where its kind may stand."""
    best: FoundAnswer | None = None
    for answer, pattern, brief in _heads(language):
        m = pattern.match(folded, start)
        if m is None or folded[m.end() :].lstrip()[:1] == "?" or (brief and not _ENDS.match(folded, m.end())):
            continue
        if best is None or m.end() > best.end:
            best = FoundAnswer(answer=answer, start=start, end=m.end())
    if best is None and folded.startswith("no", start) and _bare_no(folded, start + 2):
        best = FoundAnswer(answer=Answer.DENY, start=start, end=start + 2)
    return best


def _followed(folded: str, head: FoundAnswer, language: str) -> FoundAnswer:
    """The head with what only repeats it; taken back, or against a light yes, what comes after counts."""
    while True:
        end = _skip(_POLITE, folded, head.end)
        if end == len(folded):
            return replace(head, end=end)
        taken_back = _TAKEN_BACK.match(folded, end)
        following = _skip(_BETWEEN, folded, taken_back.end() if taken_back else end)
        after = _head(folded, following, language)
        if after is None:
            return replace(head, end=end)
        light = folded[head.start : head.end] in said.LIGHT_YES and after.answer is not Answer.AFFIRM
        if after.answer is head.answer:
            head = replace(head, end=after.end)
        elif taken_back or light:
            head = after
        elif head.answer is Answer.AFFIRM and (
            after.answer is Answer.UNSURE or folded[after.start : after.end] in said.FLAT_NO
        ):
            return FoundAnswer(answer=Answer.UNSURE, start=head.start, end=after.end)
        else:
            return replace(head, end=end)


def _within(folded: str) -> FoundAnswer | None:
    """A wordy answer in the first sentence that says something; never in a question."""
    for start, end in sentences(folded):
        sentence = folded[start:end]
        if not sentence.strip() or is_question(sentence):
            continue
        answer = _wordy(sentence)
        return FoundAnswer(answer=answer, start=start, end=end) if answer else None
    return None


def _wordy(sentence: str) -> Answer | None:
    if UNSURE_WITHIN.search(sentence):
        return Answer.UNSURE
    if NEVER_BOTHERS.search(sentence):
        return Answer.AFFIRM
    if NO_WITHIN.search(sentence) or NO_AT_ONCE.match(sentence):
        return Answer.DENY
    return Answer.AFFIRM if YES_WITHIN.search(sentence) or YES_AT_ONCE.match(sentence) else None


def _sign(folded: str) -> FoundAnswer | None:
    """A thumb or a cross that opens the message."""
    place = next((at for at, char in enumerate(folded) if not char.isspace()), 0)
    for answer, signs in (
        (Answer.AFFIRM, said.SIGNS_YES),
        (Answer.DENY, said.SIGNS_NO),
        (Answer.UNSURE, said.SIGNS_UNSURE),
    ):
        if folded[place : place + 1] in signs and folded[place : place + 1]:
            end = place
            while end < len(folded) and (
                folded[end] in signs or folded[end] in "\ufe0f\u200d♂♀ " or "🏻" <= folded[end] <= "🏿"
            ):
                end += 1
            return FoundAnswer(answer=answer, start=place, end=end)
    return None


def _bare_no(folded: str, end: int) -> bool:
    """Is the "no" before `end` an answer, or does it belong to the noun behind it?"""
    if folded[end : end + 1].isalnum() or folded[end : end + 1] in {"'", "_"} or folded[end:].lstrip()[:1] == "?":
        return False
    m = re.match(r" {1,3}([\w'$€£-]+)", folded[end : end + 60])
    if m is None:
        return True
    word = m[1]
    small = word in SMALL_WORDS or word in said.AFTER_NO
    return (small and word not in said.NOT_AFTER_NO) or any(map(str.isdigit, word))


def _skip(pattern: re.Pattern[str], folded: str, start: int) -> int:
    while (m := pattern.match(folded, start)) and m.end() > start:
        start = m.end()
    return start


@cache
def _heads(language: str) -> tuple[tuple[Answer, re.Pattern[str], bool], ...]:
    """(answer, phrases, brief) for a language besides English."""
    return (
        (Answer.UNSURE, _phrases(said.UNSURE), False),
        (Answer.DENY, _phrases((*said.CLEAR_NO, *said.FOREIGN_NO.get(language, ()))), False),
        (Answer.DENY, _phrases(said.BRIEF_NO), True),
        (Answer.AFFIRM, _phrases((*said.CLEAR_YES, *said.FOREIGN_YES.get(language, ())), PRAISED), False),
        (Answer.AFFIRM, _phrases((*said.BRIEF_YES, *said.LIGHT_YES)), True),
    )


def _phrases(phrases: Iterable[str], *freer: str) -> re.Pattern[str]:
    spelled = (re.escape(phrase).replace("'", "'?").replace(r"\ ", r"\s{1,3}") for phrase in set(phrases))
    listed = sorted(spelled, key=lambda each: (-len(each), each))
    return re.compile(rf"(?:{'|'.join((*freer, *listed))})(?![\w'])")
