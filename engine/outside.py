"""Asking outside: what an action is told, and what is noted of its answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.account import Came
from engine.draft import Draft
from engine.forgetting import awake
from engine.ports import ActionOutcome, ActionRequest
from engine.views import settled_values

_NOTHING: Mapping[str, Any] = {}


def requested(draft: Draft, action: str, *, key: str, besides: Mapping[str, Any] = _NOTHING) -> ActionRequest:
    """An action of the active run sees only settled values that are not dormant (R32), and what is given `besides`."""
    frame, flow = draft.stack[-1], draft.flow
    return ActionRequest(
        id=f"{draft.turn_id}:call",
        flow=flow.name,
        version=flow.version,
        action=action,
        key=key,
        values={**settled_values(flow.definition, awake(flow, frame)), **besides},
        facts=frame.facts,
        person=draft.address,
        known=frame.person,
        run=frame.run,
        state=frame.state,
    )


def came_to(draft: Draft, action: str, outcome: ActionOutcome) -> None:
    """Note what a look-up of this turn came to: the turn can be explained and taken again (I13)."""
    draft.calls.append((action, outcome.outcome))
    draft.came.append(Came(action=action, outcome=outcome.outcome, facts=outcome.facts, certain=outcome.certain))
