"""The conversations that are held: what a customer writes, each with words of the reply."""

from __future__ import annotations

from collections.abc import Callable

from tests.bench.providers import ITEM

Script = tuple[tuple[str, str], ...]
Talk = Callable[[str], Script]
"""By an order number, which makes each conversation's own words. A wrong answer fails the run."""


def order_of(chat: int) -> str:
    """Every customer's own, as far as five digits go."""
    return f"ORD-{chat % 100_000:05}"


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


def appointment(order: str) -> Script:
    """Ten messages: eight values as people say them, and a call. `order` gives the phone number its end."""
    phone = f"202 555 {order[-4:]:>04}"
    return (
        ("I want to book an appointment", "What shall we do for you"),
        ("a haircut please", "On which day"),
        ("October 16th", "At what time"),
        ("at 3:30 pm", "How many of you"),
        ("there are four of us", "How much may it cost"),
        ("at most $80", "What is your name"),
        ("my name is Nora Field", "What is your phone number"),
        (f"you can call {phone}", "Where may we write to"),
        (
            "nora.field@example.com",
            f"-10-16 at 15:30 for 4, up to $80.00, Nora Field, +1{phone.replace(' ', '')}, nora.",
        ),
        ("yes", "It is booked. We look forward to your haircut"),
    )
