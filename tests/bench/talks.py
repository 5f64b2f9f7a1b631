"""The conversations that are held: what a customer writes, each with words of the reply."""

from __future__ import annotations

from collections.abc import Callable

from tests.bench.providers import ITEM

Script = tuple[tuple[str, str], ...]
Talk = Callable[[str], Script]
"""By an order number, which makes each conversation's own words. A wrong answer fails the run."""


def refund(order: str) -> Script:
    """Five messages, a look-up and a call."""
    return (
        ("I want a refund", "Which order number"),
        (order, f"{order}: {ITEM}, $79.99"),
        ("yes", "Why are you sending it back"),
        ("broken", "Shall we refund $79.99"),
        ("yes", f"Your refund of $79.99 for {order} has been submitted"),
    )


def three_turns(order: str) -> Script:
    """A refund that its customer leaves after the third message."""
    return refund(order)[:3]


def going_on(order: str) -> Script:
    """The rest of it."""
    return refund(order)[3:]
