"""Questions beside the point: the sentences of a message that ask something which nothing else in it explains."""

from __future__ import annotations

from engine.heard import Hearing
from engine.readers.inquiries import is_topical
from engine.readers.questions import is_question
from engine.readers.sentences import sentences
from engine.readers.words import Word, stems, words

MOST_ASIDES = 3
"""Questions of one message that are answered."""


def asides(hearing: Hearing) -> tuple[str, ...]:
    """The questions that remain (R41, R44), as written, at most `MOST_ASIDES`.

    "Could it be ORD-12345?" only brings a value and "can I get a refund?" only names a task: neither remains.
    """
    text = hearing.text
    if not hearing.question or hearing.greeting is not None:
        return ()
    asked = [(start, end) for start, end in sentences(text) if is_question(text[start:end])]
    found = [text[start:end].strip() for start, end in asked or [(0, len(text))] if _remains(hearing, start, end)]
    if len(found) == 1 and not any(map(is_topical, words(found[0]))):
        return (text,)  # "My parcel is not here. When does it come?" only says of what in its other sentence
    return tuple(found[:MOST_ASIDES])


def _remains(hearing: Hearing, start: int, end: int) -> bool:
    """Is it untouched by values and the task that was begun, or does it say more than those?"""
    said = [word for word in words(hearing.text) if start <= word.start < end]
    left = [word for word in said if not _explained(hearing, word)]
    return len(left) == len(said) or any(map(is_topical, left))


def _explained(hearing: Hearing, word: Word) -> bool:
    if not hearing.routes and word.stem in stems(hearing.task_words):
        return True
    heard = [one for one in (*hearing.values, *hearing.used) if not isinstance(one.value, bool)]
    return any(one.start <= word.start < one.end for one in heard)
