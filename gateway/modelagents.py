"""Agents with a model behind them: told only what their task needs; what they write counts if it says nothing new."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec

from engine.delegation import ANALYST, RESEARCHER, SYNTHESISER, Agent, Assignment, Contribution, Line
from engine.model import Model, Purpose
from engine.ports import Knowledge
from engine.readers.reading import Reading
from engine.readers.words import MAX_READ_CHARS
from engine.strict import strict_object
from gateway.agents import rule_agents
from gateway.claims import unfounded
from gateway.errands import Question, put, read_as

PARTS: Mapping[str, str] = {
    RESEARCHER: "agent_researcher",
    ANALYST: "agent_analyst",
    SYNTHESISER: "agent_synthesiser",
}
"""The prompt part of each agent: a desk and a flow may word it in their own way (S21)."""
BYTES_PER_TOKEN = 3
_MARKER = re.compile(r"\s?\[\d{1,2}\]")
_SCHEMA = strict_object({"text": {"type": "string"}, "sources": {"type": "array", "items": {"type": "string"}}})


def agents_of(
    model: Model | None, knowledge: Knowledge, reading: Callable[[], Reading], *, reply_budget: int
) -> Mapping[str, Agent]:
    """Who does what: rules, and before them a model if there is one. `reading`: how texts are read at the desk now;
    `reply_budget` is in tokens."""
    rules = rule_agents(knowledge)
    if model is None:
        return rules
    most_bytes = min(reply_budget * BYTES_PER_TOKEN, MAX_READ_CHARS)  # what is not read could claim anything
    place = Workplace(model=model, knowledge=knowledge, reading=reading, most_bytes=most_bytes)
    return {does: ModelAgent(does, floor, place) for does, floor in rules.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Workplace:
    """What all agents have at hand: a model, what is written down, how texts are read now, how much one may write."""

    model: Model
    knowledge: Knowledge
    reading: Callable[[], Reading]
    most_bytes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Text:
    """Something to rest on, and where it stands."""

    text: str
    sources: tuple[str, ...]


class _Written(msgspec.Struct, frozen=True):
    text: str
    sources: tuple[str, ...]


class ModelAgent:
    """Does what an agent by rules does, in a model's words. The floor goes first: where it has nothing, there is
    nothing a model could rest on."""

    def __init__(self, does: str, floor: Agent, place: Workplace) -> None:
        self._does, self._floor, self._place = does, floor, place

    async def work(self, assignment: Assignment) -> Contribution | None:
        """The model's text if all it claims was given to it and it names a source; else what rules make of it."""
        least = await self._floor.work(assignment)
        if least is None:
            return None
        texts = self._texts(assignment)
        known = {str(number): source for number, source in enumerate(_all_sources(texts), start=1)}
        if not known:
            return least
        places = {source: id for id, source in known.items()}
        question = Question(
            purpose=Purpose.AGENT,
            part=PARTS[self._does],
            texts=tuple({"ids": ", ".join(places[one] for one in each.sources), "text": each.text} for each in texts),
            values={"most_words": self._place.most_bytes // 6},
            schema=_SCHEMA,
            read=partial(self._read, texts=texts, known=known, assignment=assignment),
        )
        return await put(self._place.model, question, assignment) or least

    def _texts(self, assignment: Assignment) -> Sequence[_Text]:
        """A researcher rests on what the knowledge says of its input, everybody on what the tasks they need gave."""
        given = [_Text(text=one.text, sources=one.sources) for one in assignment.given.values()]
        if self._does != RESEARCHER:
            return given
        quotes = self._place.knowledge.quote(assignment.input, assignment.flow)
        return [*given, *(_Text(text=quote.text, sources=(quote.source,)) for quote in quotes)]

    def _read(
        self, answer: str, *, texts: Sequence[_Text], known: Mapping[str, str], assignment: Assignment
    ) -> Contribution:
        """Raises ValueError for a text that says more than it was given (S25), or that rests on nothing."""
        written = read_as(answer, _Written)
        text = _MARKER.sub("", written.text).strip()
        sources = tuple(dict.fromkeys(known[id.strip("[] ")] for id in written.sources if id.strip("[] ") in known))
        if not text:
            raise ValueError("it says nothing")
        if not sources:
            raise ValueError("it names none of the sources it was given")
        if len(text.encode()) > self._place.most_bytes:
            raise ValueError(f"it is longer than {self._place.most_bytes} bytes")
        grounds = [assignment.input, *("\n".join((one.text, *one.sources)) for one in texts)]
        if what := unfounded(text, grounds, self._place.reading()):
            raise ValueError(f"it holds {what} that nothing it was given holds")
        return Contribution(text=_cited(text, sources, assignment.line), sources=sources)


def _all_sources(texts: Sequence[_Text]) -> list[str]:
    return list(dict.fromkeys(source for one in texts for source in one.sources))


def _cited(text: str, sources: Sequence[str], line: Line) -> str:
    """With the sources that it does not name itself (S34)."""
    unnamed = [source for source in sources if source not in text]
    return line("quoted", answer=text, source="; ".join(unnamed)) if unnamed else text
