"""What is said in Slack, and what it means: the Events API's rows of spec/channels.md section 5."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from channels.payload import Json, dict_at, list_at, text_at
from channels.plaintext import visible
from channels.slack_actions import READERS as ACTION_READERS
from channels.slack_delivery import EVENT, Delivery
from channels.slack_places import Place, Roles, Us, guard_of, is_ts
from channels.slack_text import plain, without_mention
from engine.message import Attachment, Event, EventKind

PEOPLES = frozenset({"", "file_share", "thread_broadcast", "me_message"})
"""Subtypes by which people speak (H41)."""

_MEDIA = {"image": "photo", "audio": "audio", "video": "video"}


def events_of(delivery: Delivery, us: Us, roles: Roles) -> list[Event]:
    """The events of a delivery: one, or none where nobody said or did anything of use. Never raises (C1)."""
    if not us.meant_by(delivery):
        return []
    if delivery.kind == EVENT:
        heard = _Heard(delivery=delivery, event=dict_at(delivery.payload, "event"), us=us, roles=roles)
        event = heard.read()
    else:
        read = ACTION_READERS.get(delivery.kind)
        event = read(delivery, roles) if read else None
    return [event] if event else []


@dataclass(frozen=True, kw_only=True)
class _Heard:
    """One event of the Events API, and what it is judged by."""

    delivery: Delivery
    event: Json
    us: Us
    roles: Roles

    def read(self) -> Event | None:
        """A message, an edit, a deletion; None for everything else."""
        kind, subtype = text_at(self.event, "type"), text_at(self.event, "subtype")
        if kind == "app_mention":
            return self._message(mention=True)
        if kind != "message":
            return None
        if subtype in PEOPLES:
            return self._message(mention=False)
        reader = _CHANGES.get(subtype)
        return reader(self) if reader else None

    def _message(self, *, mention: bool) -> Event | None:
        place = self._place(self.event)
        if place is None:
            return None
        raw, named = without_mention(text_at(self.event, "text"), self.us.named_in(self.delivery))
        text, mention = plain(raw), mention or named
        if place.channel in self.roles.desk:
            return self._at_desk(place, text, mention=mention)
        addressed = place.dm or mention
        if not self.roles.hears(dm=place.dm) or not (addressed or place.thread):
            return None
        return place.customers_event(
            self._id,
            EventKind.MESSAGE,
            text=text if visible(text) else "",
            attachments=_files(self.event),
            addressed=addressed,
        )

    def _at_desk(self, place: Place, text: str, *, mention: bool) -> Event | None:
        """A mention of us is a command; anything else is an agent's word in its thread, or talk among agents."""
        if self._stranger():
            return None
        if mention:
            fields = {"action": "mention", "words": text, "message": place.ts}
            return place.desks_event(self._id, EventKind.AGENT_ACTION, fields=fields)
        if not place.thread:
            return None
        return place.desks_event(
            self._id,
            EventKind.AGENT_MESSAGE,
            text=text,
            attachments=_files(self.event),
            fields={"message": place.ts},
        )

    def _changed(self) -> Event | None:
        """An edit, if the words differ: unfurled links and reply counts come as edits too."""
        message, before = dict_at(self.event, "message"), dict_at(self.event, "previous_message")
        if text_at(message, "text") == text_at(before, "text"):
            return None
        return self._edit(message, text=plain(text_at(message, "text")), fields={"message": text_at(message, "ts")})

    def _deleted(self) -> Event | None:
        """A deletion, which only the desk wants to know."""
        if text_at(self.event, "channel") not in self.roles.desk:
            return None
        message = dict_at(self.event, "previous_message")
        return self._edit(message, text="", fields={"message": text_at(message, "ts"), "deleted": "yes"})

    def _edit(self, message: Json, *, text: str, fields: dict[str, str]) -> Event | None:
        """A note for the transcript: it never begins a conversation, so it counts as not addressed."""
        place = self._place(message)
        if place is None:
            return None
        if place.channel in self.roles.desk:
            if not place.thread:
                return None
            return place.desks_event(self._id, EventKind.EDITED, text=text, fields={**fields, "desk": "yes"})
        if not self.roles.hears(dm=place.dm):
            return None
        return place.customers_event(
            self._id,
            EventKind.EDITED,
            root=fields["message"],
            text=text,
            addressed=False,
            fields=fields,
        )

    def _place(self, message: Json) -> Place | None:
        """Where `message` stands, in a person's name; None for machines' words and where a part is missing."""
        channel, ts = text_at(self.event, "channel"), text_at(self.event, "ts")
        thread = text_at(message, "thread_ts")
        if not channel or not is_ts(ts) or self.us.wrote(message):
            return None
        return Place(
            team=self.delivery.team,
            channel=channel,
            person=text_at(message, "user"),
            ts=ts,
            received=self.delivery.received,
            thread=thread if is_ts(thread) and thread != text_at(message, "ts") else "",
            guards=(guard_of(self.delivery.team, channel, ts),),
        )

    def _stranger(self) -> bool:
        """Is the writer of another company, in a channel shared with it?"""
        home = text_at(self.event, "user_team") or text_at(self.event, "team")
        return home not in ("", self.delivery.team)

    @property
    def _id(self) -> str:
        return text_at(self.delivery.payload, "event_id")


_CHANGES: dict[str, Callable[[_Heard], Event | None]] = {
    "message_changed": _Heard._changed,
    "message_deleted": _Heard._deleted,
}


def _files(message: Json) -> tuple[Attachment, ...]:
    """What hangs on a message. Of a file that must be asked for (`file_access`) nothing but the id is known."""
    return tuple(_file(file) for file in list_at(message, "files") if isinstance(file, dict))


def _file(file: Json) -> Attachment:
    mime, size = text_at(file, "mimetype"), file.get("size")
    return Attachment(
        kind=_MEDIA.get(mime.partition("/")[0], "document"),
        ref=text_at(file, "url_private") or text_at(file, "id"),
        name=text_at(file, "name") or text_at(file, "title") or None,
        mime=mime or None,
        size=size if type(size) is int and size >= 0 else None,
    )
