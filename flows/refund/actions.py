"""What the refund flow does: one thing that cannot be undone."""

from __future__ import annotations

from engine.actions import ActionCall, ActionResult

_MADE = 201


async def submit_refund(call: ActionCall) -> ActionResult:
    """Ask the shop to refund `order_number`. Safe to repeat: `call.key` stays the same across retries."""
    answer = await call.http.post(
        "/refunds",
        json={"order_number": call.slots["order_number"], "reason": call.slots.get("reason")},
        headers={"Idempotency-Key": call.key},
    )
    if answer.status_code >= 500:
        raise ConnectionError(f"the shop answered {answer.status_code}")
    return ActionResult(outcome="done" if answer.status_code == _MADE else "declined")
