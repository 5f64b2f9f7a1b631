"""The buttons of a card: fixed action ids, `handoff_id:version` as value, and what a press means (H57)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from handoff.case import WAITING, Case, CaseState, Verdict
from handoff.moves import Trigger

PREFIX = "handoff_"
MORE = "handoff_more"
_LABELS = {
    "claim": "Claim",
    "return": "Return to bot",
    "resolve": "Resolve",
    "transfer": "Transfer",
    "snooze": "Snooze",
    "false_alarm": "False alarm",
    "reply": "Reply",
    "unclaim": "Unclaim",
    "ticket": "Create ticket",
    "reveal": "Reveal contact",
    "retry": "Retry",
    "take_over": "Take over and send",
    "keep_internal": "Keep internal",
}
_STYLES = {"claim": "primary", "retry": "primary", "take_over": "primary", "false_alarm": "danger"}
_ALWAYS = ("return", "resolve", "transfer", "snooze", "false_alarm")
_ABOUT_HELD = ("take_over", "keep_internal")
_MORE = ("reply", "unclaim", "ticket", "reveal")
_VERDICTS = {Verdict.GOOD_CALL: "Good call", Verdict.FALSE_ALARM: "False alarm", Verdict.TOO_LATE: "Too late"}
_JUDGED = (CaseState.RETURNED, CaseState.RESOLVED)

TRIGGERS: Mapping[str, Trigger] = {
    "claim": Trigger.CLAIM,
    "return": Trigger.RETURN,
    "resolve": Trigger.RESOLVE,
    "transfer": Trigger.TRANSFER,
    "snooze": Trigger.SNOOZE,
    "false_alarm": Trigger.FALSE_ALARM,
    "unclaim": Trigger.RELEASE,
    "ticket": Trigger.TICKET,
    "take_over": Trigger.TAKE_OVER,
    "keep_internal": Trigger.KEEP_INTERNAL,
    **{f"verdict_{verdict.value}": Trigger.VERDICT for verdict in Verdict},
}
"""What a button does to its case. `reply`, `reveal` and `retry` do nothing to it: they open or repeat something."""


class Press(msgspec.Struct, frozen=True, kw_only=True):
    """A pressed button: its name, its case, and the version it was posted under (0: none, so it is stale). `held` is
    the id of the words it decides about (H45)."""

    button: str
    case: str
    seen: int
    held: str = ""


def press_of(action_id: str, value: str) -> Press | None:
    """Read a press, or what a window says of itself; None when it is neither of a card's nor of held words."""
    if not action_id.startswith(PREFIX):
        return None
    button = action_id.removeprefix(PREFIX)
    if action_id == MORE:
        button, _, value = value.partition(":")
    case, _, rest = value.partition(":")
    version, _, held = rest.partition(":")
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    return Press(button=button, case=case, seen=seen, held=held) if case else None


def verdict_of(button: str) -> Verdict | None:
    """The verdict a button gives, if it is one of those."""
    name = button.removeprefix("verdict_")
    return Verdict(name) if name != button and name in set(Verdict) else None


def actions_block(case: Case) -> dict[str, Any] | None:
    """The row of buttons for the state the case is in; None when there is nothing left to press."""
    if case.open:
        names = [*(["claim"] if case.state in WAITING else []), *_ALWAYS]
        if case.state is CaseState.UNDELIVERED:
            names = ["retry", "ticket", *_ALWAYS]
        elements = [_button(name, _LABELS[name], case) for name in names]
        return {"type": "actions", "block_id": "handoff_actions", "elements": [*elements, _overflow(case)]}
    if case.state in _JUDGED and case.verdict is None:
        elements = [_button(f"verdict_{verdict.value}", label, case) for verdict, label in _VERDICTS.items()]
        return {"type": "actions", "block_id": "handoff_verdict", "elements": elements}
    return None


def held_block(case: str, version: int, held: str) -> dict[str, Any]:
    """What an agent may do about held words; ids only (H45)."""
    value = f"{case}:{version}:{held}"
    elements = [_pressable(name, _LABELS[name], value) for name in _ABOUT_HELD]
    return {"type": "actions", "block_id": "handoff_held", "elements": elements}


def _button(name: str, label: str, case: Case) -> dict[str, Any]:
    return _pressable(name, label, f"{case.id}:{case.version}")


def _pressable(name: str, label: str, value: str) -> dict[str, Any]:
    button: dict[str, Any] = {
        "type": "button",
        "text": {"type": "plain_text", "text": label},
        "action_id": PREFIX + name,
        "value": value,
    }
    return button | ({"style": _STYLES[name]} if name in _STYLES else {})


def _overflow(case: Case) -> dict[str, Any]:
    options = [
        {"text": {"type": "plain_text", "text": _LABELS[name]}, "value": f"{name}:{case.id}:{case.version}"}
        for name in _MORE
    ]
    return {"type": "overflow", "action_id": MORE, "options": options}
