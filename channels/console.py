"""The console: one person at a terminal, for `frontdesk chat` and replayed conversations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from channels.base import Answer, Inbound, Kind, Refusal, Verified
from channels.options import composed
from channels.plaintext import storable, visible
from channels.split import split
from engine.message import Address, Event, EventKind, Limits, Reach, Receipt, Refused, Reply, Sent

KIND = Kind(
    name="console",
    settings=(),
    limits=Limits(
        max_chars=100_000,  # a terminal has no limit; ours keeps a runaway text from filling it
        max_parts=1,
        options_native=False,
        per_chat_per_s=1000.0,
        account_per_s=1000.0,
    ),
)

ACCOUNT = "terminal"


@dataclass(frozen=True, kw_only=True)
class _Line:
    """A line typed at `at` (aware UTC), counted from 1."""

    number: int
    text: str
    at: datetime


class ConsoleChannel:
    """Replies go to `write`, one call each, without a closing newline; `session` tells one talk from another."""

    def __init__(self, write: Callable[[str], None], *, session: str = "local") -> None:
        self._write = write
        self._session = session
        self._lines = 0

    @property
    def kind(self) -> Kind:
        """The channel's card."""
        return KIND

    def heard(self, text: str, at: datetime) -> Verified:
        """A line as it was typed: what `parse` makes an event of."""
        self._lines += 1
        return Verified(body=_Line(number=self._lines, text=storable(text), at=at))

    def verify(self, request: Inbound) -> Verified | Refusal:
        """Nobody reaches a terminal by HTTP."""
        return Refusal(status=404, reason="the console has no webhook")

    def parse(self, verified: Verified) -> list[Event]:
        """One message for a line of `heard`; nothing for anything else."""
        return [self._event(verified.body)] if isinstance(verified.body, _Line) else []

    def answer(self, verified: Verified) -> Answer:
        """Nothing but the status."""
        return Answer()

    async def acknowledge(self, verified: Verified) -> None:
        """A terminal waits for nothing."""

    async def send(self, reply: Reply, resume: Sequence[str]) -> Receipt:
        """Write the reply with its options numbered (C28)."""
        if not visible(reply.text):
            return Refused(reason="there is no text to send")  # C24
        if resume:
            return Sent(provider_ids=())
        text, _ = composed(reply, KIND.limits)
        try:
            self._write("\n".join(split(storable(text), KIND.limits)))
        except OSError as error:
            return Refused(reason=type(error).__name__, reach=Reach.UNREACHABLE)
        return Sent(provider_ids=(reply.id,))

    async def typing(self, address: Address) -> None:
        """The cursor shows it."""

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    def _event(self, line: _Line) -> Event:
        return Event(
            id=f"console:{self._session}:{line.number}",
            conversation=f"console:{ACCOUNT}:{self._session}",
            kind=EventKind.MESSAGE,
            at=line.at,
            order=line.number,
            address=Address(channel="console", account=ACCOUNT, chat=self._session, person=self._session),
            text=line.text if visible(line.text) else "",
        )
