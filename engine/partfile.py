"""A part of a prompt as its file holds it: what is set on top of it, between two lines `---`, and its text."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FENCE = "---"
_KEY = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:[ \t]*(.*)")
_NAME = re.compile(r"[A-Za-z0-9][\w.:/@-]{0,199}")
KEYS = ("model",)
"""What may be set."""


class PartFault(ValueError):
    """What is wrong with the top of a file: `line` counts from 1, `key` is the one that is wrong, if one is."""

    def __init__(self, line: int, key: str, what: str, remedy: str) -> None:
        super().__init__(f"line {line}: {what}; {remedy}")
        self.line, self.key, self.what, self.remedy = line, key, what, remedy


@dataclass(frozen=True, kw_only=True, slots=True)
class PartFile:
    """The text, the file's lines above it, and what is set: `model`, the pinned name of another model (X53)."""

    text: str
    above: int = 0
    model: str = ""


def read_part(source: str) -> PartFile:
    """Read a file's text. Raises PartFault for a key that nobody knows, or a value that cannot be meant."""
    lines = source.splitlines(keepends=True)
    if not lines or lines[0].strip() != _FENCE:
        return PartFile(text=source)
    end = next((place for place, line in enumerate(lines) if place and line.strip() == _FENCE), None)
    if end is None:
        raise PartFault(1, "", "what is set on top does not end", "close it with a second line `---`, above the text")
    found: dict[str, str] = {}
    for number, line in enumerate(lines[1:end], start=2):
        if line.strip() and not line.lstrip().startswith("#"):
            _set(found, number, line.strip())
    return PartFile(text="".join(lines[end + 1 :]), above=end + 1, model=found.get("model", ""))


def _set(found: dict[str, str], number: int, line: str) -> None:
    pair = _KEY.fullmatch(line)
    if pair is None:
        raise PartFault(number, "", "this sets nothing", "write `model: NAME`, or close the top with a line `---`")
    key, value = pair[1], pair[2].strip()
    if key not in KEYS:
        raise PartFault(number, key, f"a prompt has no key `{key}`", "remove it; a prompt knows `model`")
    if key in found:
        raise PartFault(number, key, f"`{key}` is here twice, and only one can count", "remove one of them")
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        value = value[1:-1]
    if not _NAME.fullmatch(value):
        raise PartFault(number, key, "this is no model's name", "write the name its provider lists, or remove the line")
    found[key] = value
