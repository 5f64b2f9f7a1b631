"""Dialogues that a deployment keeps: what customers said, with what each turn should have been understood as."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec


class Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One turn: the words; the slots that must be settled after it, canonical as `=` lines write them; and the flow
    that must then be on top, or have ended last."""

    say: str
    slots: dict[str, Any] = {}
    flow: str | None = None
    """None: not judged."""


class Dialogue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a file."""

    turns: tuple[Said, ...]
    id: str = ""
    flow: str = ""
    """Begun by its title before the first turn."""


class DialogueError(Exception):
    """A line that is no dialogue: where it stands, and what is wrong with it."""


def read_dialogues(file: Path) -> tuple[Dialogue, ...]:
    """The dialogues of a file, a JSON object a line; one without an id is named by its line. Raises DialogueError."""
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DialogueError(f"{file} cannot be read: {error}") from None
    found: list[Dialogue] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            one = msgspec.json.decode(line, type=Dialogue)
        except (msgspec.DecodeError, msgspec.ValidationError) as fault:
            what = 'write {"turns": [{"say": "...", "slots": {...}, "flow": "..."}]}, one dialogue a line'
            raise DialogueError(f"{file}:{number}: it is no dialogue: {fault}; {what}") from None
        found.append(one if one.id else msgspec.structs.replace(one, id=f"{file.stem}:{number}"))
    twice = {one.id for one in found if [other.id for other in found].count(one.id) > 1}
    if twice:
        raise DialogueError(f"{file} has two dialogues of one id: {', '.join(sorted(twice))}; name each differently")
    return tuple(found)
