"""A kept conversation in exchanges: what was done, and all that came of it at once, from the journal's notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from engine.account import Came, Took
from engine.archive import Archived
from engine.extraction import Consultation
from engine.notes import Notes
from engine.ports import ERROR, Quote
from gateway.rows import is_result
from handoff.buttons import TRIGGERS
from handoff.moves import Trigger

_NOT_ON_THE_CARD = (Trigger.VERDICT, Trigger.TAKE_OVER, Trigger.KEEP_INTERNAL)
BUTTONS = {trigger.value: name for name, trigger in TRIGGERS.items() if trigger not in _NOT_ON_THE_CARD}
"""What an agent does by pressing: its word in the notes, and the button."""
_CLOCKS = "tick:"


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchange:
    """One turn of the customer, of an agent or of a clock, with the turns of the calls that it made (W9)."""

    turns: tuple[Notes, ...]

    @property
    def first(self) -> Notes:
        """The turn that began it."""
        return self.turns[0]

    @property
    def last(self) -> Notes:
        """The turn that ended it."""
        return self.turns[-1]

    @property
    def at(self) -> datetime:
        """When it began."""
        return self.first.at

    @property
    def by_clock(self) -> bool:
        """Did only time pass?"""
        return self.first.events[0].startswith(_CLOCKS)

    @property
    def button(self) -> str:
        """What an agent pressed, if that is what happened."""
        if self.customers or self.first.answered or self.by_clock:
            return ""
        return next((BUTTONS[word] for word in self.first.desk.split(", ") if word in BUTTONS), "")

    @property
    def customers(self) -> bool:
        """Did the customer do something?"""
        return bool(self.first.heard or self.first.pressed)

    @property
    def acts(self) -> tuple[str, ...]:
        """What was done, as a conversation file writes it."""
        first = self.first
        if first.pressed and first.pressed[0].startswith("{"):
            return (" ".join((f"> {first.pressed[0]}", *first.heard)),)
        if self.customers:
            return tuple(f"> {' '.join(text.split())}" for text in (*first.heard, *first.pressed))
        if first.answered:
            return tuple(f">> {text}" for text in first.answered.splitlines() if text.strip())
        return (f">> [{self.button}]",) if self.button else ()

    @property
    def said(self) -> str:
        """What the customer was told."""
        told = (text for notes in self.turns for text in (notes.answered, notes.said))
        return "\n".join(filter(None, told))

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of the rules that fired, each once."""
        return tuple(dict.fromkeys(id for notes in self.turns for id in notes.rules))

    @property
    def took(self) -> tuple[Took, ...]:
        """Values that were taken."""
        return tuple(one for notes in self.turns for one in notes.took)

    @property
    def walked(self) -> tuple[str, ...]:
        """States that were entered."""
        return tuple(state for notes in self.turns for state in notes.walked)

    @property
    def came(self) -> tuple[Came, ...]:
        """What actions came to."""
        return tuple(one for notes in self.turns for one in notes.came)

    @property
    def archived(self) -> tuple[Archived, ...]:
        """Runs that ended."""
        return tuple(one for notes in self.turns for one in notes.archived)

    @property
    def meant(self) -> dict[str, tuple[Quote, ...]]:
        """What answered questions by their meaning."""
        return {question: found for notes in self.turns for question, found in notes.meant.items()}

    @property
    def consulted(self) -> tuple[Consultation, ...]:
        """What a model was asked."""
        return tuple(one for notes in self.turns for one in notes.consulted)


def exchanges(turns: Iterable[Notes]) -> tuple[Exchange, ...]:
    """The turns, oldest first, in exchanges; what a model wrote behind a reply is none."""
    found: list[Exchange] = []
    for notes in turns:
        if notes.job is not None:
            continue
        if found and notes.events and is_result(notes.events[0]):
            found[-1] = replace(found[-1], turns=(*found[-1].turns, notes))
        elif notes.events:
            found.append(Exchange(turns=(notes,)))
    return tuple(found)


def fate(came: Came) -> str:
    """What an action came to, as a `!` line writes it."""
    if came.outcome != ERROR:
        return came.outcome
    return "error" if came.certain else "unknown"
