"""The `.txt` format: one conversation per file, one item per line (spec/conversation.md section 7)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_ITEM = re.compile(r"(?P<mark>%|>\*|>>|<<|<!|>|<|@|!|~|=|#)(?: (?P<rest>.*))?")
_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?\s*[smhd]\s*)+")
_PRESS = re.compile(r"\[(?P<label>[^\]]+)\](?:\^(?P<back>\d+))?")
_MEDIA = re.compile(r"\{(?P<kind>[a-z]+)\}(?: (?P<caption>.*))?")


class ScriptError(Exception):
    """A line the format does not know."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One item: its marker, what stands behind it, where it stands."""

    mark: str
    rest: str
    number: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """A whole file: title, settings (`%`), items in order."""

    title: str
    settings: dict[str, list[str]] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()


def read_script(text: str) -> Script:
    """Parse a file. Raises ScriptError that names the line."""
    settings: dict[str, list[str]] = {}
    lines: list[Line] = []
    title = ""
    for number, raw in _joined(text):
        if not raw.strip():
            continue
        found = _ITEM.fullmatch(raw.rstrip())
        if found is None:
            raise ScriptError(f"line {number}: {raw.strip()!r} begins with no marker; see spec section 7")
        mark, rest = found["mark"], (found["rest"] or "").strip()
        if mark == "#":
            title = title or rest
        elif mark == "%":
            key, _, value = rest.partition(" ")
            settings.setdefault(key, []).append(value.strip())
        else:
            lines.append(Line(mark=mark, rest=rest, number=number))
    return Script(title=title, settings=settings, lines=tuple(lines))


def _joined(text: str) -> Iterable[tuple[int, str]]:
    r"""Lines with their numbers; `\` at the end joins the next."""
    held, began = "", 0
    for number, raw in enumerate(text.splitlines(), 1):
        began = began or number
        if raw.endswith("\\"):
            held += raw[:-1]
            continue
        yield began, held + raw
        held, began = "", 0
    if held:
        yield began, held


def duration_s(text: str) -> float | None:
    """`1h 30m` in seconds; None when it is no duration."""
    if not _DURATION.fullmatch(text.strip()):
        return None
    return sum(float(n) * _UNITS_S[u] for n, u in re.findall(r"(\d+(?:\.\d+)?)\s*([smhd])", text))


def press(text: str) -> tuple[str, int] | None:
    """`[label]^2`: the label, and which of the newest replies is meant (1 is the newest)."""
    found = _PRESS.fullmatch(text)
    return (found["label"], int(found["back"] or 1)) if found else None


def media(text: str) -> tuple[str, str] | None:
    """`{photo} caption`: the kind and the caption."""
    found = _MEDIA.fullmatch(text)
    return (found["kind"], found["caption"] or "") if found else None


def split_choices(text: str) -> tuple[str, list[str] | None]:
    """`right one? [yes|no]`: the text, and the labels it must offer."""
    found = re.search(r"\[(?P<labels>[^\]\[]+)\]$", text)
    if not found or (text.startswith("/") and text.endswith("/")):
        return text, None
    return text[: found.start()].strip(), [label.strip() for label in found["labels"].split("|")]


_PLAIN = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "\u00a0": " "})


def normal(text: str) -> str:
    """Case-folded, white space collapsed, quotes and dashes made plain."""
    return " ".join(text.translate(_PLAIN).casefold().split())


def find(pattern: str, text: str, start: int = 0) -> int | None:
    """Where `pattern` ends in `text` when it occurs at or after `start`: literal with ` ... `, or `/re/`."""
    if len(pattern) > 1 and pattern.startswith("/") and pattern.endswith("/"):
        found = re.compile(pattern[1:-1], re.IGNORECASE | re.DOTALL).search(text, min(start, len(text)))
        return found.end() if found else None
    whole = normal(text)
    place = start
    for part in normal(pattern).split(" ... "):
        at = whole.find(part.removesuffix(" ...").removeprefix("... "), place)
        if at < 0:
            return None
        place = at + len(part)
    return place
