"""What a model's line may stand on: the author's reply, and what is known; and why it may fall (S25)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.checking import reaches
from engine.claims import claims
from engine.message import Limits
from engine.readers.reading import Reading
from engine.readers.words import only


class Fault(StrEnum):
    """Why a line is not said; a closed set, for it labels a counter (X16)."""

    SILENT = "silent"
    LONG = "long"
    CHARACTERS = "characters"
    LINK = "link"
    PROMPT = "prompt"
    PROMISE = "promise"
    VALUE = "value"
    MISSING = "missing"
    DENIAL = "denial"
    NAME = "name"
    STEP = "step"
    QUESTION = "question"
    STRANGE = "strange"


WHY = {
    Fault.SILENT: "it says nothing",
    Fault.LONG: "it is longer than the desk or the channel lets a reply be",
    Fault.CHARACTERS: "it holds markup, or characters that the reply has no use for",
    Fault.LINK: "it holds a link that the author did not write",
    Fault.PROMPT: "it gives away what the model was told",
    Fault.PROMISE: "it promises, reports or asks for what the author does not",
    Fault.VALUE: "it holds a value that no slot, fact or reply has",
    Fault.MISSING: "it leaves out a value, or changes the order of two",
    Fault.DENIAL: "it denies what the author does not deny, or the other way round",
    Fault.NAME: "it names somebody or something that the author does not",
    Fault.STEP: "it names another step or task",
    Fault.QUESTION: "it does not keep the question, or asks another",
    Fault.STRANGE: "it speaks of something else",
}
"""The same for a person."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Footing:
    """What a line may stand on: the author's reply, `known` values as a person reads them; and what it may not say."""

    told: str
    question: str
    known: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    """Values that must stay where the author names them."""
    others: tuple[str, ...] = ()
    """Titles of other steps and tasks."""
    instruction: str = ""
    """What the model was told to do: none of it is for customers (X56)."""
    mark: str = ""
    limits: Limits
    budget: int
    """Tokens (S20)."""
    reading: Reading

    @property
    def author(self) -> str:
        """The whole reply."""
        return f"{self.told}\n{self.question}".strip()

    @property
    def said(self) -> str:
        """Everything that may be said."""
        return "\n".join((self.author, *self.known))

    def claims(self, text: str) -> set[tuple[str, str]]:
        """What a text claims, read as this desk reads."""
        return {claim.what for claim in claims(text, self.reading)}


def links(text: str) -> set[str]:
    """Whatever could be a link, a mention or markup in a text."""
    return {token.strip(".,;:!?()") for token in text.split() if reaches(token)}


def titles(names: Iterable[str], own: Sequence[str]) -> tuple[str, ...]:
    """Titles of more words than one, that are none of the step's own: a single word may mean anything."""
    mine = {only(name) for name in own}
    return tuple(name for name in names if " " in only(name) and only(name) not in mine)
