"""After a person has solved a case: the customer is asked how it went (H150)."""

from __future__ import annotations

from dataclasses import replace as with_

from msgspec.structs import replace

from engine.draft import Draft
from engine.encounter import with_met
from engine.question import PendingKind
from engine.rules.satisfaction import scores
from engine.satisfaction import Survey, may_be_asked, wants_rating
from engine.say import Composed, say
from engine.turn import Turn, World


def asking_how_it_went(turn: Turn, world: World, *, case: str, queue: str) -> tuple[Turn, Composed]:
    """The turn with that question open, and how it is put; nothing where the desk does not ask, where the customer was
    asked within the week, or has opted out."""
    conversation, now = turn.conversation, turn.notes.at
    asked = wants_rating(world.book.desk) and may_be_asked(conversation.survey, now=now)
    if not asked or conversation.opted_out or conversation.address is None:
        return turn, Composed(told=())
    draft = Draft(conversation, world.book, turn_id=turn.id, now=now, limits=world.limits(conversation.address))
    draft.turn = conversation.turn
    draft.ask_system(PendingKind.CSAT, draft.line("csat_people"), scores(draft))
    draft.survey = Survey(at=now, mark=draft.speech.mark, case=case, queue=queue)
    composed = say(draft)
    notes = with_met(replace(turn.notes, survey=draft.survey), draft, composed)
    outbox = tuple([notes if row is turn.notes else row for row in turn.outbox])
    return with_(turn, conversation=draft.finish(), notes=notes, outbox=outbox), composed
