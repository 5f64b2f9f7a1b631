"""The demo CRM: answers when CRM_API_URL is unset. It keeps each lead once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.actions import HttpAnswer, Shelf

OPENERS = ("I'm interested in your product, we are Acme with 40 people",)
"""First sentences worth trying on the page."""


async def answer(method: str, path: str, body: Any, headers: Mapping[str, str], shelf: Shelf) -> HttpAnswer:
    """POST /leads: a lead is kept under its e-mail address, the newest words win."""
    if method != "POST" or path != "/leads":
        return HttpAnswer(status_code=404)
    await shelf.lay(f"lead:{body.get('email')}", body)
    return HttpAnswer(status_code=201, body={"status": "saved"})
