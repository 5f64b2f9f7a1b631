"""What is pressed, filled in or commanded in Slack: the interactive rows of spec/channels.md section 5."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec

from channels.payload import Json, dict_at, list_at, text_at
from channels.plaintext import storable
from channels.slack_delivery import COMMAND, Delivery
from channels.slack_places import DESK_ACTIONS, OPTION_ACTIONS, Place, Roles, is_ts, person_in
from engine.message import Event, EventKind

OPTIONS_BLOCK = "fd_options"
"""How the id of the block with a question's options begins; behind a colon stands whom the question was put to."""


@dataclass(frozen=True, kw_only=True)
class Press:
    """A pressed button or a chosen entry of a list. `message` is the ts of what it hangs on, `asked` whom that was
    put to ("" when it does not say)."""

    action: str
    value: str
    label: str
    message: str
    asked: str
    place: Place


def press_of(delivery: Delivery) -> Press | None:
    """The press in a delivery; None for links, which Slack reports too, and where something is missing."""
    payload = delivery.payload
    action = next((action for action in list_at(payload, "actions") if isinstance(action, dict)), {})
    container, message = dict_at(payload, "container"), dict_at(payload, "message")
    chosen, ts = dict_at(action, "selected_option"), text_at(action, "action_ts")
    shown = text_at(container, "message_ts") or text_at(message, "ts")
    thread = text_at(container, "thread_ts") or text_at(message, "thread_ts")
    place = Place(
        team=delivery.team,
        channel=text_at(dict_at(payload, "channel"), "id") or text_at(container, "channel_id"),
        person=person_in(payload),
        ts=ts,
        received=delivery.received,
        thread=thread if is_ts(thread) and thread != shown else "",
    )
    if "url" in action or not (place.team and place.person and is_ts(ts) and text_at(action, "action_id")):
        return None
    return Press(
        action=text_at(action, "action_id"),
        value=text_at(action, "value") or text_at(chosen, "value"),
        label=text_at(dict_at(chosen or action, "text"), "text"),
        message=shown,
        asked=text_at(action, "block_id").partition(":")[2],
        place=place,
    )


def is_option(press: Press, roles: Roles) -> bool:
    """Did a customer choose an option? Agents' places and controls are not for customers (C50)."""
    place = press.place
    ours = press.action.startswith(OPTION_ACTIONS) and place.channel not in roles.desk
    return ours and bool(press.value and place.channel) and roles.hears(dm=place.dm)


def _pressed(delivery: Delivery, roles: Roles) -> Event | None:
    press = press_of(delivery)
    if press is None:
        return None
    place, id = press.place, f"{press.place.person}:{press.place.ts}:{press.action}"
    if is_option(press, roles):
        addressed = press.asked in ("", place.person)
        return place.customers_event(id, EventKind.OPTION, root=press.message, option=press.value, addressed=addressed)
    if place.channel not in roles.desk and not press.action.startswith(DESK_ACTIONS):
        return None
    fields = {"action": press.action, "value": press.value, "message": press.message}
    return _at_desk(delivery, roles, place, id, fields)


def _submitted(delivery: Delivery, roles: Roles) -> Event | None:
    view = dict_at(delivery.payload, "view")
    action, id = text_at(view, "callback_id"), text_at(view, "id")
    if not action.startswith(DESK_ACTIONS) or not id:
        return None
    place = _place(delivery, person_in(delivery.payload))
    inputs = msgspec.json.encode(_inputs(view)).decode()
    fields = {"action": action, "about": text_at(view, "private_metadata"), "inputs": inputs}
    return _at_desk(delivery, roles, place, f"view:{id}:{text_at(view, 'hash')}", fields)


def _shortcut(delivery: Delivery, roles: Roles) -> Event | None:
    payload, message = delivery.payload, dict_at(delivery.payload, "message")
    action, trigger = text_at(payload, "callback_id"), text_at(payload, "trigger_id")
    if not action.startswith(DESK_ACTIONS) or not trigger:
        return None
    place = replace(
        _place(delivery, person_in(payload), text_at(dict_at(payload, "channel"), "id")),
        ts=text_at(payload, "action_ts"),
        thread=text_at(message, "thread_ts"),
    )
    fields = {"action": action, "message": text_at(payload, "message_ts")}
    return _at_desk(delivery, roles, place, f"trigger:{trigger}", fields)


def _command(delivery: Delivery, roles: Roles) -> Event | None:
    payload = delivery.payload
    trigger = text_at(payload, "trigger_id")
    if not trigger:
        return None
    place = _place(delivery, text_at(payload, "user_id"), text_at(payload, "channel_id"))
    fields = {"action": "command", "command": text_at(payload, "command"), "words": text_at(payload, "text")}
    return _at_desk(delivery, roles, place, f"trigger:{trigger}", fields)


READERS: dict[str, Callable[[Delivery, Roles], Event | None]] = {
    "block_actions": _pressed,
    "view_submission": _submitted,
    "message_action": _shortcut,
    "shortcut": _shortcut,
    COMMAND: _command,
}


def _place(delivery: Delivery, person: str, channel: str = "") -> Place:
    return Place(team=delivery.team, channel=channel, person=person, ts="", received=delivery.received)


def _at_desk(delivery: Delivery, roles: Roles, place: Place, id: str, fields: dict[str, str]) -> Event | None:
    """An agent's doing, with the key that opens a window while it is fresh; who may act the desk decides (H56)."""
    if not roles.desk or not place.team or not place.person:
        return None
    given = {**fields, "trigger": text_at(delivery.payload, "trigger_id")}
    filled = {name: value for name, value in given.items() if value}
    return place.desks_event(id, EventKind.AGENT_ACTION, fields=filled)


def _inputs(view: Json) -> dict[str, str | list[str] | None]:
    """What was filled in, by block; an input left empty is null."""
    blocks = dict_at(dict_at(view, "state"), "values")
    return {storable(block): _input(next(iter(dict_at(blocks, block).values()), None)) for block in blocks}


def _input(element: object) -> str | list[str] | None:
    if not isinstance(element, dict):
        return None
    chosen = [text_at(one, "value") for one in list_at(element, "selected_options") if isinstance(one, dict)]
    single = text_at(dict_at(element, "selected_option"), "value")
    named = [text_at(element, key) for key in element if key.startswith("selected_")]
    return chosen or text_at(element, "value") or single or next(filter(None, named), None)
