"""What a Telegram update means: raw JSON in, events out. The table of spec/channels.md C43, row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from channels.payload import Json, dict_at, text_at
from channels.plaintext import visible
from channels.telegram_message import (
    COMMAND,
    Us,
    attachments_of,
    command_fields,
    fields_of,
    id_of,
    spoken,
    without_mention,
    words,
)
from engine.message import Address, Event, EventKind

SERVICE_IDS = frozenset({777000, 1087968824, 136817688})
"""Telegram itself, the anonymous group admin, channels writing in groups (Bot API: Message.from)."""

LAST_SECOND = 253_402_300_799
"""9999-12-31T23:59:59Z: later than any date `datetime` knows."""


@dataclass(frozen=True, kw_only=True)
class Update:
    """One update as it came, and when: presses and odd dates have no time of their own. `id` is 0..2^53."""

    id: int
    raw: Json
    received: datetime


def events_of(update: Update, us: Us) -> list[Event]:
    """The events of an update: one, or none where nobody said or did anything of use. Never raises (C1)."""
    for key, read in _READERS.items():
        if isinstance(node := update.raw.get(key), dict):
            event = read(node, update, us)
            return [event] if event else []
    return []


def chat_key(us: Us, chat: str) -> str:
    """What every conversation key of a chat begins with (C43)."""
    return f"telegram:{us.id}:{chat}"


def _message(message: Json, update: Update, us: Us) -> Event | None:
    if moved := _moved(message, update, us):
        return moved
    seen = _Seen.read(message, message.get("from"), us)
    if seen is None or "sender_chat" in message:
        return None
    text, entities = words(message)
    attachments = attachments_of(message)
    fields = fields_of(message, seen.person)
    if not (text or attachments or fields or message.keys() & {"text", "caption"}):
        return None
    addressed = seen.private or us.is_sender(dict_at(dict_at(message, "reply_to_message"), "from"))
    if command := COMMAND.fullmatch(text):
        if command[2] and not us.named(command[2]):
            return None
        text, addressed = spoken(command), True
        fields |= command_fields(command)
    elif not seen.private:
        text, mentioned = without_mention(text, entities, us)
        addressed = addressed or mentioned
    return seen.event(
        update,
        EventKind.MESSAGE,
        at=_when(message.get("date"), update),
        text=text,
        attachments=attachments,
        addressed=addressed,
        fields=fields,
    )


def _edited(message: Json, update: Update, us: Us) -> Event | None:
    """A note for the transcript: it never begins a conversation, so it counts as not addressed."""
    seen = _Seen.read(message, message.get("from"), us)
    if seen is None or "sender_chat" in message:
        return None
    return seen.event(
        update,
        EventKind.EDITED,
        at=_when(message.get("edit_date"), update),
        text=words(message)[0],
        addressed=False,
        fields={"message": id_of(message.get("message_id")) or ""},
    )


def _press(query: Json, update: Update, us: Us) -> Event | None:
    seen = _Seen.read(dict_at(query, "message"), query.get("from"), us)
    data = text_at(query, "data")
    if seen is None or not data:
        return None
    return seen.event(update, EventKind.OPTION, at=update.received, option=data)


def _membership(change: Json, update: Update, us: Us) -> Event | None:
    seen = _Seen.read(change, change.get("from"), us)
    now = dict_at(change, "new_chat_member")
    kind = {"kicked": EventKind.UNREACHABLE, "member": EventKind.REACHABLE}.get(text_at(now, "status"))
    if seen is None or kind is None or not seen.private or not us.is_sender(dict_at(now, "user")):
        return None
    return seen.event(update, kind, at=_when(change.get("date"), update), addressed=False)


def _moved(message: Json, update: Update, us: Us) -> Event | None:
    """A group became a supergroup. Both groups tell it; the guard makes one event of the two."""
    if "migrate_to_chat_id" not in message and "migrate_from_chat_id" not in message:
        return None
    here = id_of(dict_at(message, "chat").get("id"))
    to, origin = id_of(message.get("migrate_to_chat_id")), id_of(message.get("migrate_from_chat_id"))
    old, new = (here, to) if to else (origin, here)
    if not old or not new:
        return None
    return Event(
        id=_event_id(update, us),
        guards=(f"tg:{us.id}:moved:{old}:{new}",),
        conversation=chat_key(us, old),
        kind=EventKind.MOVED,
        at=_when(message.get("date"), update),
        order=update.id,
        addressed=False,
        fields={"to": chat_key(us, new), "to_chat": new},
    )


_READERS: dict[str, Callable[[Json, Update, Us], Event | None]] = {
    "message": _message,
    "edited_message": _edited,
    "edited_business_message": _edited,
    "callback_query": _press,
    "my_chat_member": _membership,
}

ALLOWED_UPDATES = tuple(_READERS)
"""The kinds we ask Telegram for: those that can become an event (C45)."""


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """Who wrote where."""

    us: Us
    chat: str
    person: str
    thread: str | None
    private: bool
    locale: str | None
    name: str | None

    @classmethod
    def read(cls, place: Json, sender: object, us: Us) -> _Seen | None:
        """None for bots, service accounts, channels, and where chat or person is missing."""
        chat, person = dict_at(place, "chat"), sender if isinstance(sender, dict) else {}
        chat_id, person_id = id_of(chat.get("id")), id_of(person.get("id"))
        if not chat_id or not person_id or chat.get("type") == "channel":
            return None
        if person.get("is_bot") is True or int(person_id) in SERVICE_IDS:
            return None
        topic = id_of(place.get("message_thread_id")) if place.get("is_topic_message") is True else None
        names = (text_at(person, "first_name"), text_at(person, "last_name"))
        return cls(
            us=us,
            chat=chat_id,
            person=person_id,
            thread=topic or text_at(place, "business_connection_id") or None,
            private=chat.get("type") == "private",
            locale=text_at(person, "language_code") or None,
            name=" ".join(filter(visible, names)) or None,
        )

    def event(self, update: Update, kind: EventKind, *, at: datetime, **more: Any) -> Event:
        """An event of this person, in this place."""
        key = ":".join(filter(None, (chat_key(self.us, self.chat), self.thread, None if self.private else self.person)))
        address = Address(
            channel="telegram", account=self.us.id, chat=self.chat, person=self.person, thread=self.thread
        )
        return Event(
            id=_event_id(update, self.us),
            conversation=key,
            kind=kind,
            at=at,
            order=update.id,
            address=address,
            locale=self.locale,
            sender_name=self.name,
            **more,
        )


def _event_id(update: Update, us: Us) -> str:
    return f"tg:{us.id}:{update.id}"


def _when(value: object, update: Update) -> datetime:
    """Telegram's time; ours where it names none that a calendar holds."""
    if isinstance(value, int) and 0 < value <= LAST_SECOND:
        return datetime.fromtimestamp(value, UTC)
    return update.received
