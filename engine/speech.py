"""What a turn is going to say, in parts, until `say` composes the one reply (R9)."""

from __future__ import annotations

import msgspec

from engine.question import Choice


class Speech(msgspec.Struct):
    """The parts of the one composed reply, in R9's order."""

    got: list[tuple[str, str]] = []
    acks: list[str] = []
    changed: dict[tuple[str, str], tuple[str, str, str]] = {}
    """(run, slot) -> label, what it was before this turn, what it is now (R30, R37)."""
    together: bool = False
    """What was got and what was changed go into one sentence (R7)."""
    answers: list[str] = []
    quoted: list[str] = []
    """Where the knowledge stands that some of the answers are quoted from."""
    notices: list[str] = []
    said: list[str] = []
    lead: tuple[str, dict[str, object]] | None = None
    """A line that frames the question ("Going back to {task}: {question}")."""
    question: str = ""
    choices: tuple[Choice, ...] = ()
    mark: str = ""
    reworded: bool = False
    """The question was put in other words already; do not put the author's again."""
