"""The demo bookstore: answers when BOOKS_API_URL is unset. Books of spec/conversation.md section 5."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from engine.actions import HttpAnswer, Shelf

BOOKS: Mapping[str, tuple[str, str, int]] = {
    "Dune": ("Frank Herbert", "9.99", 4),
    "The Left Hand of Darkness": ("Ursula K. Le Guin", "11.50", 2),
    "Project Hail Mary": ("Andy Weir", "14.00", 0),
}
"""Title -> author, price in USD, printed copies in stock. An e-book never runs out, but what is out of print is out."""

OPENERS = ("hi, I'm Sarah. Do you have Dune?",)
"""First sentences worth trying on the page."""

_TITLES = {words: title for title in BOOKS for words in (title.casefold(), title.casefold().removeprefix("the "))}
"""People leave the article out."""


async def answer(method: str, path: str, body: Any, headers: Mapping[str, str], shelf: Shelf) -> HttpAnswer:
    """GET /books/<title> and POST /reservations: one copy per Idempotency-Key."""
    if method == "GET" and path.startswith("/books/"):
        return await _book(unquote(path.removeprefix("/books/")), shelf)
    if method == "POST" and path == "/reservations":
        return await _reserve(body, headers.get("Idempotency-Key", ""), shelf)
    return HttpAnswer(status_code=404)


async def _book(words: str, shelf: Shelf) -> HttpAnswer:
    title = _TITLES.get(words.strip().casefold())
    if title is None:
        return HttpAnswer(status_code=404)
    author, price, _ = BOOKS[title]
    if await _left(title, shelf) <= 0:
        return HttpAnswer(status_code=410)
    return HttpAnswer(status_code=200, body={"title": title, "author": author, "amount": price, "currency": "USD"})


async def _reserve(body: Any, key: str, shelf: Shelf) -> HttpAnswer:
    title = _TITLES.get(str(body.get("title")).strip().casefold())
    if title is None:
        return HttpAnswer(status_code=404)
    if await shelf.take(f"reservation:{key}"):
        return HttpAnswer(status_code=201)
    left = await _left(title, shelf)
    if left <= 0:
        return HttpAnswer(status_code=409)
    if body.get("format") == "paperback":
        await shelf.lay(f"stock:{title}", {"left": left - 1})
    await shelf.lay(f"reservation:{key}", {"title": title, "name": body.get("name")})
    return HttpAnswer(status_code=201)


async def _left(title: str, shelf: Shelf) -> int:
    kept = await shelf.take(f"stock:{title}")
    return int(kept["left"]) if kept else BOOKS[title][2]
