"""What an agent filled in: the inputs of a window, or of the page's own form, read into plain values (H58)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TypeVar

import msgspec

from handoff.case import Outcome, Verdict
from handoff.snoozing import read_until


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """What was filled in; what was left empty or makes no sense is as if it had not been asked."""

    outcome: Outcome | None = None
    verdict: Verdict | None = None
    note: str = ""
    queue: str = ""
    until: datetime | None = None
    text: str = ""


_Word = TypeVar("_Word", bound=StrEnum)


def read_answers(action: str, inputs: str, *, now: datetime, zone: str) -> Answers:
    """Read the inputs, JSON of {name: text | [text] | null}, of the window or form named by `action`; `zone` is the
    desk's, for `until`. Never raises."""
    try:
        given = msgspec.json.decode(inputs, type=dict[str, str | list[str] | None])
    except msgspec.DecodeError:
        return Answers()
    said = {name: value[0] if isinstance(value, list) and value else value for name, value in given.items()}
    words = {name: value for name, value in said.items() if isinstance(value, str)}
    return Answers(
        outcome=_word(Outcome, words.get("outcome", "")),
        verdict=_word(Verdict, words.get("verdict", "")),
        note=words.get("note", "").strip(),
        queue=words.get("queue", ""),
        until=read_until(words.get("until", ""), now, zone),
        text=words.get("text", "").strip(),
    )


def _word(kind: type[_Word], text: str) -> _Word | None:
    return kind(text) if text in set(kind) else None
