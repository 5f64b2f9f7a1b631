"""What `frontdesk doctor` says of a Slack app, its desk and its agents."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from channels.base import Mark
from channels.slack_scopes import everything
from tests.channels import slack_double as slacks
from tests.channels.slack_double import DESK, SlackDouble
from tests.gateway.doctor.rounds import AGENT, GROUP, desked, examined, one

pytestmark = pytest.mark.anyio


def allow(double: SlackDouble, *scopes: str) -> None:
    """auth.test answers once, with these scopes."""
    told = json.dumps({"ok": True, "user": "frontdesk", "team": "Example"}).encode()
    double.will("auth.test", slacks.raw(200, told, X_OAuth_Scopes=", ".join(scopes)))


def staff(double: SlackDouble, channel: Mapping[str, Any] | None = None) -> None:
    """A desk and agents as they should be, but for what is said of the channel."""
    sound = {"id": DESK, "name": "support", "is_member": True, "is_archived": False}
    double.will("conversations.info", slacks.gives(channel={**sound, **(channel or {})}))
    double.will("users.info", slacks.gives(user={"id": AGENT, "deleted": False}))
    double.will("usergroups.users.list", slacks.gives(users=[AGENT]))


async def test_a_sound_slack_desk_is_sound(slack: SlackDouble, tmp_path: Path) -> None:
    allow(slack, *everything())
    staff(slack)
    found = await examined(tmp_path, **desked(slack))
    about = {what: finding.mark for what, (finding, *_) in found.items() if what.startswith("slack")}
    assert about == dict.fromkeys(
        ("slack sdk", "slack app", f"slack desk {DESK}", "slack agents", "slack socket"), Mark.OK
    )
    assert slack.asked("users.info") == [{"user": AGENT}], "a form: this method takes no JSON"


async def test_a_missing_scope_is_named(slack: SlackDouble, tmp_path: Path) -> None:
    allow(slack, *(everything() - {"usergroups:read", "reactions:write"}))
    staff(slack)
    found = await one("slack app", tmp_path, **desked(slack))
    assert found.mark is Mark.FAILED
    assert found.found.endswith("lacks scopes: reactions:write, usergroups:read")


async def test_customers_alone_need_fewer_scopes(slack: SlackDouble, tmp_path: Path) -> None:
    environ = {name: value for name, value in desked(slack).items() if "HANDOFF" not in name}
    allow(slack, "chat:write", "files:read", "im:history")
    assert (await one("slack app", tmp_path, **environ, SLACK_CUSTOMERS="dm")).mark is Mark.OK
    allow(slack, "chat:write", "files:read", "im:history")
    lacking = await one("slack app", tmp_path, **environ, SLACK_CUSTOMERS="all")
    assert lacking.found.endswith("lacks scopes: app_mentions:read, channels:history, groups:history")


@pytest.mark.parametrize(
    ("channel", "said", "mark"),
    [
        ({"is_member": False}, "the app is not in #support", Mark.FAILED),
        ({"is_archived": True}, "#support is archived", Mark.FAILED),
        ({"is_ext_shared": True}, "shared with another company", Mark.WARNING),
    ],
)
async def test_a_desk_where_the_app_cannot_work_is_told(
    channel: dict[str, Any], said: str, mark: Mark, slack: SlackDouble, tmp_path: Path
) -> None:
    staff(slack, channel)
    found = await one(f"slack desk {DESK}", tmp_path, **desked(slack))
    assert found.mark is mark
    assert said in found.found


async def test_a_desk_that_is_not_to_be_seen_is_told_to_invite_us(slack: SlackDouble, tmp_path: Path) -> None:
    slack.will("conversations.info", slacks.says("channel_not_found"))
    found = await one(f"slack desk {DESK}", tmp_path, **desked(slack))
    assert found.mark is Mark.FAILED
    assert "or it is private and the app is not in it" in found.found


@pytest.mark.parametrize(
    ("user", "said"),
    [
        ({"deleted": True}, f"{AGENT} is deactivated"),
        ({"is_bot": True}, f"{AGENT} is a bot"),
        ({"is_restricted": True}, f"{AGENT} is a guest"),
        ({"is_stranger": True}, f"{AGENT} is of another company"),
    ],
)
async def test_H56_an_agent_who_may_not_act_is_told_by_id(
    user: dict[str, bool], said: str, slack: SlackDouble, tmp_path: Path
) -> None:
    slack.will("users.info", slacks.gives(user=user))
    slack.will("usergroups.users.list", slacks.gives(users=[]))
    found = await one("slack agents", tmp_path, **desked(slack))
    assert (found.mark, found.found) == (Mark.FAILED, f"{said}; {GROUP} is a user group of nobody")


async def test_an_agent_who_is_nobody_is_told_by_id(slack: SlackDouble, tmp_path: Path) -> None:
    slack.will("users.info", slacks.says("user_not_found"))
    slack.will("usergroups.users.list", slacks.says("no_such_subteam"))
    found = await one("slack agents", tmp_path, **desked(slack))
    assert found.found == f"{AGENT} is nobody in this workspace; {GROUP} is no user group of this workspace"


@pytest.mark.parametrize(("error", "said"), [("token_revoked", "refuses our token"), ("fatal_error", "refuses: fatal")])
async def test_what_slack_refuses_is_told_in_its_word(
    error: str, said: str, slack: SlackDouble, tmp_path: Path
) -> None:
    slack.will("auth.test", slacks.says(error))
    assert said in (await one("slack app", tmp_path, **desked(slack))).found


async def test_a_socket_that_does_not_open_is_told(slack: SlackDouble, tmp_path: Path) -> None:
    slack.will("apps.connections.open", slacks.says("invalid_auth"))
    found = await one("slack socket", tmp_path, **desked(slack))
    assert (found.mark, found.found) == (Mark.FAILED, "Slack opens no socket for us: invalid_auth")
    assert "SLACK_APP_TOKEN" in found.remedy
