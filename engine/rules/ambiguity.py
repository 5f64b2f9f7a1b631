"""D. Ambiguity: neither yes nor no, two values at once, several tasks, nothing understood."""

from __future__ import annotations

from engine.draft import Draft
from engine.flow import SlotDef, SlotType
from engine.heard import Hearing
from engine.question import Choice, PendingKind
from engine.readers.answer import Answer
from engine.rules.given import Given
from engine.rules.interruption import begin
from engine.rules.registry import Stage, rule
from engine.rules.tries import offer_instead
from engine.wanted import Wanted

ELSE = "-"
"""The value of "something else"."""

CLEAR_LEAD = 0.15
"""How much better than the next the best flow must score to be meant alone (S26)."""


@rule("R25", Stage.VALUES, 5, given=(Given.ASKED, Given.UNSURE))
def neither_yes_nor_no(draft: Draft, hearing: Hearing) -> bool:
    """ "maybe", or two options named: a narrower question that names them; no slot, no try."""
    asked, frame = draft.asked, draft.top
    if asked is None or frame is None or frame.clarify >= draft.book.desk.clarify_attempts:
        return False
    if not _ambiguous(asked, hearing):
        return False
    options = ", ".join(hearing.rivals)
    draft.speech.notices.append(draft.line("which_of", options=options) if options else draft.line("yes_or_no"))
    draft.speech.reworded = bool(options)
    draft.change(clarify=frame.clarify + 1)
    hearing.drop(asked.name)
    draft.done = draft.explained = True
    return True


@rule("R29.run", Stage.VALUES, 6, given=(Given.ASKED, Given.UNSURE))
def ambiguous_again(draft: Draft, hearing: Hearing) -> bool:
    """One ambiguous answer more than may be clarified: what else can be done (as R22), then a person; no try."""
    asked, frame = draft.asked, draft.top
    if asked is None or frame is None or not _ambiguous(asked, hearing):
        return False
    most = draft.book.desk.clarify_attempts
    hearing.drop(asked.name)
    offer_instead(draft, asked, Wanted(trigger="ambiguity", quote=hearing.text, value=frame.clarify, threshold=most))
    return True


def _ambiguous(asked: SlotDef, hearing: Hearing) -> bool:
    unsure = asked.type is SlotType.BOOLEAN and hearing.answer is Answer.UNSURE and hearing.of(asked.name) is None
    return bool(hearing.rivals) or unsure


@rule("R27", Stage.ROUTE, 10, given=(Given.NO_RUN, Given.ROUTES))
def several_tasks_fit(draft: Draft, hearing: Hearing) -> bool:
    """No run is active and near equals compete: their titles, numbered, and "something else"."""
    if draft.stack or len(hearing.routes) < 2:
        return False
    best, *others = hearing.routes
    rivals = [one for one in others if best.score - one.score < CLEAR_LEAD and one.exact == best.exact]
    if not rivals:
        return False
    offered = [best, *rivals][: draft.book.desk.clarify_options]
    titled = [(flow.definition.title, flow.name) for one in offered if (flow := draft.book.current(one.flow))]
    choices = tuple(Choice(label=title, value=name) for title, name in titled)
    choices += (Choice(label=draft.line("something_else"), value=ELSE),)
    titles = ", ".join(choice.label for choice in choices)
    draft.ask_system(PendingKind.CLARIFICATION, draft.line("which_task", titles=titles), choices, kept=hearing.text)
    hearing.routes = ()  # whichever is chosen, or another: what the message tells waits for it (R12)
    draft.explained = True
    return True


@rule("R27.answer", Stage.SYSTEM, 20, given=(Given.SYSTEM,))
def the_task_was_chosen(draft: Draft, hearing: Hearing) -> bool:
    """Number, ordinal or title starts one; the message that was unclear is heard for it."""
    pending = draft.pending
    if pending is None or pending.kind is not PendingKind.CLARIFICATION or hearing.pressed is None:
        return False
    draft.pending = None
    draft.explained = draft.done = True
    flow = draft.book.current(str(hearing.pressed))
    if flow is None:
        draft.speech.acks.append(menu(draft))
        return True
    begin(draft, flow)
    hearing.text = pending.kept
    hearing.values = []
    draft.done = False
    hearing.routes = ()
    return True


@rule("R29", Stage.TRIES, 90, given=(Given.NO_RUN, Given.OPEN))
def nothing_understood(draft: Draft, hearing: Hearing) -> bool:
    """No run and nothing understood: the menu; when that brought nothing either, how to reach a person."""
    if draft.stack or draft.explained or draft.pending is not None:
        return False
    draft.lost += 1
    draft.speech.acks.append(draft.line("not_understood"))
    if draft.lost <= draft.book.desk.clarify_attempts:
        draft.speech.acks.append(menu(draft))
    elif draft.book.people:
        draft.ask_system(PendingKind.PERSON, draft.line("offer_person"), kept=hearing.text)
    else:
        draft.speech.acks.append(draft.line("no_person_here"))
    draft.done = True
    return True


@rule("R29.answer", Stage.SYSTEM, 40, given=(Given.SYSTEM,))
def a_person_was_offered(draft: Draft, hearing: Hearing) -> bool:
    """yes: a person takes over (R60); no: the menu, and nothing is offered again until something was understood."""
    pending = draft.pending
    if pending is None or pending.kind is not PendingKind.PERSON or not isinstance(hearing.pressed, bool):
        return False
    draft.pending = None
    draft.done = draft.explained = True
    if hearing.pressed:
        draft.want_person(Wanted(trigger=pending.about.get("trigger", "ambiguity"), quote=pending.kept))
    else:
        draft.speech.acks.append(menu(draft))
    return True


def menu(draft: Draft) -> str:
    """What this desk can do: at most eight titles (S6)."""
    titles = [flow.definition.title for flow in draft.book.flows][:8]
    return draft.line("menu", titles=", ".join(titles)) if titles else draft.line("nothing_offered")
