"""The rules in force, in their order. Importing the rooms is what registers their rules."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from engine.draft import Draft
from engine.heard import Hearing
from engine.rules import (
    ambiguity,
    bounds,
    contested,
    control,
    correction,
    expiry,
    failure,
    filling,
    forks,
    going_back,
    habits,
    intake,
    interruption,
    last_time,
    lists,
    nearness,
    offtopic,
    proposals,
    quoted,
    recalled,
    remembered,
    reopening,
    return_,
    satisfaction,
    several,
    talk,
    tries,
    vetting,
)
from engine.rules.given import Given, Situation, situation
from engine.rules.registry import Act, Only, Rule, Stage, registered
from engine.walk import Need

ROOMS = (
    intake,
    vetting,
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
    forks,
    going_back,
    bounds,
    offtopic,
    talk,
    satisfaction,
    failure,
    return_,
    expiry,
    habits,
    remembered,
    last_time,
    quoted,
    recalled,
)


_SITUATIONS = 1024
"""Kept at most: the rules that are asked in each. Far fewer come up."""


class Rules:
    """The rules by stage, in order; `without` switches some off (for the ablation test)."""

    def __init__(self, without: Iterable[str] = ()) -> None:
        off = frozenset(without)
        self._rules = sorted((r for r in registered() if r.id not in off), key=lambda r: (r.stage, r.order))
        self._by_stage = {stage: tuple(r for r in self._rules if r.stage is stage) for stage in Stage}
        self._by_need = {
            (need, bounded): tuple(
                r for r in self._by_stage[Stage.ARRIVE] if _arrives(r, need) and bounded >= (Only.BOUNDED in r.given)
            )
            for need in Need
            for bounded in (False, True)
        }
        self._asked_in = lru_cache(maxsize=_SITUATIONS)(self._choose)
        self.ids = tuple(r.id for r in self._rules)

    def run(self, stage: Stage, draft: Draft, hearing: Hearing) -> None:
        """Ask every rule of a stage; those that fire are noted."""
        _ask(self._by_stage[stage], draft, hearing)

    def arrive(self, need: Need, draft: Draft, hearing: Hearing) -> None:
        """The same for what the walk stopped for, and only the rules that this, and the flow it is in, concern."""
        if rules := self._by_need[need, draft.flow.bounded]:
            _ask(rules, draft, hearing)

    def run_all(self, stages: tuple[Stage, ...], draft: Draft, hearing: Hearing) -> None:
        """The same, one stage after the other, but for rules that lack what they need: of so many they are most. What
        is given is looked at anew behind each that fires."""
        place = -1
        while (place := self._next_to_fire(stages, draft, hearing, behind=place)) >= 0:
            draft.fired.append(self.ids[place])

    def _next_to_fire(self, stages: tuple[Stage, ...], draft: Draft, hearing: Hearing, *, behind: int) -> int:
        for place, act in self._asked_in(stages, situation(draft, hearing)):
            if place > behind and act(draft, hearing):
                return place
        return -1

    def _choose(self, stages: tuple[Stage, ...], given: Situation) -> tuple[tuple[int, Act], ...]:
        """The rules of these stages that may apply in a situation, each with its place in the order of all."""
        rules = enumerate(self._rules)
        return tuple((place, one.act) for place, one in rules if one.stage in stages and _may(one, given))


def _ask(rules: tuple[Rule, ...], draft: Draft, hearing: Hearing) -> None:
    for one in rules:
        if (not draft.done or one.consumed_too) and one.act(draft, hearing):
            draft.fired.append(one.id)


def _may(rule: Rule, given: Situation) -> bool:
    needed = [each for each in rule.given if isinstance(each, Given)]
    return (rule.consumed_too or not given[Given.DONE]) and all(given[each] for each in needed)


def _arrives(rule: Rule, need: Need) -> bool:
    needs = [each for each in rule.given if isinstance(each, Need)]
    return need in needs or not needs
