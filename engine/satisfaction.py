"""How it went, 1 to 5: when a person is asked, and what is kept of the asking and the answer (S39, H150)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from engine.desk import DeskDef
from engine.flow import FlowDef

ASK = "ask"
AT_MOST_EVERY = timedelta(days=7)
"""A person is asked no more often than this, after whatever it was."""
ANSWERED_WITHIN = timedelta(hours=24)
"""Later a bare figure is an ordinary message."""


class Survey(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When somebody was asked, and after what: a run of a flow, or a case of a queue. `mark` is that of the question's
    buttons, "" once it was answered."""

    at: datetime
    mark: str = ""
    run: str = ""
    flow: str = ""
    case: str = ""
    queue: str = ""


class Rating(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How it went, as the customer says: `score` from 1 to 5, and for what; with `case` a person had answered."""

    score: int
    run: str = ""
    flow: str = ""
    case: str = ""
    queue: str = ""


def wants_rating(desk: DeskDef, flow: FlowDef | None = None) -> bool:
    """Does this flow ask how it went, or, where it says nothing of it, the desk?"""
    return ((flow and flow.csat) or desk.csat) == ASK


def may_be_asked(survey: Survey | None, *, now: datetime) -> bool:
    """Is it long enough since the person was last asked?"""
    return survey is None or now - survey.at >= AT_MOST_EVERY


def may_answer(survey: Survey | None, *, now: datetime) -> bool:
    """Would a bare figure answer the question that was put last?"""
    return survey is not None and bool(survey.mark) and now - survey.at <= ANSWERED_WITHIN


def pressed_score(token: Sequence[str], survey: Survey | None, *, now: datetime) -> int | None:
    """The figure on a button of that question, by its token's parts; None for any other button."""
    if survey is None or len(token) != 4 or token[2] != survey.mark or not may_answer(survey, now=now):
        return None
    return int(token[3]) + 1 if token[3] in {"0", "1", "2", "3", "4"} else None


def rated(survey: Survey, score: int) -> tuple[Rating, Survey]:
    """The answer, and what is kept of the asking once it is there."""
    about = {"run": survey.run, "flow": survey.flow, "case": survey.case, "queue": survey.queue}
    return Rating(score=score, **about), Survey(at=survey.at)
