"""A refund conversation by script: what a desk would answer, and how it would say that it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.gateway.refund_flow import REFUND

ORDERS = {
    "ORD-12345": ("Wireless headphones", "79.99"),
    "ORD-24680": ("Desk lamp", "34.50"),
    "ORD-13579": ("Rain jacket", "58.00"),
    "ORD-67890": ("Espresso machine", "249.00"),
    "ORD-55555": ("USB-C cable", "12.50"),
}
OPENERS = ("I want a refund for ORD-12345, it arrived broken", "I want my money back", "What can you do?")
REASON_LABELS = {"defective": "Defective", "wrong_item": "Wrong item", "changed_mind": "Changed my mind"}
LABELS = {"yes": "Yes", "no": "No", **REASON_LABELS}
REASONS = {"broken": "defective", "wrong": "wrong_item", "changed my mind": "changed_mind"}


@dataclass
class Talk:
    """One person's refund as far as it got."""

    path: list[str] = field(default_factory=list)
    slots: dict[str, tuple[Any, str, str]] = field(default_factory=dict)
    rules: list[str] = field(default_factory=list)
    outcome: str | None = None
    owner: str = "bot"
    turn: int = 0

    def take(self, text: str) -> tuple[str, tuple[str, ...]]:
        """The reply to a message and the values it offers."""
        self.turn += 1
        self.rules = ["R9"]
        state = self.path[-1] if self.path else ""
        if state == "confirm_item" and text in ("yes", "no"):
            return self._confirm(text)
        if state == "select_reason" and text in REASON_LABELS:
            self.slots["reason"] = (text, "asked", "filled")
            return self._pay()
        return self._look_up(text)

    def _look_up(self, text: str) -> tuple[str, tuple[str, ...]]:
        self.outcome, self.owner = None, "bot"
        number = re.search(r"ORD-\d{3,}", text)
        if number is None:
            if self.path[-1:] == ["start"]:
                self.rules.append("R19")
                self.slots["order_number"] = (text, "asked", "refused")
                return f"I cannot read an order number in {text!r}. It looks like ORD-12345.", ()
            self.path = ["start"]
            return "Let us get your money back. Which order number is it?", ()
        first = self.path[-1:] != ["start"]
        self.slots["order_number"] = (number[0], "volunteered" if first else "asked", "filled")
        self.rules += ["R13", "R11"] if first else []
        for word, reason in REASONS.items():
            if word in text:
                self.slots["reason"] = (reason, "volunteered", "filled")
        if number[0] not in ORDERS:
            self.path = ["start"]
            return f"I cannot find order {number[0]}. Which order number is it?", ()
        item, price = ORDERS[number[0]]
        self.path = ["start", "lookup_order", "confirm_item"]
        return f"Order {number[0]}: {item}, ${price}. Is that the right one?", ("yes", "no")

    def _confirm(self, word: str) -> tuple[str, tuple[str, ...]]:
        self.rules.append("R14")
        if word == "no":
            self.path, self.slots = ["start"], {}
            return "Which order number is it?", ()
        self.slots["confirmed"] = (True, "asked", "filled")
        if float(self.price) > 200:
            self.path += ["check_amount", "needs_approval"]
            self.owner, self.outcome = "queue", "handed_off"
            return "That needs a colleague's approval. They answer here.", ()
        self.path += ["check_amount", "select_reason"]
        if "reason" in self.slots:
            return self._pay()
        return "Why are you sending it back?", tuple(REASON_LABELS)

    def _pay(self) -> tuple[str, tuple[str, ...]]:
        self.path += ["process_refund", "confirmation"]
        self.outcome = "resolved"
        return f"Done: ${self.price} is on its way back to you. It takes 5-7 business days to arrive.", ()

    @property
    def price(self) -> str:
        return ORDERS[self.slots["order_number"][0]][1]

    def state(self) -> dict[str, Any]:
        known = "lookup_order" in self.path
        item, price = ORDERS[self.slots["order_number"][0]] if known else ("", "")
        asked = {"start": "order_number", "confirm_item": "confirmed", "select_reason": "reason"}
        empty = ("", "", "empty")
        return {
            "flow": "refund",
            "title": REFUND.title,
            "state": self.path[-1],
            "path": self.path,
            "slots": [
                dict(zip(("name", "label", "value", "source", "state"), (n, n, *self.slots.get(n, empty)), strict=True))
                for n in REFUND.slots
            ],
            "facts": [
                {"name": "item_name", "value": item},
                {"name": "amount", "value": {"amount": price, "currency": "USD"}},
            ]
            * known,
            "rules": self.rules,
            "pending": asked.get(self.path[-1]),
            "outcome": self.outcome,
            "owner": self.owner,
            "agent": None,
            "stack": ["refund"] if self.outcome is None else [],
            "turn": self.turn,
        }
