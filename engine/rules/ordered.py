"""The rules in force, in their order. Importing the rooms is what registers their rules."""

from __future__ import annotations

from collections.abc import Iterable

from engine.draft import Draft
from engine.heard import Hearing
from engine.rules import (
    ambiguity,
    contested,
    control,
    correction,
    expiry,
    failure,
    filling,
    going_back,
    intake,
    interruption,
    lists,
    nearness,
    offtopic,
    proposals,
    reopening,
    return_,
    several,
    talk,
    tries,
)
from engine.rules.registry import Stage, registered

ROOMS = (
    intake,
    proposals,
    filling,
    contested,
    lists,
    tries,
    ambiguity,
    nearness,
    correction,
    reopening,
    interruption,
    several,
    control,
    going_back,
    offtopic,
    talk,
    failure,
    return_,
    expiry,
)


class Rules:
    """The rules by stage, in order; `without` switches some off (for the ablation test)."""

    def __init__(self, without: Iterable[str] = ()) -> None:
        off = frozenset(without)
        found = sorted((r for r in registered() if r.id not in off), key=lambda r: (r.stage, r.order))
        self._by_stage = {stage: tuple(r for r in found if r.stage is stage) for stage in Stage}
        self.ids = tuple(r.id for r in found)

    def run(self, stage: Stage, draft: Draft, hearing: Hearing) -> None:
        """Ask every rule of a stage; those that fire are noted."""
        for one in self._by_stage[stage]:
            if (not draft.done or one.consumed_too) and one.act(draft, hearing):
                draft.fired.append(one.id)
