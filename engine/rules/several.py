"""F. Several tasks at once: two in one message, or more than may be open."""

from __future__ import annotations

import re
from itertools import pairwise

from engine.draft import Draft
from engine.frame import FrameKind
from engine.heard import Hearing
from engine.machine import Compiled
from engine.question import Choice, PendingKind
from engine.rules.given import Given
from engine.rules.interruption import STRONG, begin
from engine.rules.registry import Stage, rule
from engine.stopping import stop_lowest

FINISH, DROP = "finish", "drop"
_JOINED = re.compile(r"\b(?:and|then|also|plus|after that|afterwards|as well)\b|[,;.!\n]", re.IGNORECASE)
_SAID = {
    FINISH: re.compile(r"\W*(?:ok\W+|yes\W+)?(?:let'?s )?finish\b.*", re.IGNORECASE | re.DOTALL),
    DROP: re.compile(r"\W*(?:ok\W+|yes\W+)?(?:drop|close|end|cancel|stop)\b.*", re.IGNORECASE | re.DOTALL),
}


@rule("R49", Stage.ROUTE, 8, given=(Given.ROUTES,))
def first_this_then_that(draft: Draft, hearing: Hearing) -> bool:
    """Two tasks in different words of one message: the second waits below the first; each takes its own values."""
    two = _two_tasks(draft, hearing)
    if two is None:
        return False
    first, then = two
    room = draft.book.desk.stack_depth - len(draft.stack)
    if room < 1:
        return False
    task = {"first": first.definition.task, "then": then.definition.task}
    draft.speech.acks.append(draft.line("first_then", **task))
    hearing.values = [heard for heard in hearing.values if not heard.asked]
    hearing.routes = ()
    if room > 1:
        begin(draft, then, FrameKind.INTERRUPT if draft.stack else FrameKind.REGULAR)
    else:
        draft.speech.acks.append(draft.line("ask_again_then", new=then.definition.task))
    begin(draft, first, FrameKind.INTERRUPT if draft.stack else FrameKind.REGULAR)
    return True


def _two_tasks(draft: Draft, hearing: Hearing) -> tuple[Compiled, Compiled] | None:
    """Two flows that are not open yet, each asked for in its own part of the message, in the order they are said."""
    text = hearing.text.casefold()
    open_ = {frame.flow for frame in draft.stack}
    exact = [route for route in hearing.routes if route.exact and route.flow not in open_]
    places = sorted(((text.find(route.words.casefold()), route) for route in exact), key=lambda place: place[0])
    for (start, one), (after, other) in pairwise(places):
        end = start + len(one.words)
        if start >= 0 and end <= after and _JOINED.search(text, end, after):
            first, then = draft.book.current(one.flow), draft.book.current(other.flow)
            return (first, then) if first is not None and then is not None else None
    return None


@rule("R50", Stage.ROUTE, 38, given=(Given.RUN, Given.ROUTES))
def too_many_open(draft: Draft, hearing: Hearing) -> bool:
    """One task more than may be open: finish the one on top first, or drop the lowest. Nothing until that is chosen."""
    if draft.top is None or not hearing.routes or len(draft.stack) < draft.book.desk.stack_depth:
        return False
    best = hearing.routes[0]
    flow = draft.book.current(best.flow)
    if flow is None or not (best.exact or best.score >= STRONG):
        return False
    hearing.routes = ()
    top, lowest = draft.flow.definition.task, draft.book.of(draft.stack[0]).definition.task
    choices = (
        Choice(label=draft.line("finish_first", task=top), value=FINISH),
        Choice(label=draft.line("drop_it", task=lowest), value=DROP),
    )
    text = draft.line("stack_full", open=len(draft.stack), new=flow.definition.task)
    draft.ask_system(PendingKind.STACK_FULL, text, choices, kept=hearing.text, about={"flow": flow.name})
    draft.done = draft.explained = True
    return True


@rule("R50.answer", Stage.SYSTEM, 22, given=(Given.SYSTEM,))
def finish_or_drop(draft: Draft, hearing: Hearing) -> bool:
    """finish: the question on top returns. drop: the lowest task ends, and the one that was asked for begins."""
    pending = draft.pending
    if pending is None or pending.kind is not PendingKind.STACK_FULL:
        return False
    chosen = hearing.pressed or next((what for what, said in _SAID.items() if said.fullmatch(hearing.text)), None)
    flow = draft.book.current(pending.about["flow"])
    if chosen not in (FINISH, DROP) or flow is None:
        return False
    draft.pending = None
    draft.explained = True
    if chosen == FINISH:
        draft.speech.acks.append(draft.line("ask_again_then", new=flow.definition.task))
        draft.done = True
        return True
    stop_lowest(draft, "cancelled")
    hearing.control, hearing.values, hearing.routes, hearing.text = None, [], (), pending.kept
    begin(draft, flow, FrameKind.INTERRUPT if draft.stack else FrameKind.REGULAR)
    return True


@rule("R47", Stage.END, 11, consumed_too=True)
def these_are_open_too(draft: Draft, hearing: Hearing) -> bool:
    """Several tasks are still below: the next one's question, and the others by their titles."""
    lead = draft.speech.lead
    if lead is None or lead[0] != "back_to" or len(draft.stack) < 2:
        return False
    own = len(draft.stack) - 1
    while own and draft.stack[own].kind is FrameKind.CALL:
        own -= 1
    others = [draft.book.of(frame).definition.task for frame in draft.stack[:own] if frame.kind is not FrameKind.CALL]
    if not others:
        return False
    draft.speech.lead = ("back_to_more", {**lead[1], "others": ", ".join(reversed(others))})
    return True
