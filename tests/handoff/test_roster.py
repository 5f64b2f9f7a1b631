"""Who may act at the desk (H56, X10), and what customers call them (H48)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from channels.slack import SlackChannel, SlackKeys
from gateway.clock import TestClock
from handoff.case import Agent
from handoff.policy import DeskPolicy
from handoff.ports import Roster
from handoff.roster import AWAY_FOR_S, KNOWN_FOR_S, SlackRoster
from tests.channels.slack_double import TEAM, TOKEN, gives, listening, says
from tests.channels.slack_workspace import SlackWorkspace
from tests.handoff.desk import MONDAY

pytestmark = pytest.mark.anyio

ANNA, GROUP = "U0ANNA001", "S0SUPPORT"
POLICY = DeskPolicy(aliases={"U0BOSS001": "Management"})


@dataclass(kw_only=True)
class Listed:
    slack: SlackWorkspace
    clock: TestClock
    roster: Roster
    channel: SlackChannel

    async def may(self, user: str, team: str = TEAM) -> bool:
        return await self.roster.agent(user, team) is not None

    def asked(self) -> int:
        return len(self.slack.asked("users.info") + self.slack.asked("usergroups.users.list"))


@pytest.fixture
async def listed(anyio_backend: str) -> AsyncIterator[Listed]:
    clock = TestClock(MONDAY, real=lambda: 0.0)
    async with listening(SlackWorkspace()) as slack:
        slack.hires(ANNA, "U0BOSS001", "U0TOM0001", "U0OTHER01")
        slack.groups[GROUP] = ["U0TOM0001"]
        channel = SlackChannel(SlackKeys(token=TOKEN, api_url=slack.url))
        await channel.open()
        roster = SlackRoster(channel.api, POLICY, (ANNA, "U0BOSS001", GROUP), clock)
        yield Listed(slack=slack, clock=clock, roster=roster, channel=channel)
        await channel.close()


async def test_H56_users_and_members_of_user_groups_may_act_and_nobody_else(listed: Listed) -> None:
    assert await listed.may(ANNA)
    assert await listed.may("U0TOM0001")
    assert not await listed.may("U0OTHER01")
    assert not await listed.may("")
    assert not await listed.may(GROUP)


async def test_H56_a_stranger_costs_one_question_about_the_group_and_none_about_themselves(listed: Listed) -> None:
    for _ in range(5):
        await listed.may("U0OTHER01")
    assert listed.asked() == 1
    assert listed.slack.asked("usergroups.users.list") == [{"usergroup": GROUP}]


async def test_X10_an_agent_of_another_team_is_none(listed: Listed) -> None:
    assert not await listed.may(ANNA, "T0OTHER01")
    assert not await listed.may(ANNA, "")


@pytest.mark.parametrize(
    "flaw",
    [
        {"deleted": True}, {"is_restricted": True}, {"is_ultra_restricted": True}, {"is_stranger": True},
        {"is_bot": True}, {"team_id": "T0OTHER01"},
    ],
)  # fmt: skip
async def test_X10_guests_strangers_machines_and_those_who_left_may_not_act(
    listed: Listed, flaw: dict[str, Any]
) -> None:
    listed.slack.users[ANNA] |= flaw
    listed.slack.users["U0TOM0001"] |= flaw
    assert not await listed.may(ANNA)
    assert not await listed.may("U0TOM0001")


async def test_X10_a_user_that_slack_does_not_know_is_none(listed: Listed) -> None:
    del listed.slack.users[ANNA]
    assert not await listed.may(ANNA)


async def test_H48_the_customer_sees_an_alias_or_the_first_word_of_the_display_name(listed: Listed) -> None:
    assert await listed.roster.agent("U0BOSS001", TEAM) == Agent(id="U0BOSS001", alias="Management")
    for profile, alias in (
        ({"display_name": "Anna K."}, "Anna"),
        ({"display_name": "", "real_name": "Anna Real"}, "Anna"),
        ({"display_name": "anna@example.com"}, "a colleague"),
        ({}, "a colleague"),
    ):
        listed.slack.users[ANNA]["profile"] = profile
        assert await listed.roster.agent(ANNA, TEAM) == Agent(id=ANNA, alias=alias)
        listed.clock.advance(KNOWN_FOR_S)


async def test_H56_what_slack_told_counts_for_five_minutes(listed: Listed) -> None:
    assert await listed.may("U0TOM0001")
    listed.slack.groups[GROUP] = []
    listed.slack.users[ANNA]["deleted"] = True
    listed.clock.advance(KNOWN_FOR_S - 1)
    assert await listed.may("U0TOM0001")
    assert listed.asked() == 2
    listed.clock.advance(1)
    assert not await listed.may("U0TOM0001")
    assert not await listed.may(ANNA)


async def test_while_slack_is_away_a_listed_user_counts_and_a_groups_member_does_not(listed: Listed) -> None:
    await listed.channel.close()
    assert await listed.roster.agent(ANNA, TEAM) == Agent(id=ANNA, alias="a colleague")
    assert await listed.roster.agent("U0BOSS001", TEAM) == Agent(id="U0BOSS001", alias="Management")
    assert not await listed.may("U0TOM0001")
    assert not await listed.may(ANNA, "T0OTHER01")


@pytest.mark.parametrize("word", ["fatal_error", "ratelimited", "missing_scope", "invalid_auth"])
async def test_while_slack_tells_nothing_the_name_stays_as_it_was(listed: Listed, word: str) -> None:
    before = await listed.roster.agent(ANNA, TEAM)
    assert before == Agent(id=ANNA, alias="U0Anna001")
    listed.clock.advance(KNOWN_FOR_S)
    listed.slack.will("users.info", says(word), gives(user={"team_id": 3}))
    for _ in range(3):
        assert await listed.roster.agent(ANNA, TEAM) == before
    assert len(listed.slack.asked("users.info")) == 2, "it is not asked for every message"
    listed.clock.advance(AWAY_FOR_S)
    assert await listed.may(ANNA)
    listed.slack.users[ANNA]["deleted"] = True
    listed.clock.advance(AWAY_FOR_S)
    assert not await listed.may(ANNA)


async def test_who_had_left_before_slack_went_away_does_not_come_back(listed: Listed) -> None:
    listed.slack.users[ANNA]["deleted"] = True
    assert not await listed.may(ANNA)
    listed.clock.advance(KNOWN_FOR_S)
    listed.slack.will("users.info", says("fatal_error"))
    assert not await listed.may(ANNA)


async def test_H56_a_group_that_slack_does_not_tell_has_no_members_and_is_asked_again(listed: Listed) -> None:
    listed.slack.will("usergroups.users.list", says("fatal_error"), gives())
    assert not await listed.may("U0TOM0001")
    assert not await listed.may("U0TOM0001")
    assert await listed.may("U0TOM0001")


async def test_until_slack_has_said_which_team_is_ours_the_users_own_counts(listed: Listed) -> None:
    listed.slack.will("auth.test", says("fatal_error"))
    unknown = SlackChannel(SlackKeys(token=TOKEN, api_url=listed.slack.url))
    await unknown.open()
    roster = SlackRoster(unknown.api, POLICY, (ANNA,), listed.clock)
    assert await roster.agent(ANNA, TEAM) is not None
    listed.clock.advance(KNOWN_FOR_S)
    assert await roster.agent(ANNA, "T0OTHER01") is None
    await unknown.close()
