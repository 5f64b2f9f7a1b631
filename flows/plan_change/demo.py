"""The demo plan system: answers when PLAN_API_URL is unset. Plans and accounts of spec/conversation.md section 5."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.actions import HttpAnswer, Shelf

PLANS: Mapping[str, tuple[str, str, str]] = {
    "basic": ("Basic", "15.00", "5 GB"),
    "plus": ("Plus", "25.00", "20 GB"),
    "max": ("Max", "40.00", "unlimited data"),
}
"""Key -> name, price a month in USD, data."""

ACCOUNTS: Mapping[str, str] = {"A-1001": "basic", "A-1002": "plus"}
"""Account -> the plan it began with."""


async def answer(method: str, path: str, body: Any, headers: Mapping[str, str], shelf: Shelf) -> HttpAnswer:
    """GET /accounts/<account>/plans, GET /plans/<plan> and POST /accounts/<account>/plan."""
    match method, path.strip("/").split("/"):
        case "GET", ["plans", plan] if plan in PLANS:
            return HttpAnswer(status_code=200, body=_shown(plan))
        case "GET", ["accounts", account, "plans"] if account in ACCOUNTS:
            current = await _current(account, shelf)
            offer = ", ".join(_words(plan) for plan in PLANS if plan != current)
            return HttpAnswer(status_code=200, body={"current": _shown(current), "offer": offer})
        case "POST", ["accounts", account, "plan"] if account in ACCOUNTS and body.get("plan") in PLANS:
            await shelf.lay(f"plan:{account}", {"plan": body["plan"], "key": headers.get("Idempotency-Key", "")})
            return HttpAnswer(status_code=200, body={"status": "changed"})
        case _:
            return HttpAnswer(status_code=404)


async def _current(account: str, shelf: Shelf) -> str:
    kept = await shelf.take(f"plan:{account}")
    return str(kept["plan"]) if kept else ACCOUNTS[account]


def _shown(plan: str) -> dict[str, str]:
    name, price, data = PLANS[plan]
    return {"name": name, "amount": price, "currency": "USD", "data": data}


def _words(plan: str) -> str:
    name, price, data = PLANS[plan]
    return f"{name} (${price}, {data})"
