"""The windows an agent fills in: resolve, transfer, snooze, reply (H58). They carry ids only; handoff/answers.py reads
what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handoff.answers import DEFAULT_QUEUE, OUTCOMES, SNOOZES, Field
from handoff.buttons import PREFIX
from handoff.case import MAX_NOTE_CHARS, Verdict
from handoff.policy import MAX_SNOOZE_S
from handoff.posts import Window
from handoff.shown import in_words
from handoff.transcript import cut

MAX_OPTIONS = 100
MAX_REPLY_CHARS = 3000
"""Source: Slack docs, Block Kit: options of a static select, text of an input."""

_LABEL_CHARS = 75

Block = dict[str, Any]


def view_of(window: Window) -> dict[str, Any] | None:
    """The modal as views.open takes it; None for a button that opens none."""
    match window.button:
        case "resolve":
            title, submit, blocks = "Resolve", "Resolve", _resolve()
        case "transfer":
            title, submit, blocks = "Transfer", "Transfer", _transfer(window)
        case "snooze":
            title, submit, blocks = "Snooze", "Snooze", _snooze()
        case "reply":
            title, submit, blocks = "Reply to the customer", "Send", _reply()
        case _:
            return None
    return {
        "type": "modal",
        "callback_id": PREFIX + window.button,
        "private_metadata": f"{window.case}:{window.version}",
        "title": _plain(title),
        "submit": _plain(submit),
        "close": _plain("Cancel"),
        "blocks": blocks,
    }


def _resolve() -> list[Block]:
    return [
        _select(Field.OUTCOME, "What came of it?", {one: _words(one) for one in OUTCOMES}),
        _select(Field.VERDICT, "Was it right to call a person?", {one: _words(one) for one in Verdict}),
        _text(Field.NOTE, "Note among agents", MAX_NOTE_CHARS, optional=True),
    ]


def _transfer(window: Window) -> list[Block]:
    names = dict.fromkeys((*window.queues, DEFAULT_QUEUE))
    return [_select(Field.QUEUE, "To which team?", {name: _words(name) for name in list(names)[:MAX_OPTIONS]})]


def _snooze() -> list[Block]:
    minutes = {
        "type": "number_input",
        "action_id": Field.MINUTES,
        "is_decimal_allowed": False,
        "min_value": "1",
        "max_value": str(int(MAX_SNOOZE_S // 60)),
    }
    return [
        _select(Field.WAKE, "Until when?", SNOOZES),
        _input(Field.MINUTES, "Or for so many minutes", minutes, optional=True),
    ]


def _reply() -> list[Block]:
    return [_text(Field.TEXT, "Your words, as the customer will read them", MAX_REPLY_CHARS)]


def _select(field: Field, label: str, options: Mapping[str, str]) -> Block:
    shown = [{"text": _plain(cut(words, _LABEL_CHARS)), "value": str(value)} for value, words in options.items()]
    return _input(field, label, {"type": "static_select", "action_id": field, "options": shown})


def _text(field: Field, label: str, chars: int, *, optional: bool = False) -> Block:
    element = {"type": "plain_text_input", "action_id": field, "multiline": True, "max_length": chars}
    return _input(field, label, element, optional=optional)


def _input(field: Field, label: str, element: Block, *, optional: bool = False) -> Block:
    return {"type": "input", "block_id": field, "label": _plain(label), "element": element, "optional": optional}


def _words(name: str) -> str:
    return in_words(name).capitalize()


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}
