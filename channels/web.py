"""The chat on a web page: a session cookie in, JSON messages in, a durable stream of items out (C90-C95)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec

from channels.audience import Audience
from channels.base import Answer, Inbound, Kind, Refusal, Verified
from channels.plaintext import storable, visible
from engine.errors import StoreAway
from engine.message import Address, Event, EventKind, Limits, Option, Receipt, Refused, Reply, Retry, Sent, Voice
from engine.ports import Clock
from engine.store import Records

SESSION_COOKIE = "frontdesk_session"
STREAM = "stream"
"""The kind of record that holds a person's items, in the order their pages show them."""
STREAM_TAIL = 50
"""Items that a page without a memory is shown (C92)."""
MAX_TEXT_CHARS = 4000
MAX_TOKEN_BYTES = 256

KIND = Kind(
    name="web",
    settings=(),
    limits=Limits(
        max_chars=100_000,
        max_parts=1,
        label_max=200,
        token_max_bytes=MAX_TOKEN_BYTES,
        typing_refresh_s=4.0,
        per_chat_per_s=20.0,
        account_per_s=1000.0,
    ),
)

_ACCOUNT = "site"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class ItemKind(StrEnum):
    """What a page shows: an answer, a word about the conversation itself (C95), or the customer's own words."""

    REPLY = "reply"
    NOTICE = "notice"
    CUSTOMER = "customer"


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a person's stream, as pages read it. `id` is the outbox row's or the event's; `link` is http(s)."""

    id: str
    kind: ItemKind
    text: str
    at: datetime
    options: tuple[Option, ...] = ()
    link: str | None = None
    voice: Voice | None = None


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """What a page posts: its own UUID, and a text or the token of an option. There is nowhere to upload a file to."""

    id: UUID
    text: Annotated[str, msgspec.Meta(max_length=MAX_TEXT_CHARS)] | None = None
    option: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TOKEN_BYTES)] | None = None
    attachments: Annotated[tuple[msgspec.Raw, ...], msgspec.Meta(max_length=0)] = ()

    def __post_init__(self) -> None:
        if (self.text is None) == (self.option is None):
            raise ValueError("Expected exactly one of `text` and `option`")


@dataclass(frozen=True, kw_only=True)
class Said:
    """A post that was read, whose it is, and when it came."""

    person: str
    at: datetime
    post: Post


class WebChannel:
    """The channel. What it sends is durable in Records; who listens is only told to look sooner."""

    def __init__(self, records: Records, clock: Clock, audience: Audience | None = None) -> None:
        self._records = records
        self._clock = clock
        self.audience = audience or Audience()

    @property
    def kind(self) -> Kind:
        """The card."""
        return KIND

    def verify(self, request: Inbound) -> Verified | Refusal:
        """Cookie (401), content type (415), JSON object (400), fields (422). That the session was ever issued, and
        the page's Origin, the route has checked before. Reasons repeat nothing of the body."""
        token = session_token(request)
        if token is None:
            return Refusal(status=401, reason="no session")
        if request.content_type != "application/json":
            return Refusal(status=415, reason="the body must be application/json")
        if not request.body.lstrip().startswith(b"{"):
            return Refusal(status=400, reason="the body is not a JSON object")
        try:
            post = msgspec.json.decode(request.body, type=Post)
        except msgspec.ValidationError as error:
            return Refusal(status=422, reason=str(error))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return Refusal(status=400, reason="the body is not valid JSON")
        return Verified(body=Said(person=person_of(token), at=self._clock.now(), post=post))

    def parse(self, verified: Verified) -> list[Event]:
        """The one event of a post; its id is the page's own UUID under the person, so it is taken once (C91)."""
        said = verified.body
        if not isinstance(said, Said):
            return []
        text = said.post.text or ""
        return [
            Event(
                id=f"{KIND.name}:{said.person}:{said.post.id}",
                conversation=conversation_of(said.person),
                kind=EventKind.MESSAGE if said.post.option is None else EventKind.OPTION,
                at=said.at,
                order=int(said.at.timestamp() * 1_000_000),
                address=Address(channel=KIND.name, account=_ACCOUNT, chat=said.person, person=said.person),
                text=storable(text) if visible(text) else "",
                option=said.post.option,
            )
        ]

    def answer(self, verified: Verified) -> Answer:
        """Nothing to say: the page's own route answers it."""
        return Answer()

    async def acknowledge(self, verified: Verified) -> None:
        """The answer to the post is all a page waits for."""

    async def send(self, reply: Reply, resume: Sequence[str]) -> Receipt:
        """Put the whole reply on its person's stream, once per `reply.id`: stored is sent (C93). Blank text is refused
        as our bug (C24); only an absent store asks for a retry."""
        if not visible(reply.text):
            return Refused(reason="the reply has no text")
        item = Item(
            id=reply.id,
            kind=ItemKind.NOTICE if reply.voice is Voice.DESK else ItemKind.REPLY,
            text=reply.text,
            at=self._clock.now(),
            options=reply.options,
            link=reply.link if reply.link and reply.link.lower().startswith(("https://", "http://")) else None,
            voice=reply.voice,
        )
        self.audience.hush(reply.address.chat)
        try:
            seq = await self._append(reply.address.chat, item)
        except StoreAway:
            return Retry(reason="the store is away")
        return Sent(provider_ids=(str(seq),))

    async def echo(self, event: Event) -> None:
        """Show a customer's own words, or the label they pressed, to every page of their session, once per event
        (C92). A press of nothing that was lately offered shows nothing. Raises StoreAway."""
        if event.address is None:
            return
        person = event.address.chat
        text = event.text if event.option is None else await self._label(person, event.option)
        if text:
            await self._append(person, Item(id=event.id, kind=ItemKind.CUSTOMER, text=text, at=event.at))

    async def typing(self, address: Address) -> None:
        """Tell the person's open pages; nothing is stored (C95)."""
        self.audience.tell(address.chat, typing=True)

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close: streams end by themselves when the service stops."""

    async def _append(self, person: str, item: Item) -> int:
        seq = await self._records.add(STREAM, person, item.id, msgspec.json.encode(item))
        self.audience.tell(person)
        return seq

    async def _label(self, person: str, token: str) -> str:
        entries = await self._records.read(STREAM, person, last=STREAM_TAIL)
        items = [msgspec.json.decode(entry.blob, type=Item) for entry in reversed(entries)]
        return next((option.label for item in items for option in item.options if option.token == token), "")


def conversation_of(person: str) -> str:
    """The key of a person's one conversation on the page."""
    return f"{KIND.name}:{_ACCOUNT}:{person}"


def person_of(token: str) -> str:
    """Who holds a session token: SHA-256 of it, 64 hex digits, so that the store never knows a token (C90)."""
    return hashlib.sha256(token.encode()).hexdigest()


def session_token(request: Inbound) -> str | None:
    """The token in the session cookie; None when it is missing, misshapen, or there are two of it (C8)."""
    pairs = (request.header("cookie") or b"").decode("latin-1").split(";")
    named = [
        value.strip() for name, _, value in (pair.partition("=") for pair in pairs) if name.strip() == SESSION_COOKIE
    ]
    return named[0] if len(named) == 1 and _TOKEN.fullmatch(named[0]) else None
