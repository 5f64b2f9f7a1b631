"""Answers lines of JSON with what the rules make of their texts (`frontdesk understand`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from engine.book import Book
from engine.desk import DeskDef
from engine.flow import FlowDef, StateKind
from engine.flowfile import read_flow
from engine.rules.ordered import Rules
from engine.sounding import Sounding, sound
from gateway.clock import SystemClock
from gateway.core import homes_of
from gateway.knowledge import Shelf
from gateway.settings import Settings

ASKED = "asked"
"""The flow that a line's own `slot` stands in."""
VALUE = "value"
"""The name its value goes by."""
_BOOKS = 512


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line in: a text, and how it is to be heard."""

    text: str
    slot: dict[str, Any] | None = None
    flow: str | None = None
    state: str | None = None
    now: datetime | None = None
    """Without a zone: the desk's wall clock."""
    locale: str | None = None


class Unheard(Exception):
    """A line that cannot be answered: its sentence says why, and what would do."""


class Sounder:
    """The flows of a deployment, and whatever slots the lines bring along."""

    def __init__(self, flows: tuple[FlowDef, ...], desk: DeskDef, shelf: Shelf) -> None:
        self._flows, self._desk, self._shelf = flows, desk, shelf
        self._rules = Rules()
        self._zone = ZoneInfo(desk.timezone)
        self._clock = SystemClock()
        self._desk_book = lru_cache(maxsize=16)(self._open_desk)
        self._slot_book = lru_cache(maxsize=_BOOKS)(self._open_slot)

    @classmethod
    def of(cls, settings: Settings, environ: Mapping[str, str]) -> Sounder:
        """Over the flows that the settings name. Raises FlowError."""
        folder, _ = homes_of(settings, environ)
        return cls(folder.flows, folder.desk, Shelf(folder.passages))

    def answer(self, line: bytes) -> str:
        """One JSON object for one line; with `error` beside its empty answer when the line is none."""
        try:
            said = msgspec.json.decode(line, type=Line)
            found, error = self._sound(said), ""
        except (msgspec.DecodeError, UnicodeDecodeError) as fault:
            found, error = _nothing(), f"this line is no question: {fault}; give a JSON object with a `text`"
        except Unheard as fault:
            found, error = _nothing(), str(fault)
        told = msgspec.to_builtins(found) | ({"error": error} if error else {})
        return json.dumps(told, ensure_ascii=False)

    def _sound(self, line: Line) -> Sounding:
        now = line.now or self._clock.now()
        now = (now if now.tzinfo else now.replace(tzinfo=self._zone)).astimezone(UTC)
        locale = line.locale or self._desk.locale
        if line.slot is not None:
            book = self._slot_book(json.dumps(line.slot), locale)
            heard = sound(line.text, book, self._rules, now=now, at=(ASKED, ASKED))
            return replace(heard, flow=None, candidates=(), slots={VALUE: heard.slots.get(VALUE)})
        return sound(line.text, self._desk_book(locale), self._rules, now=now, at=self._place(line))

    def _place(self, line: Line) -> tuple[str, str] | None:
        """The question that is open. A flow without a state: its first."""
        if line.flow is None:
            if line.state is not None:
                raise Unheard("`state` is given without `flow`; name the flow it belongs to")
            return None
        flow = next((flow for flow in self._flows if flow.name == line.flow), None)
        if flow is None:
            known = ", ".join(flow.name for flow in self._flows)
            raise Unheard(f"there is no flow {line.flow!r}; there are: {known}")
        asks = [name for name, state in flow.states.items() if state.kind is StateKind.ASK]
        state = line.state or next(iter(asks), None)
        if state not in asks:
            raise Unheard(f"{line.state!r} asks nothing in {line.flow!r}; these do: {', '.join(asks) or 'none'}")
        return line.flow, state

    def _open_desk(self, locale: str) -> Book:
        return Book(self._flows, replace(self._desk, locale=locale), knowledge=self._shelf)

    def _open_slot(self, slot: str, locale: str) -> Book:
        """A desk whose one flow asks for the slot."""
        flow = {
            "frontdesk": 1,
            "flow": ASKED,
            "title": ASKED,
            "slots": {VALUE: json.loads(slot)},
            "states": {
                ASKED: {"prompt": ASKED, "slot": VALUE, "next": "done"},
                "done": {"prompt": ASKED, "terminal": True, "outcome": "resolved"},
            },
        }
        read = read_flow(json.dumps(flow), "slot")
        wrong = [problem for problem in read.problems if not problem.warning]
        if wrong or read.flow is None:
            raise Unheard("; ".join(f"{problem.key}: {problem.what}; {problem.remedy}" for problem in wrong))
        return Book([replace(read.flow, title="", name=ASKED)], replace(self._desk, locale=locale))


def _nothing() -> Sounding:
    return Sounding(command=None, flow=None, candidates=(), reply=None, slots={}, question=None, rules=())
