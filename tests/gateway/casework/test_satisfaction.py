"""How it went is asked after a person has solved a case too (H150), within S39's limit of once in seven days."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engine.desk import DeskDef
from engine.message import EventKind
from engine.satisfaction import Rating
from tests.engine.flows_for_tests import SHOP
from tests.engine.talk import Table
from tests.gateway.people_desk import PeopleDesk, asked, claimed, people_desk

pytestmark = pytest.mark.anyio
ASKED = "How did we do, 1 to 5?"


@pytest.fixture
async def asking(tmp_path: Path) -> AsyncIterator[PeopleDesk]:
    async with people_desk(tmp_path, actions=Table(SHOP), desk=DeskDef(csat="ask")) as found:
        yield found


async def test_H150_after_a_person_solved_it_how_it_went_is_asked_and_kept(asking: PeopleDesk) -> None:
    await claimed(asking)
    assert await asking.presses("resolve", outcome="solved") == ASKED
    case = await asking.case()
    assert "Thank you" in await asking.says("4")
    noted = [notes.rating for notes in await asking.journal() if notes.rating]
    assert noted == [Rating(score=4, case=case.id, queue=case.queue)]


async def test_H150_anything_else_is_an_ordinary_message(asking: PeopleDesk) -> None:
    await claimed(asking)
    await asking.presses("resolve", outcome="solved")
    assert "Which order number" in await asking.says("I want a refund")
    assert (await asking.conversation()).pending is None


async def test_H150_the_bot_and_people_share_the_limit_of_seven_days(asking: PeopleDesk) -> None:
    for text in ("I want a refund", "ORD-12345", "yes", "broken"):
        await asking.says(text)
    assert "How did I do" in await asking.says("none")
    await claimed(asking)
    assert ASKED not in await asking.presses("resolve", outcome="solved")
    await asking.wait(days=7)
    await claimed(asking)
    assert ASKED in await asking.presses("resolve", outcome="solved")


async def test_H150_spam_and_returned_cases_are_not_asked_about(asking: PeopleDesk) -> None:
    await claimed(asking)
    assert ASKED not in await asking.presses("resolve", outcome="spam")
    await claimed(asking)
    assert ASKED not in await asking.presses("return")


async def test_H150_who_has_opted_out_is_not_asked(asking: PeopleDesk) -> None:
    await asked(asking)
    await asking.presses("claim")
    await asking.happens(EventKind.OPT_OUT)
    assert await asking.presses("resolve", outcome="solved") == ""
    assert (await asking.conversation()).pending is None


async def test_H150_where_the_desk_does_not_ask_nothing_is_said(desk: PeopleDesk) -> None:
    await claimed(desk)
    assert await desk.presses("resolve", outcome="solved") == ""
