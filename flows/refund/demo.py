"""The demo shop: answers when SHOP_API_URL is unset. Orders of spec/conversation.md section 5, all invented."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.actions import HttpAnswer, Shelf

ORDERS: Mapping[str, tuple[str, str]] = {
    "ORD-12345": ("Wireless headphones", "79.99"),
    "ORD-24680": ("Desk lamp", "34.50"),
    "ORD-13579": ("Rain jacket", "58.00"),
    "ORD-67890": ("Espresso machine", "249.00"),
    "ORD-55555": ("USB-C cable", "12.50"),
}
"""Order number -> item, price in USD."""

REFUNDED = frozenset({"ORD-55555"})
"""Orders that were refunded before anybody asked."""

OPENERS = ("I want a refund for ORD-12345, it arrived broken", "I want my money back", "What can you do?")
"""First sentences worth trying on the page."""


async def answer(method: str, path: str, body: Any, headers: Mapping[str, str], shelf: Shelf) -> HttpAnswer:
    """GET /orders/<number> and POST /refunds, as the real shop would: one refund per order and Idempotency-Key."""
    if method == "GET" and path.startswith("/orders/"):
        return await _order(path.removeprefix("/orders/"), shelf)
    if method == "POST" and path == "/refunds":
        return await _refund(str(body.get("order_number")), headers.get("Idempotency-Key", ""), shelf)
    return HttpAnswer(status_code=404)


async def _order(number: str, shelf: Shelf) -> HttpAnswer:
    if number not in ORDERS:
        return HttpAnswer(status_code=404)
    if number in REFUNDED or await shelf.take(f"refund:{number}"):
        return HttpAnswer(status_code=409)
    item, price = ORDERS[number]
    money = {"amount": price, "currency": "USD"}
    return HttpAnswer(status_code=200, body={"id": number, "item": {"name": item}, "amount": money})


async def _refund(number: str, key: str, shelf: Shelf) -> HttpAnswer:
    made = await shelf.take(f"refund:{number}")
    if made is not None:
        return HttpAnswer(status_code=201 if made.get("key") == key else 409)
    if number not in ORDERS or number in REFUNDED:
        return HttpAnswer(status_code=409)
    await shelf.lay(f"refund:{number}", {"key": key})
    return HttpAnswer(status_code=201, body={"id": f"refund-{number}", "status": "done"})
