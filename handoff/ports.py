"""What the handoff needs from outside, each as a Protocol. `gateway/wiring.py` names the classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from engine.message import Receipt
from handoff.case import Agent
from handoff.posts import DeskPost, TicketCall


class SlackApi(Protocol):
    """Slack's Web API in the name of our app. Nothing but DeliveryErrors is raised: they carry `receipt`
    (what it means for a row) and `code` (Slack's own word, "" if there was none)."""

    @property
    def team(self) -> str:
        """The workspace's id; "" until Slack has told it."""
        ...

    async def call(self, method: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a method, posted as JSON. Raises DeliveryError."""
        ...

    async def upload(self, url: str, content: bytes) -> None:
        """Put a file's bytes where files.getUploadURLExternal said. Raises DeliveryError."""
        ...


class DeskFace(Protocol):
    """Where agents see cases and speak: Slack, or our own page (H6)."""

    async def show(self, post: DeskPost, done: Sequence[str], *, since: datetime, again: bool = False) -> Receipt:
        """Show the next part of a post; `done` are the ids of its parts that were shown before (C22), `since` is when
        it was first tried. `again`: an earlier try may have been acted on, so it looks before it posts (H63).
        Never raises for what a provider or the network does; may raise StoreAway."""
        ...


class Roster(Protocol):
    """Who may act at the desk (H56)."""

    async def agent(self, user: str, team: str) -> Agent | None:
        """The agent behind a user id, with the name that customers see (H48); None for everybody else."""
        ...


class TicketSystem(Protocol):
    """Where tickets go."""

    async def send(self, ticket: TicketCall, tries: int) -> Receipt:
        """Send one; `tries` counts those before. A `Sent` names the ticket's id or address, where one was told."""
        ...
