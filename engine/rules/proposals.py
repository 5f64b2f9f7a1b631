"""What a model proposes is taken for what the readers left open. It moves nothing itself."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checking import is_open, stands_in
from engine.draft import Draft
from engine.extraction import COMMANDS, OFF_TOPIC, Extraction
from engine.flow import SlotDef, SlotType
from engine.heard import Heard, Hearing
from engine.question import Choice, PendingKind
from engine.readers.answer import Answer
from engine.readers.control import QUESTION, Control, ReadControl
from engine.readers.routing import Candidate
from engine.readers.values import find_values
from engine.rules.given import Given
from engine.rules.registry import Stage, rule
from engine.subject import Proposal
from engine.wanted import Wanted


@rule("S16", Stage.INTAKE, 40, given=(Given.PROPOSALS,))
def what_the_readers_left_open(draft: Draft, hearing: Hearing) -> bool:
    """Proposals fill what is still open. Where the model reads every message, its open texts go before a reader's;
    every other value that a reader found stands, and only rules read `ask_only`."""
    if not hearing.proposals:
        return False
    first, *more = hearing.proposals
    found = [*_values(draft, hearing, first)]
    if first.reads_all and not first.answer.empty:
        _read_the_whole(draft, hearing, first)
    for heard in found:
        hearing.drop(heard.slot)
    alone = not (hearing.values or hearing.routes or hearing.answer or hearing.greeting or hearing.about or found)
    hearing.values += found
    for one in more:
        hearing.values += _values(draft, hearing, one)
    if not (hearing.answers_only and _bound_yes(draft, hearing)):
        _flow(hearing, first)
    _reply(draft, hearing, first.answer)
    if first.answer.question and not _bound_yes(draft, hearing):
        hearing.question = True
    if alone and not hearing.routes and first.answer.command:
        _command(hearing, first.answer.command)
    return not first.answer.empty


def _values(draft: Draft, hearing: Hearing, proposal: Proposal) -> Iterator[Heard]:
    asked = draft.asked.name if draft.asked and proposal.answer.flow in (None, draft.flow.name) else ""
    for name, value in proposal.answer.values.items():
        slot = proposal.subject.slots.get(name)
        before = hearing.of(name)
        if before and not before.fault and not (slot and _goes_before(draft, hearing, proposal, slot)):
            continue
        words = str(value) if stands_in(str(value), hearing.text) else hearing.text
        if not proposal.reads_all and _used_by_another(hearing, name, words):
            continue
        mine = name == asked and not proposal.within
        yield Heard(slot=name, value=value, words=words, asked=mine, model=True, within=proposal.within)


def _goes_before(draft: Draft, hearing: Hearing, proposal: Proposal, slot: SlotDef) -> bool:
    """May a proposal go before what a reader found? Open texts may; of everything else only what the slot's own reader
    reads in this message too, or where the model gives what nobody asked for to another slot."""
    if not proposal.reads_all or is_open(slot):
        return proposal.reads_all
    before = hearing.of(slot.name)
    others = [value for name, value in proposal.answer.values.items() if name != slot.name]
    if before is not None and not before.asked and before.value in others:
        return True
    readable = find_values(slot, hearing.text, draft.reading, asked=True)
    return any(one.value == proposal.answer.slots[slot.name] for one in readable)


def _used_by_another(hearing: Hearing, name: str, words: str) -> bool:
    """R16: a reader has made something else of these words."""
    return any(
        not one.fault and one.slot != name and one.words.casefold() == words.casefold() for one in hearing.values
    )


def _read_the_whole(draft: Draft, hearing: Hearing, proposal: Proposal) -> None:
    """What readers only guessed gives way: open texts, a choice that nobody asked for, a value that the model gives to
    another slot, a loose route, a question mark behind an answer."""
    answer, slots = proposal.answer, proposal.subject.slots
    explained = _explains(draft, hearing, answer)
    every = {name: slot for one in hearing.proposals for name, slot in one.subject.slots.items()} | dict(slots)
    hearing.read_by_model = frozenset(name for name, slot in every.items() if is_open(slot))
    if explained:
        hearing.read_by_model |= {name for name, slot in every.items() if slot.type is SlotType.ENUM}
    given = list(answer.values.values())
    kept = "" if explained or draft.asked is None else draft.asked.name
    hearing.values = [
        one
        for one in hearing.values
        if one.slot not in slots
        or one.slot in (*answer.values, kept)
        or (one.asked and not is_open(slots[one.slot]) and one.value not in given)
        or not (one.slot in hearing.read_by_model or one.value in given)
    ]
    hearing.routes = [route for route in hearing.routes if route.exact]
    if not answer.question and not _bound_yes(draft, hearing):
        hearing.question, hearing.about = False, None


def _explains(draft: Draft, hearing: Hearing, answer: Extraction) -> bool:
    """Does the model say what the message is, if not the answer to the open question? A bare reply, or the name of the
    task that is open anyway, does not: whoever answers plainly is never held up (P8)."""
    open_task = draft.top.flow if draft.top else None
    elsewhere = answer.flow is not None and (answer.flow != open_task or bool(hearing.routes))
    return bool(answer.values or answer.question) or elsewhere or answer.command == OFF_TOPIC


def _bound_yes(draft: Draft, hearing: Hearing) -> bool:
    """A yes that rules have read to a question only they may read: R44 has to see it as it was said."""
    asked = draft.asked
    return asked is not None and asked.ask_only and hearing.of(asked.name) is not None


def _flow(hearing: Hearing, proposal: Proposal) -> None:
    """A task that the model names starts as one that rules named would (S26). An exact trigger stands."""
    name = proposal.answer.flow
    if name is None or (hearing.routes and hearing.routes[0].exact and not proposal.reads_all):
        return
    hearing.routes = [Candidate(flow=name, score=1.0, words="", exact=True)]
    hearing.bare = hearing.bare or proposal.reads_all


def _reply(draft: Draft, hearing: Hearing, answer: Extraction) -> None:
    """To an ordinary yes or no question, where the rules heard neither."""
    asked = draft.asked
    if answer.reply is None or asked is None or asked.ask_only or asked.type is not SlotType.BOOLEAN:
        return
    if hearing.answer is not None or hearing.of(asked.name) is not None:
        return
    hearing.answer = Answer(answer.reply)
    if hearing.answer is not Answer.UNSURE:
        yes = hearing.answer is Answer.AFFIRM
        hearing.values.append(Heard(slot=asked.name, value=yes, words=hearing.text, asked=True, model=True))


def _command(hearing: Hearing, command: str) -> None:
    """Of a message that says nothing else; a person is never called on a model's word alone."""
    if command == OFF_TOPIC:
        hearing.question = True
    elif command in COMMANDS and Control(command) is Control.HUMAN:
        hearing.person_meant = True
    elif command in COMMANDS:
        control = Control(command)
        hearing.control = ReadControl(control=control, what=QUESTION if control is Control.REPEAT else "")


