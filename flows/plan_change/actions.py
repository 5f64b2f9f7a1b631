"""What the plan_change flow does: it moves an account to another plan."""

from __future__ import annotations

from engine.actions import ActionCall, ActionResult

_MOVED = 200


async def change_plan(call: ActionCall) -> ActionResult:
    """Move `account` to `plan`. Safe to repeat: `call.key` stays the same across retries."""
    answer = await call.http.post(
        f"/accounts/{call.slots['account']}/plan",
        json={"plan": call.slots["plan"]},
        headers={"Idempotency-Key": call.key},
    )
    if answer.status_code >= 500:
        raise ConnectionError(f"the plan system answered {answer.status_code}")
    return ActionResult(outcome="changed" if answer.status_code == _MOVED else "declined")
