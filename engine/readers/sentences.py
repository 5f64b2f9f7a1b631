"""Where the answer stands in a message: its sentences, without questions, lead-ins and politeness."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from engine.readers.questions import is_question
from engine.readers.words import plain

_SENTENCE = re.compile(r"[^.!?\n]{1,4000}(?:[.!?](?=\S)[^.!?\n]{0,4000}){0,40}[.!?\n]{0,4}")
_AND_ASKS = re.compile(
    r"[,;]?\s{1,2}(?:and|but|also|so|though)\s{1,2}(?=(?:what|how|why|who|when|where|which|is|are|do|does|can|could|will|would)\b)"
    r"|[,;]\s{1,2}(?=(?:what|how|why|who|when|where|which)\b)"
)
_FILLER = re.compile(
    r"^(?:[\s\"'(]{0,3}(?:(?:um+|uh+|er+|hm+|erm|please|hi|hello|hey)\b[\s,.!:-]{0,4}"
    r"|(?:well|so|oh|ah|ok|okay|sure|yes|yeah|yep|yup|no|nope|alright|right|actually|sorry|thanks|thank you|good"
    r" (?:morning|afternoon|evening)|there)\s?(?:[,.!:-]|\.\.\.|…){1,3}\s{0,2}"
    r"|(?:ok|okay|sure|yes|yeah|yep|well|so|actually|sorry|no)\s(?=(?:it|it's|that|that's|my|the|i|i'm|i'd|we|this|let's)\b)))"
)
_LEAD_IN = re.compile(
    r"^(?:it's called|it is called|it's|its|it is|it'll be|it will be|it would be|that's|that is"
    r"|that would be|that'd be"
    r"|this is|i'd say|i would say|i think it's|i think|i believe it's|i believe|i guess|let's say|let's go with"
    r"|let's do|make it|make that|i meant|i mean|i want|i'd like|i would like|i need|i'll take|i'll go with|i choose"
    r"|i prefer|my answer is|the answer is|the thing is(?: that)?,?|here it is|here you go|found it|here's|how about"
    r"|what about|change (?:it|that) to|go with)\b[\s,:-]{1,3}"
)
_TAIL = re.compile(
    r"[\s,.!-]{1,3}(?:please|pls|plz|thanks|thank you|thx|cheers|for me|if possible|i think|i guess|i believe"
    r"|(?:would be|will be|is|sounds) (?:great|good|fine|nice|perfect|ok|okay|lovely)"
    r"|(?:would |will )?works?(?: well| fine)?(?: for me)?"
    r"|instead|after all|for now|it is)"
    r"[\s.!]{0,4}$"
)
_TAKEN_BACK = re.compile(
    r"(?:[,.;-]|\.\.\.|…)?\s{0,2}\b(?:no,? wait|no,? sorry|sorry,? i mean[t]?|i mean[t]?|scratch that"
    r"|or rather|actually no)\b[\s,:-]{1,3}"
    r"|(?:,|\.\.\.|…|--)\s{0,2}no\b[\s,]{1,3}"
)
_EDGES = " \t\r\n.,;:!\"'()-"


def answer_span(text: str, lead_ins: Sequence[str] = ()) -> tuple[int, int]:
    """Where the bare answer of a message stands; an empty span when it only asks. What was taken back is left out.

    `lead_ins` are further openings in plain lower case ("the company is").
    """
    start, end = _statement(text)
    folded = plain(text)
    for m in _TAKEN_BACK.finditer(folded, start, end):
        if folded[m.end() : end].strip(_EDGES):
            start = m.end()
    start, end = trimmed(text, start, end)
    while (step := _opening(folded[start:end], lead_ins)) and folded[start + step : end].strip(_EDGES):
        start, end = trimmed(text, start + step, end)
    while (tail := _TAIL.search(folded[start:end])) and folded[start : start + tail.start()].strip(_EDGES):
        start, end = trimmed(text, start, start + tail.start())
    return start, end


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The places of a text's sentences, and of a question hung on with "and", in order."""
    folded = plain(text)
    for m in _SENTENCE.finditer(folded):
        start, end = m.span()
        for cut in _AND_ASKS.finditer(folded, start, end):
            if is_question(folded[cut.end() : end]):
                yield start, cut.start()
                start = cut.end()
                break
        yield start, end


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space and punctuation at its edges."""
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return start, end


def _statement(text: str) -> tuple[int, int]:
    """The first run of sentences that say something and ask nothing."""
    first = last = None
    for start, end in sentences(text):
        said = text[start:end]
        if not said.strip(_EDGES) or (first is None and _FILLER.sub("", plain(said.strip()) + ",").strip(_EDGES) == ""):
            continue
        if is_question(said):
            if first is not None:
                break
            continue
        first = start if first is None else first
        last = end
    return (first, last) if first is not None and last is not None else (0, 0)


def _opening(folded: str, lead_ins: Sequence[str]) -> int:
    """Characters of a lead-in at the start, 0 when there is none."""
    for pattern in (_FILLER, _LEAD_IN):
        if m := pattern.match(folded):
            return m.end()
    for lead in lead_ins:
        if folded.startswith(lead) and not folded[len(lead) : len(lead) + 1].isalnum():
            return len(lead)
    return 0
