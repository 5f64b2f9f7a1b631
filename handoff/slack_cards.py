"""A case's card in Slack: the parent message, the last messages and the JSON below it, and what becomes of it (H78)."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from engine.errors import DeliveryError
from handoff.card import Size, card_of
from handoff.case import Case, Thread
from handoff.document import Summary, canonical
from handoff.posts import CardPost, CardUpdate, ThreadPost, case_of
from handoff.slack_desk import Rooms, SlackDesk, mentions
from handoff.slack_ladder import final
from handoff.slack_lines import (
    Body,
    as_written,
    continued,
    lateness,
    moved_card,
    opening,
    pages_of,
    pointer_line,
    thread_line,
)
from handoff.slack_pen import Pen, Stamp
from handoff.slack_threads import Threads

Part = Callable[[], Awaitable[str]]
"""One message, file or change; gives its id in Slack."""

SKIPPED = "skipped"
"""The id of a part that Slack refused and that nothing depends on."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Try:
    """One try at the next part of a row."""

    since: datetime
    now: datetime
    again: bool

    @property
    def late(self) -> str:
        """How late the row is, in words; "" while it is not (H65)."""
        return lateness(self.since, self.now)


class Cards:
    """The parts of the posts that are for everybody at the desk, in their order."""

    def __init__(self, desk: SlackDesk, rooms: Rooms, pen: Pen, threads: Threads) -> None:
        self._desk, self._rooms, self._pen, self._threads = desk, rooms, pen, threads

    def posted(self, post: CardPost, attempt: Try) -> list[Part]:
        """A new card, its thread, and what is left of an earlier card of the case."""
        parts: list[Part] = [
            partial(self._parent, post, attempt),
            partial(self._opening, post, attempt),
            partial(self._json, post, attempt),
        ]
        if post.case.threads:
            parts.append(partial(self._leave, post))
        if post.page and self._desk.pointed_to:
            parts.append(partial(self._point, post.id, post.case.id, attempt))
        return parts

    def updated(self, post: CardUpdate, attempt: Try) -> list[Part]:
        """The card as it stands now; the JSON too if there is a new one."""
        parts: list[Part] = [partial(self._current, post, attempt)]
        if post.anew:
            parts.append(partial(self._json, post, attempt))
        return parts

    def said(self, post: ThreadPost, attempt: Try) -> list[Part]:
        """A line in the thread, in as many messages as it needs."""
        parts: list[Part] = [
            partial(self._line, post, page, number, attempt) for number, page in enumerate(pages_of(post))
        ]
        if post.page and self._desk.pointed_to:
            parts.append(partial(self._point, post.id, post.case, attempt))
        return parts

    async def _parent(self, post: CardPost, attempt: Try) -> str:
        place = await self._threads.begin(
            post.conversation,
            self._rooms.of(post.case.queue),
            partial(_card, post.summary, post.case),
            _stamp(post, "card"),
            again=attempt.again,
        )
        return place.thread.ts

    async def _opening(self, post: CardPost, attempt: Try) -> str:
        earlier = post.case.threads[-1] if post.case.threads else None
        call = mentions(self._desk.whom(ping=post.ping, page=post.page))
        forms = partial(opening, post.summary, earlier=earlier, call=call, late=attempt.late)
        place = await self._threads.of(post.case.id)
        return await self._threads.reply(place, forms, _stamp(post, "opening"), again=attempt.again)

    async def _json(self, post: CardPost | CardUpdate, attempt: Try) -> str:
        place = await self._threads.of(post.case.id)
        name = f"handoff-{post.case.id}-r{post.summary.revision}.json"
        content = canonical(post.summary)
        return await self._threads.attach(place, name, content, _stamp(post, "json"), again=attempt.again)

    async def _leave(self, post: CardPost) -> str:
        """A case has one parent message with buttons: the earlier one loses them."""
        place = await self._threads.of(post.case.id)
        earlier = post.case.threads[-1]
        if earlier == place.thread:
            return SKIPPED
        moved = moved_card(post.case.queue, place.thread)
        return await _if_it_can(self._pen.update(earlier, iter([moved]), _stamp(post, "moved")))

    async def _current(self, post: CardUpdate, attempt: Try) -> str:
        place = await self._threads.of(post.case.id)
        card = partial(_card, post.summary, post.case)
        return await self._threads.update(place, card, _stamp(post, "card"), again=attempt.again)

    async def _line(self, post: ThreadPost, page: str, number: int, attempt: Try) -> str:
        place = await self._threads.of(post.case)
        call = mentions((*post.names, *self._desk.whom(ping=post.calls, page=post.page)))
        forms = partial(thread_line, post, page, first=number == 0, call=call, late=attempt.late)
        return await self._threads.reply(place, forms, _stamp(post, f"line{number}"), again=attempt.again)

    async def _point(self, row: str, case: str, attempt: Try) -> str:
        place, channel = await self._threads.of(case), self._desk.pointed_to
        stamp = Stamp(handoff_id=case, row=row, part="pointer")

        async def posted() -> str:
            if attempt.again and (ts := await self._pen.find(stamp, channel)):
                return ts
            return await self._pen.post(channel, pointer_line(case, place.thread), stamp)

        return await _if_it_can(posted())


def _card(summary: Summary, case: Case, earlier: Thread | None = None) -> Iterator[Body]:
    """The card, ever smaller; at last its one line, which nothing can make too large (H64)."""
    for size in Size:
        card = card_of(summary, case, size)
        if earlier:
            card["blocks"].append(continued(earlier))
        if size is not Size.FULL:
            del card["metadata"]
        yield as_written(card)
    yield as_written({"text": card["text"], "blocks": []})


def _stamp(post: CardPost | CardUpdate | ThreadPost, part: str) -> Stamp:
    return Stamp(handoff_id=case_of(post), row=post.id, part=part)


async def _if_it_can(part: Awaitable[str]) -> str:
    """A part that nothing depends on: a refusal is noted, and the row goes on."""
    try:
        return await part
    except DeliveryError as error:
        if not final(error):
            raise
        _log.error("Slack refuses a post of the desk's: %s", error)
        return SKIPPED
