"""A run begins: under an id of its own, with what the conversation knows already."""

from __future__ import annotations

from datetime import timedelta
from hashlib import blake2b

from engine.draft import Draft
from engine.frame import Frame, FrameKind
from engine.machine import Compiled
from engine.runs import fits

RUN_BYTES = 12
"""Of a run's id. It leads every Idempotency-Key, and a back end sees those of all conversations: they must not meet."""


def start(draft: Draft, flow: Compiled, kind: FrameKind = FrameKind.REGULAR) -> Frame:
    """Push a new run of a flow; it begins with its scopes' values and those that waited for it (R12)."""
    variants: dict[str, str] = {}
    if draft.exposing is not None:
        flow, variants = draft.exposing.begin(flow)
    seed = f"{draft.before.id}:{draft.turn_id}:{len(draft.stack)}:{flow.name}:{len(draft.fired)}"
    frame = Frame(
        run=blake2b(seed.encode(), digest_size=RUN_BYTES).hexdigest(),
        flow=flow.name,
        version=flow.version,
        start=flow.definition.first,
        kind=kind,
        began_at=draft.now,
        variants=variants,
    )
    draft.stack.append(frame)
    draft.question = None
    index = len(draft.stack) - 1
    patience = timedelta(seconds=draft.book.desk.resume_after_s)
    for name, definition in flow.definition.slots.items():
        if definition.ask_only:
            continue
        known = draft.scopes.get(definition.scope, {}).get(name) if definition.scope else None
        waited = draft.loose.get(name)
        if known is not None and fits(definition, known):
            draft.hold(index, name, known)
        elif waited is not None and draft.now - waited.at <= patience and fits(definition, waited.slot):
            draft.put(index, name, draft.loose.pop(name).slot)
    return draft.stack[-1]
