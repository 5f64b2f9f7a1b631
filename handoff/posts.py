"""What leaves for the desk and the ticket system: outbox rows, the same whichever face of the desk shows them (H6).

Rows of one case leave in their order, one behind the other. Each holds everything it needs but the place: that is
looked up when it leaves, for the card that makes the thread may stand in the same commit.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from handoff.case import Case, Spot
from handoff.document import Summary


class CardPost(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="card"):
    """A new parent message in the channel of the case's queue, with the last messages and the summary's JSON in its
    thread (H78). Once posted, its thread belongs to `conversation` (H40)."""

    id: str
    conversation: str
    case: Case
    summary: Summary
    ping: bool = False
    """It calls people (section 2)."""
    page: bool = False
    """HANDOFF_ESCALATE_TO is called too."""


class CardUpdate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="card_update"):
    """The parent message as the case stands now. `anew`: the summary has a new revision, its JSON is posted too."""

    id: str
    case: Case
    summary: Summary
    anew: bool = False


class ThreadPost(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="thread"):
    """A line in the case's thread, as people wrote it: whoever shows it escapes it (H52). `who` is customer, bot,
    agent, or "" for a line of the desk's own. `names` are agents to mention before it (H14); `calls` says that it is
    for everybody at the desk, with `page` HANDOFF_ESCALATE_TO too."""

    id: str
    case: str
    text: str
    who: str = ""
    names: tuple[str, ...] = ()
    calls: bool = False
    page: bool = False


class Whisper(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="whisper"):
    """A line to one agent alone, where they did something. With `held` it offers to take over and send those held
    words, or to keep them internal (H45); `case` is "" where none is concerned."""

    id: str
    agent: str
    text: str
    spot: Spot
    case: str = ""
    version: int = 0
    held: str = ""


class Marking(StrEnum):
    """What has become of an agent's words (H50)."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"


class Mark(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="mark"):
    """A receipt on an agent's own message."""

    id: str
    case: str
    spot: Spot
    marking: Marking


class Window(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="window"):
    """Something an agent is asked before it is done: `button` is resolve, transfer, snooze or reply. `trigger` opens
    it and lives three seconds; after `expires_at` it is not opened any more (H58)."""

    id: str
    case: str
    version: int
    button: str
    trigger: str
    expires_at: datetime
    queues: tuple[str, ...] = ()


class Waited(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="waited"):
    """How long a case of a queue waited for its first claim, for the usual wait of the next one (H13). `hours` is the
    class of hours it was asked for in: open or closed."""

    id: str
    queue: str
    hours: str
    seconds: float


class NarrativeJob(msgspec.Struct, frozen=True, kw_only=True, tag="narrative_job"):
    """A model may write the narrative of the case that was opened with this summary, until `ends_at` (H74)."""

    id: str
    case: str
    summary: Summary
    ends_at: datetime


DeskPost = CardPost | CardUpdate | ThreadPost | Whisper | Mark | Window
"""A row for the desk's face."""


class TicketCall(msgspec.Struct, frozen=True, kw_only=True, tag="ticket"):
    """A row for the ticket system. `id` is its key for ever (H140), `body` the JSON that is signed and sent."""

    id: str
    case: str
    conversation: str
    body: str


def case_of(post: DeskPost | TicketCall) -> str:
    """The case a row is about; "" for a word to an agent about none."""
    return post.case.id if isinstance(post, CardPost | CardUpdate) else post.case
