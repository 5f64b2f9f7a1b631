"""The demo line test: answers when LINE_API_URL is unset. Both lines of the demo accounts are sound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.actions import HttpAnswer, Shelf

ACCOUNTS = frozenset({"A-1001", "A-1002"})


async def answer(method: str, path: str, body: Any, headers: Mapping[str, str], shelf: Shelf) -> HttpAnswer:
    """GET /accounts/<account>/line."""
    match method, path.strip("/").split("/"):
        case "GET", ["accounts", account, "line"] if account in ACCOUNTS:
            return HttpAnswer(status_code=200, body={"line": "fine"})
        case _:
            return HttpAnswer(status_code=404)
