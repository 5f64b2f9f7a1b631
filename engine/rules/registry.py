"""The register of rules. A rule is a function of the draft and what was heard; notes name those that fired."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

from engine.draft import Draft
from engine.heard import Hearing
from engine.rules.given import Given
from engine.walk import Need


class Stage(IntEnum):
    """When a rule is asked, in the order of a turn (spec/conversation.md section 2)."""

    GATHER = 0
    """Once a turn where several texts wait, before the first is heard."""
    LOAD = 1
    """Once a turn that has runs: are they still of this desk?"""
    INTAKE = 2
    SYSTEM = 3
    CONTROL = 4
    ROUTE = 5
    VALUES = 6
    TALK = 7
    TRIES = 8
    ARRIVE = 9
    """After the walk: what the new position means."""
    END = 10
    """A run has ended."""
    QUOTED = 12
    """A look into the desk's own texts found something: how it is told (S33, S34)."""
    DUE = 11
    """A clock of the conversation rang: nobody wrote, and nothing is said."""


Act = Callable[[Draft, Hearing], bool]
"""Does the rule apply, and if so apply it: True says that it fired."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One registered rule. `order` places it within its stage: order is part of the rule. `given` is what it cannot do
    without: where one of these lacks, it would not fire and change nothing, and it is not asked. Of a
    rule of ARRIVE it names what the walk may have stopped for."""

    id: str
    stage: Stage
    order: int
    act: Act
    given: tuple[Given | Need, ...] = ()
    consumed_too: bool = False
    """Asked even when an earlier rule has used the event up."""


_REGISTER: dict[str, Rule] = {}


def rule(
    id: str,
    stage: Stage,
    order: int,
    *,
    given: tuple[Given | Need, ...] = (),
    consumed_too: bool = False,
) -> Callable[[Act], Act]:
    """Register a function as the rule `id` (`R56.help` for a part of R56)."""

    def register(act: Act) -> Act:
        if id in _REGISTER:
            raise ValueError(f"rule {id} is registered twice")
        _REGISTER[id] = Rule(id=id, stage=stage, order=order, act=act, given=given, consumed_too=consumed_too)
        return act

    return register


def registered() -> Iterable[Rule]:
    """Every rule that has been registered so far."""
    return tuple(_REGISTER.values())
