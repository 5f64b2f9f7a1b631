"""How we stand with Slack: what it tells of our own app, kept as one note for whoever looks at our health."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from channels.payload import dict_at, list_at, text_at
from channels.slack_delivery import EVENT, Delivery
from channels.slack_places import Roles, Us

REFUSED_NOTE = "Slack refuses our token; install the app anew and set SLACK_BOT_TOKEN"
AWAY_NOTE = "Slack does not answer; it is asked again"
SOCKET_REFUSED_NOTE = "Slack refuses our socket; check SLACK_APP_TOKEN, its scope connections:write, and Socket Mode"
SOCKET_AWAY_NOTE = "the socket to Slack is closed; it is opened again"

_log = logging.getLogger(__name__)


class Part(StrEnum):
    """What may be wrong, one apart from the other."""

    ACCOUNT = "account"
    EVENTS = "events"
    DESK = "desk"
    SOCKET = "socket"


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """News of one part; an empty note says that it is all right again."""

    part: Part
    note: str = ""


class Standing:
    """What is wrong now. `trouble` is told the first note whenever it changes; "" when nothing is wrong."""

    def __init__(self, trouble: Callable[[str], None]) -> None:
        self._trouble = trouble
        self._notes: dict[Part, str] = {}
        self._told = ""

    def hear(self, alarm: Alarm) -> None:
        """Take note of an alarm, or of its end."""
        before = self._notes.pop(alarm.part, "")
        if alarm.note:
            self._notes[alarm.part] = alarm.note
            if alarm.note != before:
                _log.error(alarm.note)
        note = next(iter(self._notes.values()), "")
        if note != self._told:
            self._told = note
            self._trouble(note)


def alarm_of(delivery: Delivery, us: Us, roles: Roles) -> Alarm | None:
    """What a delivery says about ourselves (the last rows of spec/channels.md section 5); None if nothing."""
    if delivery.kind == "app_rate_limited":
        return Alarm(part=Part.EVENTS, note="Slack holds events back: there were too many")
    event = dict_at(delivery.payload, "event")
    if delivery.kind != EVENT:
        return None
    match text_at(event, "type"):
        case "app_uninstalled":
            return Alarm(part=Part.ACCOUNT, note=REFUSED_NOTE)
        case "tokens_revoked" if list_at(dict_at(event, "tokens"), "bot"):
            return Alarm(part=Part.ACCOUNT, note=REFUSED_NOTE)
    if text_at(event, "channel") not in roles.desk:
        return None
    ours = text_at(event, "user") == us.named_in(delivery)
    match text_at(event, "type"):
        case "member_left_channel" if ours:
            return Alarm(part=Part.DESK, note="our app is no longer in the desk's channel; invite it")
        case "channel_archive" | "channel_deleted" | "group_archive" | "group_deleted":
            return Alarm(part=Part.DESK, note="the desk's channel is archived; restore it or set another")
        case "member_joined_channel" if ours:
            return Alarm(part=Part.DESK)
        case "channel_unarchive" | "group_unarchive":
            return Alarm(part=Part.DESK)
    return None
