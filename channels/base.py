"""What every channel is: one Protocol, its card (`KIND`), the door's vocabulary (spec/channels.md C1, C6), and its
provider as an operator sees it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from engine.message import Address, Event, Limits, Receipt, Reply


@dataclass(frozen=True, kw_only=True)
class Inbound:
    """A webhook request as it came: header names lower-case, values raw bytes, repeated headers repeated."""

    method: str
    path: str
    query: bytes
    headers: tuple[tuple[str, bytes], ...]
    body: bytes

    def header(self, name: str) -> bytes | None:
        """The only value of a header; None when it is missing or occurs twice (C8)."""
        found = [value for key, value in self.headers if key == name]
        return found[0] if len(found) == 1 else None

    @property
    def content_type(self) -> str:
        """The media type without parameters, lower-case; "" when absent."""
        raw = self.header("content-type") or b""
        return raw.split(b";", 1)[0].strip().decode("latin-1").lower()


@dataclass(frozen=True, kw_only=True)
class Verified:
    """A request whose signature was right and whose body was read."""

    body: Any
    urgent: bool = True
    """There may be something to `acknowledge`."""


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why the door stays shut: an HTTP status (401, 403, 400, 415 ...) and a reason for the log only."""

    status: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the provider is told once the events of its request are taken; by default 200 and nothing else."""

    status: int = 200
    body: bytes = b""
    content_type: str = ""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A channel's card: its name, the settings that switch it on, what it can carry.

    `elsewhere` are the limits of chats whose id begins otherwise, by that prefix: one provider may carry several kinds.
    """

    name: str
    settings: tuple[str, ...]
    limits: Limits
    elsewhere: Mapping[str, Limits] = field(default_factory=dict)
    contact: str = ""
    """What a chat's id is to an agent: phone, telegram, slack; "" where it is no way to reach anybody."""

    def limits_at(self, chat: str) -> Limits:
        """What can be carried to one chat."""
        return next((limits for prefix, limits in self.elsewhere.items() if chat.startswith(prefix)), self.limits)


class Channel(Protocol):
    """One way to reach people. Provider objects never leave the channel's file."""

    @property
    def kind(self) -> Kind: ...

    def verify(self, request: Inbound) -> Verified | Refusal:
        """Signature over the raw bytes, then content type, then parse: in this order (C6)."""
        ...

    def parse(self, verified: Verified) -> list[Event]:
        """Pure and total: any JSON gives a list, perhaps empty, never an exception (C1)."""
        ...

    def answer(self, verified: Verified) -> Answer:
        """What to answer the request with; pure. The door says it only when every event is taken (C6)."""
        ...

    async def acknowledge(self, verified: Verified) -> None:
        """What the provider wants at once, whatever becomes of the event (a pressed button stops spinning). Failures
        are swallowed: nothing depends on it. Not asked for what is not urgent."""
        ...

    async def send(self, reply: Reply, resume: Sequence[str]) -> Receipt:
        """Send the next part of `reply`; `resume` are provider ids of the parts already sent (C22).
        Never raises for what the provider or the network does."""
        ...

    async def typing(self, address: Address) -> None:
        """Show that an answer is being written; failures are swallowed (C29)."""
        ...

    async def open(self) -> None:
        """Inside the running loop, before the first use."""
        ...

    async def close(self) -> None:
        """Close what was opened."""
        ...


class Mark(StrEnum):
    """How something stands."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What an operator learns of one thing: how it stands, in a sentence, and what mends it where it is not well."""

    what: str
    mark: Mark
    found: str
    remedy: str = ""

    @classmethod
    def ok(cls, what: str, found: str) -> Finding:
        """All is well."""
        return cls(what=what, mark=Mark.OK, found=found)

    @classmethod
    def warning(cls, what: str, found: str, remedy: str) -> Finding:
        """It works, or may; somebody should look."""
        return cls(what=what, mark=Mark.WARNING, found=found, remedy=remedy)

    @classmethod
    def failed(cls, what: str, found: str, remedy: str) -> Finding:
        """It does not work."""
        return cls(what=what, mark=Mark.FAILED, found=found, remedy=remedy)


Check = Callable[[], Awaitable[Sequence[Finding]]]
"""Looks at one thing now. Never raises for what a provider or the network does."""


class Provider(Protocol):
    """Who carries a channel, for an operator's commands: where it delivers, and whether our account there is sound.

    No finding holds a token or a secret. Nothing is asked of the provider before a method is called.
    """

    @property
    def name(self) -> str:
        """The channel's."""
        ...

    @property
    def api_url(self) -> str:
        """Where its API is."""
        ...

    async def register(self) -> Sequence[Finding]:
        """Have it deliver to our address, and tell how that stands."""
        ...

    async def registered(self) -> Sequence[Finding]:
        """Tell where it delivers."""
        ...

    async def unregister(self) -> Sequence[Finding]:
        """Have it deliver nowhere, and tell where it did."""
        ...

    def checks(self) -> Mapping[str, Check]:
        """What can be looked at, by name; the checks may run side by side."""
        ...
