"""What was understood of one message: the closed set of things rules may act on (commands of section 1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from engine.readers.answer import Answer
from engine.readers.control import ReadControl
from engine.readers.routing import Candidate
from engine.subject import Proposal


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """One value found for a slot: canonical, with the customer's words; `fault` says why it breaks a rule.

    `asked`: it answers the open question.
    """

    slot: str
    value: Any
    words: str = ""
    fault: str = ""
    asked: bool = False
    start: int = 0
    end: int = 0
    model: bool = False
    """A model proposed it."""
    within: frozenset[str] = frozenset()
    """The only flows it was asked for (W12); none: whichever has the slot."""


class Hearing(msgspec.Struct):
    """Everything understood of one event. Rules take away what they used up; what is left is unexplained."""

    text: str = ""
    consent: bool | None = None
    """True: the person opts in; False: opts out (X65)."""
    answered: bool = False
    """The provider has answered already: say nothing (C74)."""
    readable: bool = True
    too_long: bool = False
    pressed: Any = None
    """The value of a pressed option that belongs to the open question."""
    stale: bool = False
    """An option was pressed that belongs to an earlier question (C26, R38)."""
    rating: int | None = None
    """A button of the last question how it went was pressed (S39)."""
    offered: bool = False
    """This very message was met with the resume offer: it does not answer it (R57)."""
    control: ReadControl | None = None
    answer: Answer | None = None
    values: list[Heard] = []
    rivals: tuple[str, ...] = ()
    """Two different values for the asked slot in one message (R25)."""
    used: list[Heard] = []
    """Values that a rule has used up."""
    routes: Sequence[Candidate] = ()
    task_words: str = ""
    """The words that speak for the best of `routes`; they stay when a rule has taken that up."""
    answers_only: bool = False
    """Nothing but the answer to the open question."""
    bare: bool = False
    """Nothing but lead-in and trigger (R28)."""
    question: bool = False
    greeting: str | None = None
    agreed: bool = False
    """The values are a correction that was asked back and confirmed (R40)."""
    proposals: list[Proposal] = []
    """What a model makes of the message, while no rule has looked at it."""
    read_by_model: frozenset[str] = frozenset()
    """Open text slots that the model has read, so that readers need not guess at them."""
    person_meant: bool = False
    """A model took it as a wish for a person: to be asked back, never acted on."""
    asks_back: bool = False
    """Something that was said before is asked for (S11)."""
    like_last: bool = False
    """ "Same as last time" (S13)."""
    about: str | None = None
    """why or what: a question about the open question itself (R43)."""

    def of(self, slot: str) -> Heard | None:
        """The value heard for a slot, if any."""
        for heard in self.values:
            if heard.slot == slot:
                return heard
        return None

    def drop(self, slot: str) -> None:
        """Use up what was heard for a slot."""
        self.used += [heard for heard in self.values if heard.slot == slot]
        self.values = [heard for heard in self.values if heard.slot != slot]
