"""What follows from what was heard: the rules in their order. Pure and synchronous; positions are left to the walk."""

from __future__ import annotations

from engine.draft import Draft
from engine.heard import Hearing
from engine.rules.ordered import Rules
from engine.rules.registry import Stage

_STAGES = (Stage.INTAKE, Stage.SYSTEM, Stage.CONTROL, Stage.ROUTE, Stage.VALUES, Stage.TALK, Stage.TRIES)


def decide(draft: Draft, hearing: Hearing, rules: Rules) -> None:
    """Run every stage before the walk. What consumes the event stops the rules behind it."""
    draft.done = draft.explained = False
    pending, ended = draft.pending, draft.ended
    rules.run_all(_STAGES, draft, hearing)
    if draft.silent:
        return
    if draft.ended is not ended:
        rules.run(Stage.END, draft, hearing)
    if hearing.readable:
        draft.unread = 0
    if draft.explained:
        draft.lost = 0
    if pending is not None and draft.pending is pending:
        _repeat_once(draft)


def _repeat_once(draft: Draft) -> None:
    """A system question that was not answered is repeated once after what was said, then withdrawn (section 2)."""
    pending = draft.pending
    if pending is None or pending.put > 1 or draft.stack != list(draft.before.stack):
        draft.pending = None
        return
    draft.ask_system(pending.kind, pending.question, pending.choices, kept=pending.kept, about=pending.about)
