"""What the bookstore flow does: it sets a copy aside."""

from __future__ import annotations

from engine.actions import ActionCall, ActionResult

_SET_ASIDE = 201


async def reserve(call: ActionCall) -> ActionResult:
    """Set a copy of `title` aside in `format` for `name`. Safe to repeat: `call.key` stays the same across retries."""
    answer = await call.http.post(
        "/reservations",
        json={"title": call.slots["title"], "format": call.slots["format"], "name": call.slots["name"]},
        headers={"Idempotency-Key": call.key},
    )
    if answer.status_code >= 500:
        raise ConnectionError(f"the bookstore answered {answer.status_code}")
    return ActionResult(outcome="reserved" if answer.status_code == _SET_ASIDE else "sold_out")
