"""How did I do, 1 to 5? Asked at the end of what was resolved; only a figure or stars answer it (S39)."""

from __future__ import annotations

from engine.draft import Draft
from engine.heard import Hearing
from engine.question import Choice, PendingKind
from engine.readers.control import Control
from engine.readers.ratings import MOST, read_rating
from engine.rules.given import Given
from engine.rules.registry import Stage, rule
from engine.satisfaction import Survey, may_answer, may_be_asked, rated, wants_rating

_SCORES = tuple([Choice(label=str(score), value=score) for score in range(1, MOST + 1)])
RESOLVED = "resolved"


@rule("S39", Stage.PARTING, 10)
def how_did_i_do(draft: Draft, hearing: Hearing) -> bool:
    """The last reply of a resolved run asks it, where flow or desk want that: once a week, never while a person has the
    case, never beside another question."""
    ended = draft.ended
    if draft.stack or draft.pending is not None or ended is None or ended.reason != "done":
        return False
    flow = draft.book.current(ended.flow)
    if ended.outcome != RESOLVED or not wants_rating(draft.book.desk, flow.definition if flow else None):
        return False
    if draft.before.paused_at is not None or not may_be_asked(draft.survey, now=draft.now):
        return False
    draft.ask_system(PendingKind.CSAT, draft.line("csat"), scores(draft))
    draft.survey = Survey(at=draft.now, mark=draft.speech.mark, run=ended.run, flow=ended.flow)
    return True


def scores(draft: Draft) -> tuple[Choice, ...]:
    """1 to 5 as buttons; where the channel has none the question alone says what may be answered."""
    return _SCORES if draft.limits.options_native and draft.limits.options_max >= MOST else ()


@rule("S39.score", Stage.SYSTEM, 5, given=(Given.SYSTEM,))
def so_it_went(draft: Draft, hearing: Hearing) -> bool:
    """One to five, written, pressed or in stars: kept, and thanked for."""
    return _asks(draft) and _rated(draft, hearing)


@rule("S39.cancel", Stage.SYSTEM, 6, given=(Given.SYSTEM, Given.CONTROL))
def nothing_to_say(draft: Draft, hearing: Hearing) -> bool:
    """cancel withdraws the question, and nothing else."""
    if not _asks(draft) or hearing.control is None or hearing.control.control is not Control.CANCEL:
        return False
    draft.pending = None
    draft.speech.acks.append(draft.line("csat_left"))
    draft.done = draft.explained = True
    return True


@rule("S39.other", Stage.SYSTEM, 7, given=(Given.SYSTEM,))
def an_ordinary_message(draft: Draft, hearing: Hearing) -> bool:
    """Anything else withdraws the question and is heard as if it had not been put."""
    if not _asks(draft):
        return False
    draft.pending = None
    return True


@rule("S39.late", Stage.INTAKE, 40, given=(Given.OPEN,))
def so_it_went_after_all(draft: Draft, hearing: Hearing) -> bool:
    """A bare figure within a day still answers it where nothing else is open; its button does so anywhere."""
    if draft.survey is None or _asks(draft):
        return False
    nothing_open = not draft.stack and draft.pending is None
    return (hearing.rating is not None or nothing_open) and _rated(draft, hearing)


def _asks(draft: Draft) -> bool:
    return draft.pending is not None and draft.pending.kind is PendingKind.CSAT


def _rated(draft: Draft, hearing: Hearing) -> bool:
    score = hearing.rating or read_rating(hearing.text)
    if draft.survey is None or score is None or not may_answer(draft.survey, now=draft.now):
        return False
    draft.rating, draft.survey = rated(draft.survey, score)
    draft.pending = None if _asks(draft) else draft.pending
    draft.speech.acks.append(draft.line("csat_thanks"))
    draft.done = draft.explained = True
    return True
