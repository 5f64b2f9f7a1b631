"""What was told from the desk's own texts: each topic once, with the situation it was told in (S33)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.flow import SlotDef, SlotType
from engine.frame import Frame, SlotState
from engine.machine import Compiled
from engine.ports import Quote
from engine.readers.enums import find_choices
from engine.readers.inquiries import read_inquiry
from engine.readers.questions import is_question
from engine.readers.sentences import sentences
from engine.topic import Discussed
from engine.views import shown

OUTCOMES = ("found", "nothing")
"""What a look into the desk's own texts comes to."""
MOST_DISCUSSED = 20
"""Topics that are kept; the oldest goes first."""
_CLAUSE = re.compile(
    r"[,;]\s+(?=(?:and |so |but )?(?:can|could|do|does|did|is|are|may|will|would|how|what|when|who)\b)", re.IGNORECASE
)


def situation_of(flow: Compiled, frame: Frame) -> tuple[str, ...]:
    """How things are with the customer, in words: the choices that the run has settled."""
    chosen = [(slot, frame.slots.get(slot.name)) for slot in _situations(flow)]
    return tuple(
        str(shown(held.value, slot)) for slot, held in chosen if held is not None and held.state is SlotState.FILLED
    )


def fits(flow: Compiled, quote: Quote, situation: Sequence[str], question: str) -> bool:
    """Is it about the customer's own situation, or about none? One that the question names is meant, too."""
    for slot in _situations(flow):
        about = {one.value for one in find_choices(slot, quote.source)}
        own = {one.value for text in (*situation, question) for one in find_choices(slot, text)}
        if about and about.isdisjoint(own):
            return False
    return True


def inquiries(flow: Compiled, question: str, situation: Sequence[str]) -> tuple[str, ...]:
    """What to look up, the nearest to the customer's case first.

    A question that leans on what it is all about ("so how long?") is asked about that.
    """
    asked = _last_question(question)
    about = " ".join(situation)
    subject = flow.definition.title
    topics = read_inquiry(asked).topics
    if not (topics or is_question(asked)):
        return ()
    known = {topic.stem for topic in read_inquiry(f"{subject} {about}").topics}
    if is_question(asked) and all(topic.stem in known for topic in topics):
        asked = f"{subject}: {asked}"
    return (f"{asked} {about}", asked) if about else (asked,)


def before(discussed: Sequence[Discussed], quote: Quote, situation: tuple[str, ...]) -> bool:
    """Was the customer told this already, and is everything as it was?"""
    return any(one.passage == quote.place and one.situation == situation for one in discussed)


def noted(discussed: Sequence[Discussed], quote: Quote, situation: tuple[str, ...], turn: int) -> tuple[Discussed, ...]:
    """With this topic as the latest."""
    kept = [one for one in discussed if one.passage != quote.place]
    told = Discussed(topic=quote.source, passage=quote.place, turn=turn, situation=situation)
    return (*kept, told)[-MOST_DISCUSSED:]


def shorter(text: str) -> str:
    """The sentence of it that tells a figure, else the first."""
    said = [text[start:end].strip() for start, end in sentences(text)]
    return next((one for one in said if any(map(str.isdigit, one))), said[0] if said else text)


def _situations(flow: Compiled) -> list[SlotDef]:
    return [slot for slot in flow.definition.slots.values() if slot.type is SlotType.ENUM]


def _last_question(text: str) -> str:
    """ "I got a sweater with a gift receipt, can I return it?" asks only at its end."""
    asked = [text[start:end] for start, end in sentences(text) if is_question(text[start:end])]
    return _CLAUSE.split(asked[-1] if asked else text)[-1].strip()
