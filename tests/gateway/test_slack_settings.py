"""Slack's variables: what is half a Slack, and what each of them may look like."""

from __future__ import annotations

import pytest

from channels.slack_places import Customers
from engine.errors import SettingsError
from gateway.settings import Settings
from handoff.policy import ReplyPolicy

TOKEN = {"SLACK_BOT_TOKEN": "xoxb-canary-1"}
HOOK = {**TOKEN, "SLACK_SIGNING_SECRET": "canary-secret"}
DESK = {**HOOK, "SLACK_HANDOFF_CHANNEL": "C0DESK", "HANDOFF_SLACK_AGENTS": "U0A, S0B"}


def problems(environ: dict[str, str]) -> tuple[str, ...]:
    """What is wrong with it, sentence by sentence; none may hold a secret."""
    with pytest.raises(SettingsError) as raised:
        Settings.load(environ)
    assert "canary" not in str(raised.value)
    return raised.value.problems


@pytest.mark.parametrize(
    "environ", [HOOK, {**TOKEN, "SLACK_APP_TOKEN": "xapp-1-a"}, {**HOOK, "SLACK_APP_TOKEN": "xapp-1-a"}, DESK]
)
def test_C56_a_token_and_a_way_in_are_a_slack(environ: dict[str, str]) -> None:
    settings = Settings.load(environ)
    assert settings.slack_bot_token is not None
    assert settings.slack_customers is Customers.ALL
    assert settings.handoff_reply_policy is ReplyPolicy.CLAIMER


def test_F39_a_token_without_a_way_in_is_half_a_slack() -> None:
    (sentence,) = problems(TOKEN)
    assert sentence.startswith("SLACK_SIGNING_SECRET is not set; channel 'slack' needs it")
    assert "SLACK_APP_TOKEN" in sentence


@pytest.mark.parametrize(
    ("name", "value"),
    [("SLACK_SIGNING_SECRET", "canary"), ("SLACK_APP_TOKEN", "xapp-canary"), ("SLACK_HANDOFF_CHANNEL", "C0DESK"),
     ("HANDOFF_SLACK_CHANNELS", "billing:C0BILL")],
)  # fmt: skip
def test_F39_anything_without_a_token_is_half_a_slack(name: str, value: str) -> None:
    assert any(s.startswith(f"SLACK_BOT_TOKEN is not set though {name} is") for s in problems({name: value}))


@pytest.mark.parametrize("desk", [{"SLACK_HANDOFF_CHANNEL": "C0DESK"}, {"HANDOFF_SLACK_CHANNELS": "billing:C0BILL"}])
def test_H56_a_desk_where_nobody_may_act_is_refused(desk: dict[str, str]) -> None:
    (sentence,) = problems({**HOOK, **desk})
    assert sentence.startswith(f"HANDOFF_SLACK_AGENTS is not set though {next(iter(desk))} is")


def test_F39_agents_without_a_desk_are_told_what_they_lack() -> None:
    (sentence,) = problems({**HOOK, "HANDOFF_SLACK_AGENTS": "U0A"})
    assert sentence.startswith("SLACK_HANDOFF_CHANNEL is not set though HANDOFF_SLACK_AGENTS is")


def test_C50_the_desk_is_every_channel_that_is_named() -> None:
    settings = Settings.load({**DESK, "HANDOFF_SLACK_CHANNELS": "billing:C0BILL, tech:C0TECH"})
    assert settings.slack_desk_channels == {"C0DESK", "C0BILL", "C0TECH"}
    assert settings.handoff_slack_channels == (("billing", "C0BILL"), ("tech", "C0TECH"))
    assert settings.handoff_slack_agents == ("U0A", "S0B")
    assert Settings.load(HOOK).slack_desk_channels == frozenset()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xapp-canary"),
        ("SLACK_BOT_TOKEN", "xoxb-canary canary"),
        ("SLACK_APP_TOKEN", "xoxb-canary"),
        ("SLACK_API_URL", "canary"),
        ("SLACK_CUSTOMERS", "canary"),
        ("SLACK_HANDOFF_CHANNEL", "#canary"),
        ("HANDOFF_SLACK_CHANNELS", "canary"),
        ("HANDOFF_SLACK_CHANNELS", "Canary:C0BILL"),
        ("HANDOFF_SLACK_CHANNELS", "billing:C0BILL,"),
        ("HANDOFF_SLACK_AGENTS", "@canary"),
        ("HANDOFF_SLACK_AGENTS", "U0A,,U0B"),
        ("HANDOFF_REPLY_POLICY", "canary"),
    ],
)
def test_F39_a_value_of_another_shape_is_refused(name: str, value: str) -> None:
    (sentence,) = problems({**DESK, name: value})
    assert sentence.startswith(f"{name} ")
    assert ";" in sentence, "a remedy follows"


def test_F34_no_representation_shows_a_secret() -> None:
    settings = Settings.load({**DESK, "SLACK_APP_TOKEN": "xapp-canary"})
    assert "canary" not in repr(settings)
    assert {"xoxb-canary-1", "canary-secret", "xapp-canary"} <= set(settings.secrets())
