"""A person is wanted: what a turn hands out instead of an answer (R60)."""

from __future__ import annotations

import msgspec


class Wanted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a person is wanted: `trigger` is one of spec/handoff.md section 6; `reason` and `queue` are a flow's own
    words. `quote` are the customer's words that say so, `about` what else does: `slot:order_number`,
    `action:submit_refund`. `value` reached `threshold`, where the trigger counts."""

    trigger: str
    reason: str = ""
    queue: str = ""
    quote: str = ""
    about: str = ""
    value: float | None = None
    threshold: float | None = None
