"""The `.txt` format: one conversation per file, one item per line (spec/conversation.md section 7)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

CHANNEL = "web"
"""Where a conversation plays that does not say so."""
NOW = datetime(2026, 3, 2, 15, 15, tzinfo=UTC)
"""When a conversation plays that does not say so."""

GARBAGE = "Sure! Here you go."
"""What a model says that does not do as it is asked."""
MEDIA = frozenset({"sticker", "photo", "voice", "location", "empty"})

_ITEM = re.compile(r"(?P<mark>%|>\*|>>|<<|<!|>|<|@|!|~|=|#)(?: (?P<rest>.*))?")
_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])")
_DURATION = re.compile(rf"(?:{_AMOUNT.pattern}\s*)+")
_PRESS = re.compile(r"\[(?P<label>[^\]]+)\](?:\^(?P<back>[1-9]\d*))?")
_MEDIA = re.compile(r"\{(?P<kind>[^}]*)\}(?: (?P<caption>.*))?")
_STUB = re.compile(r"(?P<action>\S+) (?P<outcome>\S+)(?: (?P<body>.+))?")
_SETTING = re.compile(r"(?P<name>[A-Z][A-Z0-9_]*)=(?P<value>.*)")
_SAY = "say"


class ScriptError(Exception):
    """A line that cannot be rehearsed: where it stands, and what is wrong with it."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line}: {what}")
        self.line = line
        self.what = what


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One item: its marker, what stands behind it, where it stands."""

    mark: str
    rest: str
    number: int

    def __str__(self) -> str:
        return f"{self.mark} {self.rest}".rstrip()


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """A whole file. `environ` are the variables it sets for its flows."""

    title: str = ""
    now: datetime = NOW
    channel: str = CHANNEL
    person: str = "customer"
    flow: str = ""
    """Started before the first line."""
    earlier: tuple[Line, ...] = ()
    """What is remembered of the customer: `% remember` and `% history` lines."""
    variants: tuple[Line, ...] = ()
    """What of the experiments it plays: `% variant` lines; of others `control`."""
    environ: dict[str, str] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()


def read_script(text: str) -> Script:
    """Parse a file. Raises ScriptError for the first line that the format does not know."""
    title = ""
    head: dict[str, Any] = {"environ": {}, "earlier": (), "variants": ()}
    lines: list[Line] = []
    for place, line in enumerate(_lines(text)):
        if line.mark == "#":
            title = line.rest if place == 0 else title
        elif line.mark == "%":
            if lines:
                raise ScriptError(line.number, f"`{line}` must stand before the first turn")
            _set(head, line)
        else:
            if line.mark == "~" and phrased(line) is None:
                proposal(line)
            lines.append(line)
    return Script(title=title, lines=tuple(lines), **head)


def _lines(text: str) -> Iterator[Line]:
    for number, raw in _joined(text):
        if not raw.strip():
            continue
        found = _ITEM.fullmatch(raw.rstrip())
        if found is None:
            raise ScriptError(number, f"`{raw.strip()}` begins with no marker and a space, such as `> ` or `< `")
        yield Line(mark=found["mark"], rest=(found["rest"] or "").strip(), number=number)


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


def _set(head: dict[str, Any], line: Line) -> None:
    key, _, value = line.rest.partition(" ")
    match key:
        case "now":
            head["now"] = instant(value.strip(), line)
        case "channel" | "person" | "flow" if value.strip():
            head[key] = value.strip()
        case "set":
            found = _SETTING.fullmatch(value.strip())
            if found is None:
                raise ScriptError(line.number, f"`{line}` sets no variable; write `% set NAME=value`")
            head["environ"][found["name"]] = found["value"]
        case "remember" | "history":
            head["earlier"] += (line,)
        case "variant":
            head["variants"] += (line,)
        case "channel" | "person" | "flow":
            raise ScriptError(line.number, f"`% {key}` names none; write its name behind it")
        case _:
            raise ScriptError(
                line.number,
                f"`% {key}` is unknown; there are: now, channel, person, flow, set, remember, history, variant",
            )


def instant(text: str, line: Line) -> datetime:
    """An ISO time; UTC where it names no zone. Raises ScriptError."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ScriptError(line.number, f"`{text}` is no ISO time such as {NOW:%Y-%m-%dT%H:%M:%SZ}") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def duration_s(text: str) -> float | None:
    """`1h 30m` in seconds; None when it is no duration."""
    if not _DURATION.fullmatch(text):
        return None
    return sum(float(number) * _UNITS_S[unit] for number, unit in _AMOUNT.findall(text))


def in_units(seconds: int) -> str:
    """Seconds as `1h 30m`; at least a second."""
    parts: list[str] = []
    rest = max(seconds, 1)
    for unit, size in sorted(_UNITS_S.items(), key=lambda one: -one[1]):
        number, rest = divmod(rest, size)
        parts += [f"{number}{unit}"] if number else []
    return " ".join(parts)


def press(text: str) -> tuple[str, int] | None:
    """`[label]^2`: the label, and which of the newest replies is meant (1 is the newest)."""
    found = _PRESS.fullmatch(text)
    return (found["label"], int(found["back"] or 1)) if found else None


def media(line: Line) -> tuple[str, str] | None:
    """`{photo} caption`: the kind and the caption. Raises ScriptError for a kind nobody sends."""
    found = _MEDIA.fullmatch(line.rest)
    if found is None:
        return None
    if found["kind"] not in MEDIA:
        raise ScriptError(line.number, f"{{{found['kind']}}} is unknown; there are: {', '.join(sorted(MEDIA))}")
    return found["kind"], found["caption"] or ""


def phrased(line: Line) -> str | None:
    """What a model makes of the next turn's reply, of `~ say TEXT`; None for another line. Raises ScriptError."""
    word, _, text = line.rest.partition(" ")
    if word != _SAY:
        return None
    if not text.strip():
        raise ScriptError(line.number, "`~ say` says nothing; write what a model makes of the reply behind it")
    return text.strip()


def proposal(line: Line) -> str | None:
    """What a model answers to the next turn's extraction: its text; None for none in time. Raises ScriptError."""
    match line.rest:
        case "timeout":
            return None
        case "garbage":
            return GARBAGE
        case text:
            try:
                json.loads(text)
            except ValueError:
                raise ScriptError(
                    line.number, f"`{text}` is neither JSON, nor timeout, nor garbage, nor say and a text"
                ) from None
            return text


def stub(line: Line) -> tuple[str, str, Any]:
    """`action outcome [json]`: the three of them; None for no JSON. Raises ScriptError."""
    found = _STUB.fullmatch(line.rest)
    if found is None:
        raise ScriptError(line.number, f"`{line}` is not `! action outcome` with or without JSON")
    try:
        return found["action"], found["outcome"], json.loads(found["body"] or "null")
    except ValueError:
        raise ScriptError(line.number, f"`{found['body']}` is not JSON") from None
