"""What a Telegram message holds: its words, the command or mention among them, what hangs on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from channels.payload import Json, dict_at, list_at, text_at
from channels.plaintext import visible
from engine.message import Attachment

_FILES = {
    "animation": "video",
    "audio": "audio",
    "document": "document",
    "live_photo": "photo",
    "sticker": "sticker",
    "video": "video",
    "video_note": "video",
    "voice": "voice",
}
_UNREADABLE = ("checklist", "dice", "game", "giveaway", "paid_media", "poll", "rich_message", "story")
"""What people send that holds no words and no file for us (C20). Other keys are service notes: nobody said a thing."""

_CARRIED = frozenset({"photo", "contact", "location", "venue", *_FILES, *_UNREADABLE})
_BESIDE = frozenset({"media_group_id", "contact", "web_app_data"})
"""Most messages are words alone: where none of these is, nothing has to be looked for one by one."""

COMMAND = re.compile(r"/([A-Za-z]\w{0,31})(?:@(\w+))?(?:\s+(.*))?", re.ASCII | re.DOTALL)
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What t.me/<bot>?start= can carry (Bot API, deep linking)."""


@dataclass(frozen=True, kw_only=True)
class Us:
    """Our bot: its id, and its @username once getMe has told it."""

    id: str
    username: str | None = None

    def named(self, name: str) -> bool:
        """Is @`name` us? While our own name is unknown, any bot's name may be ours: each ends in "bot"."""
        if self.username is None:
            return name.lower().endswith("bot")
        return name.lower() == self.username.lower()

    def is_sender(self, user: Json) -> bool:
        """Is this user object our bot?"""
        return str(user.get("id")) == self.id


def words(message: Json) -> tuple[str, list[Json]]:
    """Text or caption with its entities; "" where nothing can be seen (C19)."""
    for key, entities in (("text", "entities"), ("caption", "caption_entities")):
        if visible(text := text_at(message, key)):
            return text, [entity for entity in list_at(message, entities) if isinstance(entity, dict)]
    return "", []


def spoken(command: re.Match[str]) -> str:
    """A command as words: "/track_order 5" is "track order 5"; "/start" stays as it is."""
    if command[1].lower() == "start":
        return "/start"
    return " ".join(filter(None, (command[1].replace("_", " "), command[3])))


def command_fields(command: re.Match[str]) -> dict[str, str]:
    """The command's name in lower case; beside "start" what a deep link carried, which anybody can make up."""
    name, words = command[1].lower(), command[3] or ""
    payload = {"payload": words} if name == "start" and _PAYLOAD.fullmatch(words) else {}
    return {"command": name, **payload}


def without_mention(text: str, entities: list[Json], us: Us) -> tuple[str, bool]:
    """`text` without mentions of us, and whether there were any. Entities count UTF-16 units (C44)."""
    units = text.encode("utf-16-le")
    kept, at = b"", 0
    for begin, end in sorted(_mentions(units, entities, us)):
        kept, at = kept + units[at:begin], max(at, end)
    if not at:
        return text, False
    return (kept + units[at:]).decode("utf-16-le", "replace").strip().lstrip(",:;").lstrip(), True


def _mentions(units: bytes, entities: list[Json], us: Us) -> Iterator[tuple[int, int]]:
    """Byte spans of mentions of us in UTF-16 text."""
    for entity in entities:
        offset, length = entity.get("offset"), entity.get("length")
        if not (isinstance(offset, int) and isinstance(length, int) and offset >= 0 < length):
            continue
        begin, end = 2 * offset, 2 * (offset + length)
        name = units[begin:end].decode("utf-16-le", "replace").removeprefix("@")
        kind = entity.get("type")
        if (kind == "mention" and us.named(name)) or (kind == "text_mention" and us.is_sender(dict_at(entity, "user"))):
            yield begin, end


def fields_of(message: Json, person: str) -> dict[str, str]:
    """What the engine may want to know beside the words; all of it is the customer's, so untrusted."""
    if _BESIDE.isdisjoint(message):
        return {}
    contact, form = dict_at(message, "contact"), dict_at(message, "web_app_data")
    own = id_of(contact.get("user_id")) == person
    found = {
        "media_group": text_at(message, "media_group_id"),
        "phone": text_at(contact, "phone_number") if own else "",
        "web_app_data": text_at(form, "data"),
    }
    return {name: value for name, value in found.items() if value}


def attachments_of(message: Json) -> tuple[Attachment, ...]:
    """The one thing a message carries besides words. Telegram repeats an animation as a document."""
    if _CARRIED.isdisjoint(message):
        return ()
    if sizes := [size for size in list_at(message, "photo") if isinstance(size, dict)]:
        return (_file("photo", sizes[-1]),)
    for key, kind in _FILES.items():
        if file := dict_at(message, key):
            return (_file(kind, file),)
    if contact := dict_at(message, "contact"):
        name = " ".join(filter(None, (text_at(contact, "first_name"), text_at(contact, "last_name"))))
        return (Attachment(kind="contact", name=name or None, text=text_at(contact, "phone_number") or None),)
    if place := dict_at(message, "location") or dict_at(dict_at(message, "venue"), "location"):
        title = text_at(dict_at(message, "venue"), "title")
        return (Attachment(kind="location", name=title or None, text=_coordinates(place)),)
    return tuple(Attachment(kind="other", name=key) for key in _UNREADABLE if key in message)[:1]


def _file(kind: str, file: Json) -> Attachment:
    size = file.get("file_size")
    return Attachment(
        kind=kind,
        ref=text_at(file, "file_id"),
        name=text_at(file, "file_name") or None,
        mime=text_at(file, "mime_type") or None,
        size=size if isinstance(size, int) and size >= 0 else None,
        text=text_at(file, "emoji") or None,
    )


def _coordinates(place: Json) -> str | None:
    """Latitude and longitude in degrees, with a comma between."""
    both = [place.get("latitude"), place.get("longitude")]
    return ",".join(str(degrees) for degrees in both) if all(isinstance(d, int | float) for d in both) else None


def id_of(value: object) -> str | None:
    """Ids are strings everywhere: they exceed 32 bits (C42)."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None
