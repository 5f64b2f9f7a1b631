"""What arrives and what leaves: addresses, events, replies, receipts, and what a channel can carry.

Shapes of spec/channels.md section 1. Times are aware UTC datetimes. Provider objects never appear here.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

USER_AGENT = "Frontdesk/0.1"
"""What we call ourselves in requests to an operator's systems (X44)."""


class Address(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a person is reached: `account` is our bot, team or number, `chat` their room or number."""

    channel: str
    account: str
    chat: str
    person: str
    thread: str | None = None


class Attachment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file as the provider refers to it; `size` in bytes. Never fetched on the way in (C21)."""

    kind: str
    """photo, voice, audio, video, document, sticker, location, contact or other."""
    ref: str = ""
    name: str | None = None
    mime: str | None = None
    size: int | None = None
    text: str | None = None


class EventKind(StrEnum):
    """Everything that can change a conversation enters by one door, as one of these."""

    MESSAGE = "message"
    OPTION = "option"
    EDITED = "edited"
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    UNREACHABLE = "unreachable"
    REACHABLE = "reachable"
    MOVED = "moved"
    RECEIPT = "receipt"
    RESULT = "result"
    MODEL_RESULT = "model_result"
    """What came of a model job (engine/jobs.py)."""
    AGENT_MESSAGE = "agent_message"
    AGENT_ACTION = "agent_action"
    TICK = "tick"


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that happened to a conversation. `id` and `guards` are its dedupe keys (R1, C11).

    `at` is the provider's time; `order` sorts events of one conversation; an event that is not `addressed`
    enters only a conversation that exists (C17). `option` is the token of a pressed option.
    """

    id: str
    conversation: str
    kind: EventKind
    at: datetime
    accepted: datetime | None = None
    """When it came in, by our clock: what expiries and gaps are measured by. None: `at` is our clock's already."""
    guards: tuple[str, ...] = ()
    order: int = 0
    address: Address | None = None
    text: str = ""
    option: str | None = None
    attachments: tuple[Attachment, ...] = ()
    addressed: bool = True
    locale: str | None = None
    sender_name: str | None = None
    fields: dict[str, str] = {}
    trace: str = ""
    """Where it came in, for the trace of its turn: a W3C traceparent."""


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One choice of a question: what is shown, and what comes back when it is pressed (C26)."""

    label: str
    token: str


class Notice(StrEnum):
    """How much a reply matters when sending is limited (C31): required first, nudges dropped first."""

    NORMAL = "normal"
    REQUIRED = "required"
    NUDGE = "nudge"


class Voice(StrEnum):
    """Who speaks (H4)."""

    BOT = "bot"
    DESK = "desk"
    AGENT = "agent"


class Reply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="reply"):
    """One composed reply. `id` is the outbox row's and stays the same over retries."""

    id: str
    address: Address
    text: str
    options: tuple[Option, ...] = ()
    link: str | None = None
    notice: Notice = Notice.NORMAL
    voice: Voice = Voice.BOT
    expires_at: datetime | None = None


class Reach(StrEnum):
    """What a refusal says about the person's address, or about our own account."""

    OK = "ok"
    OPTED_OUT = "opted_out"
    UNREACHABLE = "unreachable"
    ACCOUNT = "account"


class Scope(StrEnum):
    """Whom a provider's wait stops (C30)."""

    CHAT = "chat"
    ACCOUNT = "account"


class Sent(msgspec.Struct, frozen=True, kw_only=True, tag="sent"):
    """The provider took the next part(s); `complete` is False while parts of the reply remain (C22)."""

    provider_ids: tuple[str, ...]
    complete: bool = True


class Refused(msgspec.Struct, frozen=True, kw_only=True, tag="refused"):
    """The provider will not take it, now or later."""

    reason: str
    reach: Reach = Reach.OK


class Retry(msgspec.Struct, frozen=True, kw_only=True, tag="retry"):
    """Known not sent; `after_s` seconds is the provider's own wait, 0 when it named none."""

    reason: str
    after_s: float = 0.0
    scope: Scope = Scope.CHAT


class Unknown(msgspec.Struct, frozen=True, kw_only=True, tag="unknown"):
    """The request may have been acted on (C33)."""

    reason: str


Receipt = Sent | Refused | Retry | Unknown


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel can carry. Nothing outside its file asks for its name; it asks these (C2)."""

    max_chars: int
    unit: str = "chars"
    """utf16, chars or segments."""
    max_parts: int = 20
    part_counter: bool = False
    options_native: bool = True
    options_max: int = 100
    label_max: int = 64
    token_max_bytes: int = 64
    typing_refresh_s: float | None = None
    opt_out_words: tuple[str, ...] = ()
    opt_in_words: tuple[str, ...] = ()
    opt_back_words: tuple[str, ...] = ()
    """Opt in only whoever has opted out; else they are answers, and so not among `reserved_words` (C74)."""
    reserved_words: tuple[str, ...] = ()
    per_chat_per_s: float = 1.0
    account_per_s: float = 30.0
    window_s: float | None = None
    can_edit: bool = False
    delivery_reports: bool = False
    unknown_wait_s: float = 0.0
    accepts: tuple[str, ...] = ()
    send_deadline_s: float = 86_400.0


NO_LIMITS = Limits(max_chars=100_000)
"""Of a channel that is not on (any more)."""
