"""A customer who answers plainly: one valid answer to each question of the four flows that are played at random."""

from __future__ import annotations

from tests.engine.talk import Talk

PLAINLY = {
    "order_number": "ORD-12345",
    "confirmed": "yes",
    "reason": "it arrived broken",
    "note": "none",
    "full_name": "Mara Quist",
    "email": "mara@example.com",
    "seats": "12",
    "plan": "team",
    "agreed": "yes",
    "size": "large",
    "toppings": "olives",
    "address": "12 Mill Lane",
    "sure": "yes",
    "tip": "none",
    "company": "Acme",
    "team_size": "80 people",
    "sign_on": "okta",
    "budget": "15000",
}


def plain_answer(talk: Talk) -> str:
    """What such a customer says now: to a question of ours yes, and with nothing open what they came for."""
    conversation = talk.conversation
    if conversation.pending is not None:
        return "yes"
    return PLAINLY[conversation.question.slot] if conversation.question else "I want a refund"
