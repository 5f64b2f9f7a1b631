"""The agents of a plan by rules alone: they quote what is written down, and say where; nothing is made up (S36)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.delegation import ANALYST, RESEARCHER, SYNTHESISER, Agent, Assignment, Contribution, Line
from engine.ports import Knowledge
from engine.readers.inquiries import is_topical
from engine.readers.words import words

_COMPARED_AT_LEAST = 2
"""Results that can stand side by side."""
_TOPICS_AT_MOST = 4


def rule_agents(knowledge: Knowledge) -> Mapping[str, Agent]:
    """Who does what while no model stands behind an agent."""
    return {RESEARCHER: Researcher(knowledge), ANALYST: Analyst(), SYNTHESISER: Synthesiser()}


class Researcher:
    """Looks its input up in the desk's knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    async def work(self, assignment: Assignment) -> Contribution | None:
        """The best passages; where two disagree both."""
        quotes = self._knowledge.quote(assignment.input, assignment.flow)
        if not quotes:
            return None
        text = " ".join(assignment.line("quoted", answer=quote.text, source=quote.source) for quote in quotes)
        return Contribution(text=f"{assignment.input}: {text}", sources=tuple(quote.source for quote in quotes))


class Analyst:
    """Says what others' texts have in common."""

    async def work(self, assignment: Assignment) -> Contribution | None:
        """The topics that all of them speak of; nothing where there are not two of them."""
        found = list(assignment.given.values())
        if len(found) < _COMPARED_AT_LEAST:
            return None
        frame = assignment.line("quoted", answer="", source="")
        common = _in_common([one.text for one in found], besides=f"{assignment.input} {frame}")
        topics = ", ".join(common)
        said = assignment.line("work_common", topics=topics) if common else assignment.line("work_apart")
        sources = dict.fromkeys(source for one in found for source in one.sources)
        return Contribution(text=f"{assignment.input}: {said}", sources=tuple(sources))


def _in_common(texts: Sequence[str], *, besides: str) -> list[str]:
    """The words of topics, as the first text writes them, that stand in all texts, and not in `besides`."""
    known = [{word.stem for word in words(text)} for text in texts[1:]]
    own = {word.stem for word in words(besides)}
    first = {word.stem: word.text for word in words(texts[0]) if is_topical(word) and word.stem not in own}
    return [said for stem, said in first.items() if all(stem in one for one in known)][:_TOPICS_AT_MOST]


class Synthesiser:
    """Writes the one answer in a fixed layout."""

    async def work(self, assignment: Assignment) -> Contribution | None:
        """A heading, what each found, what is missing."""
        return report(assignment.input, list(assignment.given.values()), assignment.missing, assignment.line)


def report(title: str, parts: Sequence[Contribution], missing: Sequence[str], line: Line) -> Contribution:
    """The layout: a heading, a line for each part, and what is missing named last (S37)."""
    gap = [line("work_missing", missing="; ".join(missing))] if missing else []
    sources = dict.fromkeys(source for part in parts for source in part.sources)
    return Contribution(text="\n".join([title, *(f"- {part.text}" for part in parts), *gap]), sources=tuple(sources))
