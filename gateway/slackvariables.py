"""Slack's variables: how their values look, and what half a Slack lacks (DESIGN 9, C56, H56)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import BeforeValidator, SecretStr

from gateway.values import shaped
from gateway.variables import Variables

ID = re.compile(r"[A-Z][A-Z0-9]{1,20}", re.ASCII)
QUEUE = re.compile(r"[a-z][a-z0-9_-]*", re.ASCII)


def ids(text: object) -> object:
    """Slack's ids from a list with commas. Raises ValueError."""
    return tuple(_id(part.strip()) for part in text.split(",")) if isinstance(text, str) else text


def queues(text: object) -> object:
    """(queue, channel id) from `billing:C1,tech:C2`. Raises ValueError."""
    return tuple(_queue(part.strip()) for part in text.split(",")) if isinstance(text, str) else text


BotToken = Annotated[
    SecretStr, shaped(r"(xoxe\.)?xoxb-[\w-]+", "copy it from the app's page OAuth & Permissions, such as xoxb-1-2-abc")
]
AppToken = Annotated[
    SecretStr, shaped(r"xapp-[\w-]+", "copy it from the app's page Basic Information, such as xapp-1-A1-2-abc")
]
ChannelId = Annotated[str, BeforeValidator(lambda text: _id(text) if isinstance(text, str) else text)]
Ids = Annotated[tuple[str, ...], BeforeValidator(ids)]
Queues = Annotated[tuple[tuple[str, str], ...], BeforeValidator(queues)]

_NEED_TOKEN = ("SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "SLACK_HANDOFF_CHANNEL", "HANDOFF_SLACK_CHANNELS")
_DESKS = ("SLACK_HANDOFF_CHANNEL", "HANDOFF_SLACK_CHANNELS")


def half_a_slack(variables: Variables) -> Iterator[str]:
    """What is missing beside what was given."""
    given = variables.given
    for name in _NEED_TOKEN:
        if name in given and "SLACK_BOT_TOKEN" not in given:
            yield (
                f"SLACK_BOT_TOKEN is not set though {name} is; channel 'slack' needs it: "
                f"set the app's bot token, or remove {name}"
            )
    if "SLACK_BOT_TOKEN" in given and not {"SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"} & given:
        yield (
            "SLACK_SIGNING_SECRET is not set; channel 'slack' needs it to know real webhooks from forged ones: "
            "set the app's signing secret, or set SLACK_APP_TOKEN for Socket Mode"
        )
    desks = [name for name in _DESKS if name in given]
    if desks and "HANDOFF_SLACK_AGENTS" not in given:
        yield (
            f"HANDOFF_SLACK_AGENTS is not set though {desks[0]} is; nobody could act at the desk: "
            "set the ids of the agents, users or user groups"
        )
    if not desks and "HANDOFF_SLACK_AGENTS" in given:
        yield (
            "SLACK_HANDOFF_CHANNEL is not set though HANDOFF_SLACK_AGENTS is; agents need a place: "
            "set the desk's channel, or remove HANDOFF_SLACK_AGENTS"
        )


def _id(text: str) -> str:
    if not ID.fullmatch(text):
        raise ValueError("is none of Slack's ids; write ids such as C0123ABCD or U0123ABCD, with commas between")
    return text


def _queue(text: str) -> tuple[str, str]:
    name, _, channel = text.partition(":")
    if not QUEUE.fullmatch(name) or not ID.fullmatch(channel):
        raise ValueError("does not name queues and their channels; write them like billing:C0123ABCD,tech:C0456EFGH")
    return name, channel
