"""The proofs of rules: one per registered rule, each given the rules to switch off."""

from __future__ import annotations

from collections.abc import Callable

from engine.flow import FlowDef
from tests.engine.flows_for_tests import REFUND, SHOP, SIGNUP
from tests.engine.talk import Talk

Shows = Callable[[tuple[str, ...]], None]
PROOFS: dict[str, Shows] = {}


def proof(id: str) -> Callable[[Shows], Shows]:
    """The test of one rule; it is given the rules to switch off."""

    def keep(shows: Shows) -> Shows:
        assert id not in PROOFS
        PROOFS[id] = shows
        return shows

    return keep


def refund(without: tuple[str, ...], *more: FlowDef) -> Talk:
    """A talk about a refund."""
    return Talk(REFUND, *more, answers=SHOP, without=without)


def signup(without: tuple[str, ...]) -> Talk:
    """A talk about a new account."""
    return Talk(SIGNUP, without=without)


def at_the_confirmation(without: tuple[str, ...]) -> Talk:
    """A refund up to its bound confirmation."""
    talk = refund(without)
    talk.say("I want a refund")
    talk.say("ORD-12345")
    return talk
