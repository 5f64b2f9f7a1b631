"""The demo billing system: answers when TELCO_API_URL is unset. Accounts of spec/conversation.md section 5."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.actions import HttpAnswer, Shelf

BILLS: Mapping[str, Mapping[str, str]] = {
    "A-1001": {"amount": "42.10", "due": "2026-03-15", "roaming": "12.00", "plan": "Basic"},
    "A-1002": {"amount": "25.00", "due": "2026-03-15", "roaming": "0.00", "plan": "Plus"},
}
"""Account -> its bill in USD."""

OPENERS = ("Why is my bill so high? My account is A-1001",)
"""First sentences worth trying on the page."""


async def answer(method: str, path: str, body: Any, headers: Mapping[str, str], shelf: Shelf) -> HttpAnswer:
    """GET /accounts/<account>/bill."""
    match method, path.strip("/").split("/"):
        case "GET", ["accounts", account, "bill"] if account in BILLS:
            return HttpAnswer(status_code=200, body={**BILLS[account], "currency": "USD"})
        case _:
            return HttpAnswer(status_code=404)
