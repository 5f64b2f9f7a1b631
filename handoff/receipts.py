"""What became of an agent's words: noted when they set out, told when they arrived or did not (H26, H50)."""

from __future__ import annotations

from msgspec.structs import replace

from handoff.case import MAX_ON_THEIR_WAY, MAX_TEXTS_ON_THEIR_WAY, Case, OnItsWay, Spot
from handoff.moves import Move, Trigger
from handoff.posts import Marking


def set_out(case: Case, row: str, spot: Spot, text: str) -> Case:
    """These words are in the outbox now, perhaps once more: then Retry has nothing to send until they come back."""
    sent = OnItsWay(row=row, spot=spot, text=text, case=case.id)
    under_way = (*case.on_their_way, sent)[-MAX_ON_THEIR_WAY:]
    long_ago = tuple(replace(one, text="") for one in under_way[:-MAX_TEXTS_ON_THEIR_WAY])
    failed = case.undelivered if case.undelivered is None or case.undelivered.spot != spot else None
    return replace(case, on_their_way=(*long_ago, *under_way[-MAX_TEXTS_ON_THEIR_WAY:]), undelivered=failed)


def came_back(case: Case, row: str, reason: str | None) -> tuple[Case, OnItsWay | None]:
    """They arrived, or did not for `reason`; and which words those were, if the case still knows. What was said in an
    earlier case says nothing of this one."""
    words = next((one for one in case.on_their_way if one.row == row), None)
    if words is None:
        return case, None
    rest = tuple(one for one in case.on_their_way if one.row != row)
    if words.case != case.id:
        return replace(case, on_their_way=rest), words
    return replace(case, on_their_way=rest, undelivered=words if reason is not None else None), words


def move_of(reason: str | None) -> Move:
    """What that does to the case."""
    if reason is None:
        return Move(trigger=Trigger.DELIVERED)
    return Move(trigger=Trigger.DELIVERY_FAILED, reason=reason)


def marking_of(reason: str | None) -> Marking:
    """What the agent sees on their message."""
    return Marking.DELIVERED if reason is None else Marking.FAILED
