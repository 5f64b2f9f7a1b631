"""F. Starting, interrupting and returning: the stack of runs."""

from __future__ import annotations

from engine.beginning import start
from engine.draft import Draft
from engine.frame import FrameKind
from engine.heard import Hearing
from engine.machine import Compiled
from engine.rules.given import Given
from engine.rules.registry import Stage, rule

STRONG = 0.5
"""A flow named less clearly than this does not interrupt another."""


def begin(draft: Draft, flow: Compiled, kind: FrameKind = FrameKind.REGULAR) -> None:
    """Start a run; the message that asked for it is understood."""
    draft.begun = start(draft, flow, kind).run
    draft.speech.lead = None
    draft.explained = True
    draft.lost = 0


@rule("R28", Stage.ROUTE, 5, given=(Given.ASKED, Given.ROUTES))
def an_answer_first(draft: Draft, hearing: Hearing) -> bool:
    """A run is active and its open question accepts the words: they are its answer, not another task."""
    asked = draft.asked
    if asked is None or not hearing.routes or hearing.bare:
        return False
    heard = hearing.of(asked.name)
    if heard is None or heard.fault:
        return False
    hearing.routes, hearing.task_words = (), ""
    return True


@rule("R6", Stage.ROUTE, 20, given=(Given.RUN, Given.ROUTES))
def the_task_that_is_open(draft: Draft, hearing: Hearing) -> bool:
    """Naming the active flow goes on with it."""
    if draft.top is None or not hearing.routes or hearing.routes[0].flow != draft.top.flow:
        return False
    hearing.routes = ()
    draft.explained = True
    return True


@rule("R48", Stage.ROUTE, 30, given=(Given.RUN, Given.ROUTES))
def a_task_that_waits_below(draft: Draft, hearing: Hearing) -> bool:
    """A flow that lies lower in the stack comes to the top, with its called flows."""
    if len(draft.stack) < 2 or not hearing.routes:
        return False
    wanted = hearing.routes[0].flow
    below = next((i for i, frame in enumerate(draft.stack[:-1]) if frame.flow == wanted), None)
    if below is None:
        return False
    above = below + 1
    while above < len(draft.stack) and draft.stack[above].kind is FrameKind.CALL:
        above += 1
    draft.stack = [*draft.stack[:below], *draft.stack[above:], *draft.stack[below:above]]
    draft.question = None
    draft.explained = True
    draft.speech.lead = ("back_to", {"task": draft.flow.definition.task})
    hearing.routes = ()
    return True


@rule("R45", Stage.ROUTE, 40, given=(Given.RUN, Given.ROUTES))
def another_task_first(draft: Draft, hearing: Hearing) -> bool:
    """Another flow is asked for in a run: it goes first, the run below stays as it is."""
    if draft.top is None or not hearing.routes:
        return False
    best = hearing.routes[0]
    flow = draft.book.current(best.flow)
    if flow is None or not (best.exact or best.score >= STRONG):
        return False
    old, new = draft.flow.definition.task, flow.definition.task
    hearing.routes = ()
    draft.speech.acks.append(draft.line("first_this", old=old, new=new))
    hearing.values = [heard for heard in hearing.values if not heard.asked]
    begin(draft, flow, FrameKind.INTERRUPT)
    return True


@rule("S26", Stage.ROUTE, 50, given=(Given.NO_RUN, Given.ROUTES))
def one_task_is_meant(draft: Draft, hearing: Hearing) -> bool:
    """No run, and one flow clearly fits: it starts."""
    if draft.stack or not hearing.routes:
        return False
    flow = draft.book.current(hearing.routes[0].flow)
    if flow is None:
        return False
    begin(draft, flow)
    hearing.routes = ()
    return True


@rule("R46", Stage.END, 10, consumed_too=True)
def back_to_the_one_below(draft: Draft, hearing: Hearing) -> bool:
    """A run ended and another is below: its open question returns in the same reply."""
    if draft.top is None or draft.ended is None or draft.ended.reason in ("called", "superseded"):
        return False
    if draft.top.run == draft.begun:
        return False
    draft.question = None
    draft.speech.lead = ("back_to", {"task": draft.flow.definition.task})
    return True
