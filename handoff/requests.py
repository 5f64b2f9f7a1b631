"""From a turn that wants a person to a request at the desk: which trigger fired, on what, how urgent it is (H90)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.wanted import Wanted
from handoff.case import Evidence, Firing, Priority
from handoff.opening import Request

MAX_QUOTE = 500
_URGENCY: Mapping[str, Priority] = {"action_failure": Priority.HIGH, "safety": Priority.URGENT}
"""By trigger, where it is not normal (section 6)."""


def request_of(wanted: Wanted, *, seed: str, version: int, turn: int, usual_wait_min: int | None = None) -> Request:
    """The request that `wanted` makes in turn `turn`; `seed` names the turn, `version` is the conversation's."""
    evidence = []
    if wanted.quote:
        quote = wanted.quote[:MAX_QUOTE]
        evidence.append(Evidence(turn=turn, quote=quote))
    if wanted.about:
        evidence.append(Evidence(ref=wanted.about))
    fired = Firing(
        code=wanted.trigger,
        value=wanted.value,
        comparator=">=" if wanted.value is not None else "",
        threshold=wanted.threshold,
        evidence=tuple(evidence),
    )
    urgent = _URGENCY.get(wanted.trigger)
    return Request(
        seed=seed,
        version=version,
        primary=wanted.trigger,
        fired=(fired,),
        reason=wanted.reason,
        queue=wanted.queue or "default",
        priority=urgent or Priority.NORMAL,
        priority_reasons=(wanted.trigger,) if urgent else (),
        usual_wait_min=usual_wait_min,
    )
