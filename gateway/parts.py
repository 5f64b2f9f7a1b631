"""What the worker's rooms share: the store, the flows, the clock, the ways out. Made once by the wiring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from channels.base import Channel
from engine.book import Book
from engine.memory import Memories
from engine.message import NO_LIMITS, Address, Limits
from engine.model import Model
from engine.ports import NO_SPANS, Actions, Clock, Failpoints, Spans
from engine.rules.ordered import Rules
from engine.store import Mailbox, Records
from gateway.metrics import Metrics
from gateway.people import People


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """Everything the worker, its turns and its outbox stand on. Also the engine's `World`."""

    mailbox: Mailbox
    records: Records
    book: Book
    rules: Rules
    actions: Actions
    channels: Mapping[str, Channel]
    clock: Clock
    failpoints: Failpoints
    metrics: Metrics
    spans: Spans = NO_SPANS
    model: Model | None = None
    """None: rules read alone."""
    memories: Memories | None = None
    """None: nothing is remembered of anybody."""
    people: People | None = None
    """None: nobody can take over here."""
    lacking: Callable[[str], tuple[str, ...]] = lambda version: ()
    """Which actions of a version another process can run and this one cannot."""
    call_workers: Callable[[], None] = lambda: None
    """Told when an event waits for a worker of another process."""
    trouble: Callable[[str, str], None] = lambda channel, reason: None
    """Told when a provider refuses our account: channel and reason; "" when it works again."""

    def limits(self, address: Address | None) -> Limits:
        """What can be carried to an address."""
        channel = self.channels.get(address.channel) if address else None
        return channel.kind.limits_at(address.chat) if channel and address else NO_LIMITS