@rule("R42.idle", Stage.TALK, 35, given=(Given.PROPOSALS, Given.NO_RUN))
def a_question_that_nobody_answers(draft: Draft, hearing: Hearing) -> bool:
    """No run, and a model knows the message for a question: it was understood, so it does not count as lost (R29)."""
    known = any(one.answer.question or one.answer.command == OFF_TOPIC for one in hearing.proposals)
    if not (known and hearing.question) or draft.stack or draft.explained:
        return False
    draft.speech.answers.append(draft.line("cannot_help"))
    draft.done = draft.explained = True
    return True


@rule("R60.meant", Stage.CONTROL, 6, given=(Given.PROPOSALS,))
def a_person_may_be_meant(draft: Draft, hearing: Hearing) -> bool:
    """A model's `human` that no rule confirms is asked back (spec/handoff.md section 6, explicit_request)."""
    if not hearing.person_meant or not draft.book.people or draft.pending is not None:
        return False
    choices = (Choice(label="yes", value=True), Choice(label="no", value=False))
    draft.ask_system(PendingKind.PERSON_MEANT, draft.line("offer_person"), choices, kept=hearing.text)
    draft.done = draft.explained = True
    return True


@rule("R60.answer", Stage.SYSTEM, 42, given=(Given.SYSTEM,))
def a_person_was_meant(draft: Draft, hearing: Hearing) -> bool:
    """yes: the customer has asked for a person in so many words; no: we go on."""
    pending = draft.pending
    if pending is None or pending.kind is not PendingKind.PERSON_MEANT or not isinstance(hearing.pressed, bool):
        return False
    draft.pending = None
    draft.done = draft.explained = True
    if hearing.pressed:
        draft.want_person(Wanted(trigger="explicit_request", quote=pending.kept))
    else:
        draft.speech.acks.append(draft.line("kept_going"))
    return True
