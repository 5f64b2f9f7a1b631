"""How a reply looks in Slack: plain words, buttons or a list below them, and the choice once it is made (C61-C63)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from channels.options import numbered
from channels.payload import dict_at, text_at
from channels.slack_actions import OPTIONS_BLOCK, Press
from channels.slack_delivery import Delivery
from channels.slack_places import OPTION_ACTIONS
from channels.slack_text import escaped, plain
from channels.slack_wire import NO_THREAD, TOO_LONG, Wire
from channels.split import shorten
from engine.errors import DeliveryError
from engine.message import Address, Option, Receipt, Sent, Unknown

MAX_BUTTONS = 5
"""More options than these are a list to choose from (C63)."""
SECTION_CHARS = 3000
"""Slack docs, Block Kit: the text of a section."""
SHORT_CHARS = 1000
"""Ours, for the second try at words that Slack found too long."""
CHOSEN = "✓"

_CHOOSE = "Choose one"
_AS_WRITTEN: dict[str, Any] = {
    "unfurl_links": False,
    "unfurl_media": False,
    "link_names": False,
    "parse": "none",
    "mrkdwn": False,
}
"""Nothing in the words means more to Slack than to their reader (C61)."""


async def say(wire: Wire, to: Address, text: str, options: Sequence[Option], *, ref: str) -> Receipt:
    """Post `text` with `options` below it; `ref` names the row to whoever sees the message again (C65)."""
    body = {
        "channel": to.chat,
        "text": escaped(text),
        **({"blocks": _question(text, options, to.person)} if options else {}),
        **({"thread_ts": to.thread} if to.thread else {}),
        "metadata": {"event_type": "frontdesk_reply", "event_payload": {"ref": ref}},
        **_AS_WRITTEN,
    }
    try:
        return await _post(wire, body, text, options)
    except DeliveryError as error:
        return error.receipt


def question_of(delivery: Delivery) -> str:
    """The raw text of the message a press hangs on."""
    return text_at(dict_at(delivery.payload, "message"), "text")


async def show_choice(wire: Wire, press: Press, question: str) -> None:
    """Put the choice in place of the buttons; `question` is the message's raw text. Raises DeliveryError."""
    asked, chosen = shorten(plain(question), SECTION_CHARS), f"{CHOSEN} {press.label}".strip()
    words = f"{asked}\n{chosen}" if asked else chosen
    blocks = [*([_section(asked)] if asked else []), {"type": "context", "elements": [_plain_text(chosen)]}]
    body = {"channel": press.place.channel, "ts": press.message, "text": escaped(words), "blocks": blocks}
    await wire.call("chat.update", {**body, "link_names": False, "parse": "none"})


async def _post(wire: Wire, body: dict[str, Any], text: str, options: Sequence[Option]) -> Receipt:
    """Once, and once more at the top level if the thread is gone, or as short plain text if it was too long."""
    try:
        return await _sent(wire, body)
    except DeliveryError as error:
        if error.code == NO_THREAD and "thread_ts" in body:
            body = {name: value for name, value in body.items() if name != "thread_ts"}
        elif error.code in TOO_LONG:
            short = shorten(text, SHORT_CHARS)
            body = {name: value for name, value in body.items() if name != "blocks"}
            body["text"] = escaped(numbered(short, options) if options else short)
        else:
            raise
    return await _sent(wire, body)


async def _sent(wire: Wire, body: dict[str, Any]) -> Receipt:
    ts = (await wire.call("chat.postMessage", body)).get("ts")
    return Sent(provider_ids=(ts,)) if isinstance(ts, str) and ts else Unknown(reason="a message without a ts")


def _question(text: str, options: Sequence[Option], asked: str) -> list[dict[str, Any]]:
    elements = _buttons(options) if len(options) <= MAX_BUTTONS else [_list(options)]
    return [_section(text), {"type": "actions", "block_id": f"{OPTIONS_BLOCK}:{asked}", "elements": elements}]


def _buttons(options: Sequence[Option]) -> list[dict[str, Any]]:
    return [
        {"type": "button", "action_id": _action(place), "text": _plain_text(option.label), "value": option.token}
        for place, option in enumerate(options)
    ]


def _list(options: Sequence[Option]) -> dict[str, Any]:
    entries = [{"text": _plain_text(option.label), "value": option.token} for option in options]
    return {
        "type": "static_select",
        "action_id": _action(0),
        "placeholder": _plain_text(_CHOOSE),
        "options": entries,
    }


def _action(place: int) -> str:
    return f"{OPTION_ACTIONS}option_{place}"


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": _plain_text(text)}


def _plain_text(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}
