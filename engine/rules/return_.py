"""H. Coming back: after a gap a run is offered, gone on with, or given up (R57, S7, S8)."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from engine.draft import Draft
from engine.flow import SlotType
from engine.heard import Hearing
from engine.readers.answer import read_answer
from engine.readers.control import Control
from engine.readers.questions import is_question
from engine.resuming import carry_on, decline, offered, put_offer, take_values
from engine.rules.ambiguity import menu
from engine.rules.given import Given
from engine.rules.interruption import STRONG
from engine.rules.registry import Stage, rule
from engine.timers import groups, resume_after_s

_NEUTRAL = (Control.HELP, Control.REPEAT)


@rule("R57.on", Stage.INTAKE, 20, given=(Given.RUN, Given.AWAY))
def goes_on_at_once(draft: Draft, hearing: Hearing) -> bool:
    """A valid value for the open question, another task or a control word needs no offer."""
    if not _returns(draft, hearing):
        return False
    ordered = hearing.control is not None and not _controls(hearing, *_NEUTRAL)
    if not ordered and not _answers(draft, hearing) and not _another(draft, hearing):
        return False
    carry_on(draft)
    return True


@rule("R57.person", Stage.INTAKE, 25, given=(Given.RUN, Given.AWAY), consumed_too=True)
def a_case_is_open(draft: Draft, hearing: Hearing) -> bool:
    """While a case is open nothing is offered (H31); an old confirmation is still asked anew."""
    if draft.before.paused_at is None or draft.before.opted_out or not _returns(draft, hearing):
        return False
    asked = draft.asked
    if asked is not None and asked.ask_only and hearing.of(asked.name):
        hearing.drop(asked.name)
        draft.explained = True
    carry_on(draft)
    return True


@rule("R57", Stage.INTAKE, 30, given=(Given.RUN, Given.AWAY), consumed_too=True)
def shall_we_carry_on(draft: Draft, hearing: Hearing) -> bool:
    """The offer (S7). A question or a greeting is answered in front of it; anything else is kept for the answer."""
    if not _returns(draft, hearing):
        return False
    talk = _talk(hearing)
    kept = "" if hearing.pressed is not None or _bare_answer(draft, hearing.text) else hearing.text
    put_offer(draft, kept=kept)
    hearing.offered = True
    hearing.values, hearing.routes, hearing.rivals = [], (), ()
    hearing.pressed = hearing.answer = None
    draft.time.idle_since = draft.now
    draft.done = draft.done or not talk
    draft.explained = draft.explained or not talk
    return True


def _returns(draft: Draft, hearing: Hearing) -> bool:
    """A message after a gap, with a run unfinished, that does not ask for a person."""
    since = draft.time.idle_since
    if not draft.stack or since is None or draft.silent or draft.waiting is not None or offered(draft):
        return False
    if draft.now - since <= timedelta(seconds=resume_after_s(draft.stack, draft.book)):
        return False
    return not (_controls(hearing, Control.HUMAN) and draft.book.people)


@rule("S8.yes", Stage.SYSTEM, 50, given=(Given.SYSTEM,))
def carried_on(draft: Draft, hearing: Hearing) -> bool:
    """yes: the run goes on at its next unsettled state, with the values of the message that brought them back."""
    pending = offered(draft)
    if pending is None or hearing.offered or hearing.pressed is not True:
        return False
    carry_on(draft)
    take_values(draft, hearing, f"{pending.kept}\n{hearing.text}")
    return True


@rule("S8.value", Stage.SYSTEM, 51, given=(Given.SYSTEM,))
def a_value_is_a_yes(draft: Draft, hearing: Hearing) -> bool:
    """A valid value for the run's open question answers the offer too."""
    if offered(draft) is None or hearing.offered or not _answers(draft, hearing):
        return False
    carry_on(draft)
    return True


