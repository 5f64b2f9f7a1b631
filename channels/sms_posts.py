"""What a Twilio webhook means: parameters in, events out. The table of spec/channels.md section 6, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from channels.plaintext import storable, visible
from channels.sms_account import NUMBER, Account
from engine.message import Address, Attachment, Event, EventKind, Reach

OPT_OUT_WORDS = ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT")
OPT_IN_WORDS = ("START", "UNSTOP")
OPT_BACK_WORDS = ("YES",)
"""Opts in only whoever has opted out; from anybody else it is an answer."""
HELP_WORDS = ("HELP", "INFO")
"""Twilio docs, "Support for opt-out keywords (SMS STOP filtering)": what Twilio answers by itself."""

REFUSED_STATUSES: Mapping[str, Reach] = {
    "21610": Reach.OPTED_OUT,
    "30003": Reach.UNREACHABLE,
    "30005": Reach.UNREACHABLE,
    "30006": Reach.UNREACHABLE,
}
"""ErrorCode of a status report -> what it says of the address (spec/channels.md section 6)."""
STATUSES = frozenset({
    *("accepted", "scheduled", "queued", "sending", "sent", "delivered", "read", "partially_delivered"),
    *("undelivered", "failed", "canceled"),
})  # fmt: skip
"""Twilio docs, Message resource: Message Status values."""

SID = re.compile(r"(?:SM|MM)[0-9A-Fa-f]{32}")
_WRITER = re.compile(rf"(?:whatsapp:|rcs:)?{NUMBER.pattern}", re.ASCII)
_COUNT = re.compile(r"\d{1,3}", re.ASCII)
MAX_MEDIA = 10
"""Twilio docs: the most media of one message."""
_TWILIO = ".twilio.com"
_KINDS = {"image": "photo", "video": "video", "audio": "audio"}
_VCARDS = frozenset({"text/vcard", "text/x-vcard"})


@dataclass(frozen=True, kw_only=True)
class Post:
    """One authentic request: its parameters, and when it came, for Twilio signs no time. `report` is a status report,
    about the outbox row `ref`."""

    fields: Mapping[str, str]
    received: datetime
    report: bool = False
    ref: str = ""

    def at(self, name: str) -> str:
        """A parameter as every store can keep it; "" where there is none."""
        return storable(self.fields.get(name, ""))


@dataclass(frozen=True, kw_only=True)
class Us:
    """Our account, and the host that keeps its media besides Twilio's own (C21)."""

    account: Account
    media_host: str


def events_of(post: Post, us: Us) -> list[Event]:
    """The event of a request: one, or none where nobody said anything to us. Never raises (C1)."""
    event = _report(post, us) if post.report else _message(post, us)
    return [event] if event else []


def _message(post: Post, us: Us) -> Event | None:
    sender, kind = post.at("From"), _kind(post)
    if kind is None or not _WRITER.fullmatch(sender) or sender in (post.at("To"), us.account.number):
        return None
    account = us.account.account_of(post.at("To"))
    body = post.at("Body") or post.at("ButtonText")
    name = post.at("ProfileName")
    return Event(
        id=f"tw:{post.at('MessageSid')}",
        conversation=_conversation(account, sender),
        kind=kind,
        at=post.received,
        order=int(post.received.timestamp() * 1_000_000),
        address=Address(channel="sms", account=account, chat=sender, person=sender),
        text=body if visible(body) else "",
        option=post.at("ButtonPayload") if kind is EventKind.OPTION else None,
        attachments=tuple(_attachments(post, us)),
        sender_name=name if visible(name) else None,
        fields=_fields(error=post.at("ErrorCode"), answered="yes" if post.at("OptOutType") else ""),
    )


def _kind(post: Post) -> EventKind | None:
    """None for what Twilio has answered by itself and means nothing to us. Words count as the whole body only, and
    where `From` has no prefix: elsewhere Twilio must say that it took them for keywords (C75)."""
    word = "" if ":" in post.at("From") else post.at("Body").strip().upper()
    match post.at("OptOutType"):
        case "STOP":
            return EventKind.OPT_OUT
        case "START":
            return EventKind.OPT_IN
        case "HELP":
            return None
    if word in HELP_WORDS:
        return None
    if word in OPT_OUT_WORDS:
        return EventKind.OPT_OUT
    if word in OPT_IN_WORDS:
        return EventKind.OPT_IN
    return EventKind.OPTION if post.at("ButtonPayload") else EventKind.MESSAGE


def _attachments(post: Post, us: Us) -> Iterator[Attachment]:
    for number in range(min(_counted(post.at("NumMedia")), MAX_MEDIA)):
        if url := post.at(f"MediaUrl{number}"):
            mime = post.at(f"MediaContentType{number}")
            yield Attachment(kind=_media_kind(mime), ref=url if _ours(url, us) else "", mime=mime or None)
    if post.at("Latitude") and post.at("Longitude"):
        yield Attachment(kind="location", text=f"{post.at('Latitude')},{post.at('Longitude')}")


def _counted(text: str) -> int:
    return int(text) if _COUNT.fullmatch(text) else 0


def _media_kind(mime: str) -> str:
    return "contact" if mime in _VCARDS else _KINDS.get(mime.split("/", 1)[0], "document")


def _ours(url: str, us: Us) -> bool:
    """May this ever be fetched? (C21)"""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return url.isprintable() and (host == us.media_host or host.endswith(_TWILIO))


def _report(post: Post, us: Us) -> Event | None:
    """A note about what we sent: it begins no conversation, so it counts as not addressed, and tells no new address."""
    status, them, sid = post.at("MessageStatus"), post.at("To"), post.at("MessageSid")
    if status not in STATUSES or not _WRITER.fullmatch(them):
        return None
    error = post.at("ErrorCode")
    return Event(
        id=f"tw:{sid}:{status}",
        conversation=_conversation(us.account.account_of(post.at("From")), them),
        kind=EventKind.RECEIPT,
        at=post.received,
        order=int(post.received.timestamp() * 1_000_000),
        addressed=False,
        fields=_fields(
            part=sid, status=status, ref=storable(post.ref), error=error, reach=REFUSED_STATUSES.get(error, "")
        ),
    )


def _conversation(account: str, them: str) -> str:
    """C74. Every address keeps its prefix: SMS and WhatsApp of one number are two."""
    return f"sms:{account}:{them}"


def _fields(**known: str) -> dict[str, str]:
    return {name: str(text) for name, text in known.items() if text}
