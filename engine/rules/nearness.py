"""D. Ambiguity: a word that is nearly a choice, or nearly the name of a task."""

from __future__ import annotations

from engine.draft import Draft
from engine.flow import SlotDef, SlotType
from engine.heard import Heard, Hearing
from engine.question import PendingKind
from engine.readers.routing import Candidate
from engine.readers.values import near_values
from engine.rules.given import Given
from engine.rules.interruption import begin
from engine.rules.registry import Stage, rule
from engine.views import shown

TOO_CLOSE = 0.05
"""Two keys whose scores differ by less are both meant, or neither."""


@rule("R26", Stage.VALUES, 3, given=(Given.CHOICE, Given.OPEN))
def nearly_a_choice(draft: Draft, hearing: Hearing) -> bool:
    """Near enough: accepted and acknowledged. Less near: "Did you mean {X}?". Two that are as near: R25."""
    asked = draft.asked
    if asked is None or asked.type is not SlotType.ENUM or asked.ask_only or hearing.of(asked.name) is not None:
        return False
    if draft.explained or hearing.question or hearing.greeting or hearing.rivals:
        return False
    accept, ask = _limits(draft, asked)
    near = [(key, score) for key, score in near_values(asked, hearing.text) if score >= ask]
    if not near:
        return False
    label = {key: str(shown(key, asked)) for key, _ in near}
    (key, best), *others = near
    rivals = [other for other, score in others if best - score < TOO_CLOSE]
    if rivals:
        hearing.rivals = tuple(label[each] for each in (key, *rivals))
    elif best >= accept:
        hearing.values.append(Heard(slot=asked.name, value=key, words=hearing.text, asked=True))
        draft.speech.got.append((asked.called, label[key]))
    else:
        _did_you_mean(draft, hearing, label[key], {"slot": asked.name, "value": key})
        draft.done = True
    return True


def _limits(draft: Draft, slot: SlotDef) -> tuple[float, float]:
    desk = draft.book.desk
    accept = desk.fuzzy_accept if slot.fuzzy_accept is None else slot.fuzzy_accept
    return accept, min(accept, desk.fuzzy_ask if slot.fuzzy_ask is None else slot.fuzzy_ask)


def _did_you_mean(draft: Draft, hearing: Hearing, what: str, about: dict[str, object]) -> None:
    draft.ask_system(PendingKind.DID_YOU_MEAN, draft.line("did_you_mean", what=what), kept=hearing.text, about=about)
    draft.explained = True


@rule("R26.flow", Stage.ROUTE, 3, given=(Given.NO_RUN,))
def nearly_a_task(draft: Draft, hearing: Hearing) -> bool:
    """The same for the name of a task, where no run is active and nothing else was understood."""
    if draft.stack or hearing.routes or hearing.question or hearing.greeting or not hearing.text:
        return False
    accept, ask = draft.book.desk.fuzzy_accept, draft.book.desk.fuzzy_ask
    near = [(name, score) for name, score in draft.book.router.near(hearing.text) if score >= ask]
    if not near:
        return False
    (name, best), *others = near
    close = [other for other, score in others if best - score < TOO_CLOSE]
    if best >= accept or close:
        hearing.routes = [Candidate(flow=each, score=best, words="", exact=False) for each in (name, *close)]
    elif (flow := draft.book.current(name)) is not None:
        _did_you_mean(draft, hearing, flow.definition.title, {"flow": name})
    return True


@rule("R26.answer", Stage.SYSTEM, 35, given=(Given.SYSTEM,))
def it_was_meant(draft: Draft, hearing: Hearing) -> bool:
    """yes: the choice is the answer, or the task starts with the words that were kept. no: the question returns."""
    pending = draft.pending
    if pending is None or pending.kind is not PendingKind.DID_YOU_MEAN or not isinstance(hearing.pressed, bool):
        return False
    draft.pending = None
    draft.explained = True
    flow = draft.book.current(pending.about.get("flow", ""))
    if not hearing.pressed:
        draft.speech.acks.append(draft.line("kept_going") if draft.stack else draft.line("say_it_otherwise"))
        draft.done = True
    elif flow is not None:
        hearing.text, hearing.values, hearing.routes = pending.kept, [], ()
        begin(draft, flow)
    elif "slot" in pending.about:
        hearing.text = pending.kept
        slot, value = pending.about["slot"], pending.about["value"]
        hearing.values = [Heard(slot=slot, value=value, words=pending.kept, asked=True)]
    return True