@rule("S8.named", Stage.SYSTEM, 52, given=(Given.SYSTEM,))
def its_name_is_a_yes(draft: Draft, hearing: Hearing) -> bool:
    """Whoever names the task that is offered wants to carry on with it (R6)."""
    pending = offered(draft)
    if pending is None or hearing.offered or not hearing.routes:
        return False
    if hearing.routes[0].flow not in {frame.flow for frame in groups(draft.stack)[-1]}:
        return False
    carry_on(draft)
    take_values(draft, hearing, f"{pending.kept}\n{hearing.text}")
    hearing.routes, hearing.question = (), False
    return True


@rule("S8.other", Stage.SYSTEM, 53, given=(Given.SYSTEM,))
def something_else_first(draft: Draft, hearing: Hearing) -> bool:
    """Another task (R45), or a control word of the run: the offer is withdrawn, the run stays."""
    if offered(draft) is None or hearing.offered:
        return False
    if hearing.control is not None and not _controls(hearing, Control.HUMAN, *_NEUTRAL):
        carry_on(draft)
        return True
    if not _another(draft, hearing):
        return False
    carry_on(draft)
    return True


@rule("S8.no", Stage.SYSTEM, 54, given=(Given.SYSTEM,))
def declined(draft: Draft, hearing: Hearing) -> bool:
    """no: archived, and the message that brought them back is handled as new, or what is said besides the no."""
    pending = offered(draft)
    if pending is None or hearing.offered or hearing.pressed is not False:
        return False
    decline(draft)
    rest = read_answer(hearing.text, draft.reading).rest
    draft.follow_up = rest or ("" if is_question(pending.kept) else pending.kept)
    if not draft.follow_up and not draft.stack:
        draft.speech.acks.append(menu(draft))
    return True


@rule("S8.else", Stage.SYSTEM, 59, given=(Given.SYSTEM,))
def neither_yes_nor_no(draft: Draft, hearing: Hearing) -> bool:
    """Anything else: the offer once more; the second time it is declined and the message handled as new."""
    pending = offered(draft)
    if pending is None or hearing.offered or hearing.control is not None or _talk(hearing):
        return False
    if pending.put == 1:
        put_offer(draft, kept=f"{pending.kept}\n{hearing.text}".strip())
        draft.done = draft.explained = True
        return True
    decline(draft)
    draft.follow_up = hearing.text
    return True


@rule("S8.open", Stage.TRIES, 95, given=(Given.SYSTEM,), consumed_too=True)
def the_offer_stays_open(draft: Draft, hearing: Hearing) -> bool:
    """What answers nothing (help, a question, a greeting, a photo) is answered, and the offer put behind it."""
    pending = offered(draft)
    if pending is None or draft.wanted is not None or draft.speech.question:
        return False
    put_offer(draft, kept=pending.kept)
    if draft.pending is not None:
        draft.pending = replace(draft.pending, put=pending.put)
    draft.explained = True
    return True


def _answers(draft: Draft, hearing: Hearing) -> bool:
    """A valid value for the open question; a yes or no, or a confirmation, says nothing after a gap."""
    asked = draft.asked
    if asked is None or asked.ask_only or asked.type is SlotType.BOOLEAN or hearing.rivals:
        return False
    heard = hearing.of(asked.name)
    return heard is not None and heard.asked and not heard.fault


def _another(draft: Draft, hearing: Hearing) -> bool:
    """Another flow is plainly meant."""
    if not hearing.routes:
        return False
    best = hearing.routes[0]
    ours = {frame.flow for frame in groups(draft.stack)[-1]}
    return best.flow not in ours and (best.exact or best.score >= STRONG)


def _talk(hearing: Hearing) -> bool:
    """Words that are answered whatever else is open."""
    return _controls(hearing, *_NEUTRAL) or (hearing.question and not hearing.routes) or hearing.greeting is not None


def _controls(hearing: Hearing, *controls: Control) -> bool:
    return hearing.control is not None and hearing.control.control in controls


def _bare_answer(draft: Draft, text: str) -> bool:
    read = read_answer(text, draft.reading)
    return read.answer is not None and not read.rest
