"""Text slots without a pattern: the bare answer, or what follows the slot's label or a cue (R11)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.flow import SlotDef
from engine.readers.framed import asked_to_find, inside_frame
from engine.readers.reading import Found
from engine.readers.sentences import answer_span, trimmed
from engine.readers.small_words import SMALL_WORDS
from engine.readers.words import plain, words

_LINK = re.compile(
    r"\s{0,3}(?:(?:name )?(?:is called|is now|is|are|was|should be|should read|will be|called|named)\b|[:=]"
    r"|to\b)\s{0,3}"
)
_GAP = re.compile(r"\s{0,3}[:=]?\s{0,3}")
_STOP = re.compile(
    r"[,;!?\n]|\.(?=\s|$)|\s-{1,2}\s|\s(?:and|with|but|for|because|so|who|which|that|please|thanks|instead"
    r"|by the way)\b"
)
_NO_VALUE = re.compile(
    r"(?:not|wrong|incorrect|right|correct|fine|ok|okay|good|the same|same|required|optional|too|very|really|a problem"
    r"|what|which|it|this|that|unclear|missing|different|be)\b"
)
_IS_CUE = re.compile(r"(?:\b(?:am|are|is|was|were)|'m|'re|'s)$")


def find_text(slot: SlotDef, text: str, *, asked: bool) -> list[Found]:
    """The slot's text, as written. A `takes: question` slot takes the whole message; others no questions but requests
    to find something.

    Not asked: only what follows the label and a link ("the company is X"), or a cue ("we are X"), up to the end of
    the clause.
    """
    if slot.takes == "question":
        return [_found(text, *_whole(text))] if asked and text.strip() else []
    cued = list(_after_cues(slot, text))
    if cued or not asked:
        return cued
    start, end = answer_span(text, lead_ins(slot))
    if start == end:
        wanted = asked_to_find(slot, text)
        return [_found(text, *wanted)] if wanted else []
    return [_found(text, *inside_frame(slot, text, start, end))]


def lead_ins(slot: SlotDef) -> tuple[str, ...]:
    """Openings that only this slot has: its label and cues, with what links them to a value."""
    called = {plain(slot.called), slot.name.replace("_", " ")}
    linked = [
        f"{owner}{name} {link}" for owner in ("the ", "my ", "our ", "") for name in called for link in ("is", "are")
    ]
    return (*linked, *(plain(cue) for cue in slot.cues))


def _whole(text: str) -> tuple[int, int]:
    start, end = 0, len(text)
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _after_cues(slot: SlotDef, text: str) -> Iterator[Found]:
    folded = plain(text)
    seen = 0
    for place, after in sorted(_cue_places(slot, folded)):
        if place < seen:
            continue
        start, end = trimmed(text, after, _clause_end(text, after))
        if start < end and _NO_VALUE.match(folded, start) is None:
            seen = end
            yield _found(text, start, end)


def _cue_places(slot: SlotDef, folded: str) -> Iterator[tuple[int, int]]:
    """(start of the cue, start of the value) for each place where one may follow."""
    for name in {plain(slot.called), slot.name.replace("_", " ")}:
        for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", folded):
            link = _LINK.match(folded, m.end())
            if link:
                yield m.start(), link.end()
    for cue in slot.cues:
        said = plain(cue)
        for m in re.finditer(rf"(?<!\w){re.escape(said)}(?!\w)", folded):
            link = _LINK.match(folded, m.end()) or _GAP.match(folded, m.end())
            after = link.end() if link else m.end()
            if not _IS_CUE.search(said) or _may_be_name(folded, after):
                yield m.start(), after


def _may_be_name(folded: str, after: int) -> bool:
    """After "we are" stands a name, not "interested" or "looking for"."""
    following = words(folded[after : after + 60])
    first = following[0].text if following else ""
    return bool(first) and first not in SMALL_WORDS and not first.endswith(("ing", "ed"))


def _clause_end(text: str, start: int) -> int:
    """The end of the value that begins at `start`; "Marks and Spencer" goes on after its "and"."""
    for m in _STOP.finditer(plain(text), start):
        following = text[m.end() :].lstrip()
        goes_on = (
            m[0].strip() in {"and", "for", "with"} and text[start : start + 1].isupper() and following[:1].isupper()
        )
        if not (goes_on and not re.match(r"(?:I|I'm|I'd|We|My|Our|It|The)\b", following)):
            return m.start()
    return len(text)


def _found(text: str, start: int, end: int) -> Found:
    return Found(value=text[start:end], start=start, end=end, words=text[start:end])
