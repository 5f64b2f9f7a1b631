"""The desk on our own page, for who has no Slack: the same rows as there, kept as records for the page to read (H6)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from engine.message import Receipt, Sent
from engine.store import Records
from handoff.case import Agent, Case
from handoff.document import Summary
from handoff.evidence import MessagePart
from handoff.posts import CardPost, CardUpdate, DeskPost, Mark, ThreadPost, Whisper, Window, case_of
from handoff.redaction import redact

KIND = "desk"
AGENT = "page"
"""The one agent of the page: whoever sits before it."""
NAME = "Anna"
"""What customers are told they are called."""
MOST_CASES = 50
"""Of the open ones and of the closed ones that the page lists."""
MOST_LINES = 200


class PageCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A case as the page shows it. `before` are the messages that were there when the thread began."""

    conversation: str
    case: Case
    summary: Summary
    before: tuple[MessagePart, ...] = ()


class PageLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a case's thread on the page. `who` is customer, bot, agent, or "" for the desk's own.

    `whisper` is for the agent alone, and with `held` asks whether to take over and send those words. `mark` is what
    became of the agent's message `of`.
    """

    id: str
    at: datetime
    text: str = ""
    who: str = ""
    whisper: bool = False
    held: str = ""
    version: int = 0
    mark: str = ""
    of: str = ""


class PageFace:
    """Keeps what is shown; `now` is the gateway's clock. Nothing can go wrong but the store."""

    def __init__(self, records: Records, now: Callable[[], datetime]) -> None:
        self._records = records
        self._now = now

    async def show(self, post: DeskPost, done: Sequence[str], *, since: datetime, again: bool = False) -> Receipt:
        """Keep it; once more is the same. May raise StoreAway."""
        match post:
            case CardPost():
                known = await card(self._records, post.case.id)
                before = known.before if known else post.summary.messages
                shown = PageCard(conversation=post.conversation, case=post.case, summary=post.summary, before=before)
                await self._keep(shown)
            case CardUpdate():
                known = await card(self._records, post.case.id)
                if known is not None:
                    await self._keep(msgspec.structs.replace(known, case=post.case, summary=post.summary))
            case ThreadPost():
                await self._line(post, PageLine(id=post.id, at=self._now(), text=_masked(post), who=post.who))
            case Whisper():
                line = PageLine(
                    id=post.id, at=self._now(), text=post.text, whisper=True, held=post.held, version=post.version
                )
                await self._line(post, line)
            case Mark():
                mark = PageLine(id=post.id, at=self._now(), mark=post.marking.value, of=post.spot.message)
                await self._line(post, mark)
            case Window():
                """The page asks by itself, before it sends anything."""
        return Sent(provider_ids=(post.id,))

    async def said(self, case: str, id: str, text: str) -> None:
        """What the page's agent wrote, as it stands in the thread: agents elsewhere see their own words too."""
        line = PageLine(id=id, at=self._now(), text=text, who="agent")
        await self._records.add(KIND, case, id, msgspec.json.encode(line))

    async def _keep(self, shown: PageCard) -> None:
        await self._records.put(KIND, shown.case.id, msgspec.json.encode(shown))

    async def _line(self, post: DeskPost, line: PageLine) -> None:
        await self._records.add(KIND, case_of(post), line.id, msgspec.json.encode(line))


class PageRoster:
    """Whoever sits before the page may act, and nobody else."""

    async def agent(self, user: str, team: str) -> Agent | None:
        """The page's agent."""
        return Agent(id=AGENT, alias=NAME) if user == AGENT else None


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    """As much of a card as says whether it is listed: most of its bytes are its summary."""

    case: Case


async def card(records: Records, case: str) -> PageCard | None:
    """A case's card; None where there is none. May raise StoreAway."""
    kept = await records.get(KIND, case)
    return msgspec.json.decode(kept.blob, type=PageCard) if kept else None


async def cards(records: Records, most: int = MOST_CASES) -> list[PageCard]:
    """The open cases, then the closed ones, each newest first and at most so many: ids begin with their time. May
    raise StoreAway."""
    waiting: deque[bytes] = deque(maxlen=most)
    closed: deque[bytes] = deque(maxlen=most)
    after = ""
    while page := await records.scan(KIND, after=after):
        for record in page:
            kept = msgspec.json.decode(record.blob, type=_Kept)
            (waiting if kept.case.open else closed).append(record.blob)
        after = page[-1].key
    return [msgspec.json.decode(blob, type=PageCard) for blob in (*reversed(waiting), *reversed(closed))]


async def lines(records: Records, case: str, most: int = MOST_LINES) -> list[PageLine]:
    """The newest lines of a case's thread, oldest first. May raise StoreAway."""
    kept = await records.read(KIND, case, last=most)
    return [msgspec.json.decode(entry.blob, type=PageLine) for entry in kept]


def _masked(post: ThreadPost) -> str:
    """What agents need no sight of is never kept here (H53); a number to call back at is not such."""
    return post.text if post.who == "agent" else redact(post.text, phones=False).text
