"""Questions that the words of our texts do not answer are looked up by what they mean, before anything is decided."""

from __future__ import annotations

from engine.asides import asides
from engine.deskfacts import desk_fact
from engine.draft import Draft
from engine.heard import Hearing
from engine.ports import Quote


async def look_by_meaning(hearing: Hearing, draft: Draft) -> None:
    """Find what may answer the questions of a message, so that rules need not wait for anybody (S5, S34).

    Nobody outside is asked about what the clock or our words answer, what may name a task or is a command, nor about
    a message that answers a question for a secret or holds one (S24).
    """
    if (
        not hearing.text.strip()
        or not hearing.readable
        or hearing.too_long
        or _taken(hearing)
        or _secret(hearing, draft)
    ):
        return
    flow = draft.top.flow if draft.top else None
    for question in asides(hearing) or (() if draft.stack else (hearing.text,)):
        if not (desk_fact(draft, question) or draft.book.quote(question, flow)):
            await meant(draft, question, flow)


async def meant(draft: Draft, question: str, flow: str | None) -> tuple[Quote, ...]:
    """What answers a question by its meaning; asked for once in a turn."""
    if question not in draft.meant and draft.book.meaning is not None:
        draft.meant[question] = await draft.book.meaning.quote(question, flow)
    return draft.meant.get(question, ())


def _taken(hearing: Hearing) -> bool:
    return hearing.pressed is not None or hearing.stale or hearing.control is not None or bool(hearing.routes)


def _secret(hearing: Hearing, draft: Draft) -> bool:
    if draft.asked is not None and draft.asked.sensitive:
        return True
    slots = draft.flow.definition.slots if draft.stack else {}
    return any(heard.slot in slots and slots[heard.slot].sensitive for heard in hearing.values)
