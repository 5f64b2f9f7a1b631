"""The agents of a plan by rules alone: they quote what is written down, and say where; nothing is made up (S36)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.delegation import ANALYST, RESEARCHER, SYNTHESISER, Agent, Assignment, Contribution
from engine.ports import Knowledge

MISSING = "I could not find out: {missing}."
_COMPARED_AT_LEAST = 2
"""Results that can stand side by side."""


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
        text = " ".join(f"{quote.text} (Source: {quote.source})" for quote in quotes)
        return Contribution(text=f"{assignment.input}: {text}", sources=tuple(quote.place for quote in quotes))


class Analyst:
    """Puts what others found side by side."""

    async def work(self, assignment: Assignment) -> Contribution | None:
        """Which texts the comparison stands on; nothing where there are not two of them."""
        found = assignment.given
        if len(found) < _COMPARED_AT_LEAST:
            return None
        sources = tuple(dict.fromkeys(source for one in found.values() for source in one.sources))
        return Contribution(text=f"{assignment.input}: both stand above, each in its own words.", sources=sources)


class Synthesiser:
    """Writes the one answer in a fixed layout."""

    async def work(self, assignment: Assignment) -> Contribution | None:
        """A heading, what each found, what is missing."""
        return report(assignment.input, list(assignment.given.values()), assignment.missing)


def report(title: str, parts: Sequence[Contribution], missing: Sequence[str]) -> Contribution:
    """The layout: a heading, a line for each part, and what is missing named last (S37)."""
    gap = [MISSING.format(missing="; ".join(missing))] if missing else []
    sources = dict.fromkeys(source for part in parts for source in part.sources)
    return Contribution(text="\n".join([title, *(f"- {part.text}" for part in parts), *gap]), sources=tuple(sources))
