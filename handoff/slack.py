"""The desk's face in Slack: rows of the outbox become calls of its Web API (spec/handoff.md section 4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from engine.errors import DeliveryError
from engine.message import Receipt, Refused, Sent, Unknown
from engine.ports import Clock
from engine.store import Records
from handoff import threads
from handoff.ports import SlackApi
from handoff.posts import CardPost, CardUpdate, DeskPost, Mark, Marking, ThreadPost, Whisper, Window
from handoff.slack_cards import Cards, Part, Try
from handoff.slack_desk import Rooms, SlackDesk
from handoff.slack_ladder import receipt_of, repeatable
from handoff.slack_lines import whisper
from handoff.slack_pen import Pen
from handoff.slack_threads import Threads
from handoff.slack_windows import view_of

NOWHERE = ""
"""The id of what leaves nothing behind in Slack, or of what was dropped."""


class SlackFace:
    """A DeskFace. It holds no state but which channels were found closed; threads stand in `records`."""

    def __init__(self, api: SlackApi, records: Records, clock: Clock, desk: SlackDesk) -> None:
        self._api, self._records, self._clock, self._desk = api, records, clock, desk
        rooms, pen = Rooms(desk, clock), Pen(api)
        self._cards = Cards(desk, rooms, pen, Threads(pen, records, rooms))

    async def show(self, post: DeskPost, done: Sequence[str], *, since: datetime, again: bool = False) -> Receipt:
        """Show the next part of a post; never raises for what Slack does. May raise StoreAway."""
        parts = self._parts(post, Try(since=since, now=self._clock.now(), again=again))
        if len(done) >= len(parts):
            return Sent(provider_ids=())
        try:
            id = await parts[len(done)]()
        except DeliveryError as error:
            return receipt_of(error)
        return Sent(provider_ids=(id,) if id else (), complete=len(done) + 1 == len(parts))

    def _parts(self, post: DeskPost, attempt: Try) -> list[Part]:
        match post:
            case CardPost():
                return self._cards.posted(post, attempt)
            case CardUpdate():
                return self._cards.updated(post, attempt)
            case ThreadPost():
                return self._cards.said(post, attempt)
            case Whisper():
                return [partial(self._whisper, post, again=attempt.again)]
            case Mark():
                return [partial(self._mark, post)]
            case Window():
                return [partial(self._open, post, attempt.now)]

    async def _whisper(self, post: Whisper, *, again: bool) -> str:
        """To one agent, where they are; Slack keeps no such line, so an unknown one is repeated once at most."""
        place = await threads.of_case(self._records, post.case) if post.case and not post.spot.channel else None
        channel = post.spot.channel or (place.thread.channel if place else "")
        thread = post.spot.thread or (place.thread.ts if place else "")
        body = {"channel": channel, **whisper(post), **({"thread_ts": thread} if thread else {})}
        try:
            await self._api.call("chat.postEphemeral", body)
        except DeliveryError as error:
            if not isinstance(error.receipt, Refused) and not (again and isinstance(error.receipt, Unknown)):
                raise
        return NOWHERE

    async def _mark(self, post: Mark) -> str:
        """A receipt; under pressure those of success are left out, those of failure never (H50)."""
        body = {"channel": post.spot.channel, "timestamp": post.spot.message, "name": self._desk.reaction(post.marking)}
        try:
            await self._api.call("reactions.add", body)
        except DeliveryError as error:
            if not isinstance(error.receipt, Refused) and post.marking is Marking.FAILED:
                raise repeatable(error) from None
        return NOWHERE

    async def _open(self, post: Window, now: datetime) -> str:
        """Within the trigger's life (H58): what came of it is not asked a second time."""
        view = view_of(post)
        if view is None or now > post.expires_at:
            raise DeliveryError("the time to open the window is over" if view else "there is no such window")
        try:
            await self._api.call("views.open", {"trigger_id": post.trigger, "view": view})
        except DeliveryError as error:
            raise DeliveryError(str(error), Refused(reason=str(error)), code=error.code) from None
        return NOWHERE
