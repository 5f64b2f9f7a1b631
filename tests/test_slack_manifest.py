"""The Slack app of deploy/, held against what our code calls and hears: no scope too few, and none too many."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from channels.slack_scopes import OF_EVENTS, OF_METHODS, everything
from channels.slack_webhook import WEBHOOK

ROOT = Path(__file__).parent.parent

METHOD = re.compile(
    r"(apps|auth|bookmarks|chat|conversations|files|pins|reactions|team|usergroups|users|views)(\.[a-zA-Z]+){1,2}"
)
"""A method of Slack's Web API, by the families there are."""
NOT_SUBSCRIBED = {"message", "app_rate_limited"}
"""A message comes by where it stands; Slack tells every app when it holds events back."""


def manifest() -> dict[str, Any]:
    """The Slack app as we describe it."""
    found: dict[str, Any] = YAML(typ="safe").load(ROOT / "deploy" / "slack-manifest.yaml")
    return found


def slack_modules() -> Iterator[tuple[str, ast.Module]]:
    """Our code that may talk to Slack, but for the table itself."""
    for path in sorted((*ROOT.glob("channels/slack*.py"), *ROOT.glob("handoff/*.py"))):
        if path.name != "slack_scopes.py":
            yield path.name, ast.parse(path.read_text("utf-8"))


def methods_called() -> set[str]:
    """Web API methods that our code names."""
    nodes = (node for _, tree in slack_modules() for node in ast.walk(tree))
    texts = (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return {text for text in texts if METHOD.fullmatch(text)}


def events_read() -> set[str]:
    """Event types that our code tells apart: what it matches or compares an event's `type` with."""
    found: set[str] = set()
    for _, tree in slack_modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Match) and ast.unparse(node.subject) == "text_at(event, 'type')":
                found |= {text for case in node.cases for text in texts_in(case.pattern)}
            if isinstance(node, ast.FunctionDef) and "text_at(self.event, 'type')" in ast.unparse(node):
                compared = [one for one in ast.walk(node) if isinstance(one, ast.Compare)]
                found |= {text for one in compared if ast.unparse(one.left) == "kind" for text in texts_in(one)}
    return found


def texts_in(node: ast.AST) -> set[str]:
    held = (inner.value for inner in ast.walk(node) if isinstance(inner, ast.Constant))
    return {text for text in held if isinstance(text, str)}


def test_the_table_knows_every_method_we_call() -> None:
    assert {"auth.test", "chat.postMessage", "chat.update", "conversations.info", "users.info"} <= methods_called()
    assert sorted(methods_called() - OF_METHODS.keys()) == []


def test_the_table_knows_every_event_we_read() -> None:
    assert {"app_mention", "message", "member_left_channel", "channel_archive", "tokens_revoked"} <= events_read()
    assert sorted(events_read() - NOT_SUBSCRIBED - OF_EVENTS.keys()) == []


def test_the_manifest_asks_for_the_scopes_of_the_table_and_no_other() -> None:
    assert manifest()["oauth_config"]["scopes"]["bot"] == sorted(everything())


def test_the_manifest_subscribes_to_the_events_of_the_table_and_no_other() -> None:
    assert manifest()["settings"]["event_subscriptions"]["bot_events"] == sorted(OF_EVENTS)


def test_every_address_in_the_manifest_is_the_one_route_we_have() -> None:
    settings, (command,) = manifest()["settings"], manifest()["features"]["slash_commands"]
    named = {command["url"], settings["event_subscriptions"]["request_url"], settings["interactivity"]["request_url"]}
    assert named == {f"PUBLIC_URL{WEBHOOK}"}
    assert settings["interactivity"]["is_enabled"] is True
    assert command["command"] == "/frontdesk"


def test_customers_can_write_to_the_app_where_it_has_its_own_page() -> None:
    home = manifest()["features"]["app_home"]
    assert home["messages_tab_enabled"] is True
    assert home["messages_tab_read_only_enabled"] is False
