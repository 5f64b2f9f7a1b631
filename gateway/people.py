"""The people behind the bot, as far as this gateway knows them: their rules, their face, who they are."""

from __future__ import annotations

from dataclasses import dataclass

from handoff.policy import DeskPolicy
from handoff.ports import DeskFace, Roster, TicketSystem


@dataclass(frozen=True, kw_only=True, slots=True)
class People:
    """A desk of persons. Made by the wiring, only where a face for them exists (H6)."""

    policy: DeskPolicy
    face: DeskFace
    roster: Roster
    tickets: TicketSystem | None = None
    ticket_system: str = ""
    """webhook, or "" when none is configured."""
    pseudonym_key: bytes = b""
    """Of the names that stand for people in a summary (X61)."""
