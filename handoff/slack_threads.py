"""The threads of cases in Slack: begun, written in, and gone on with elsewhere when Slack has lost them (H40, H64)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from engine.errors import DeliveryError, StoreAway
from engine.message import Unknown
from engine.store import Records
from handoff import threads
from handoff.case import Thread
from handoff.slack_desk import Rooms
from handoff.slack_ladder import closed, final
from handoff.slack_lines import Body, no_file, parent_line
from handoff.slack_pen import Pen, Stamp
from handoff.threads import Place

NO_CARD_WAIT_S = 2.0
"""For a line whose card has not been posted yet."""

Forms = Callable[[], Iterator[Body]]
"""A message in ever smaller forms (H64), as often as it is wanted."""

_log = logging.getLogger(__name__)


class Threads:
    """Every method raises DeliveryError. With `again`, what is there already is not posted a second time (H63)."""

    def __init__(self, pen: Pen, records: Records, rooms: Rooms) -> None:
        self._pen, self._records, self._rooms = pen, records, rooms

    async def of(self, case: str) -> Place:
        """Where a case stands now. May raise StoreAway."""
        place = await threads.of_case(self._records, case)
        if place is None:
            raise DeliveryError("the case has no thread yet", retry=True, after_s=NO_CARD_WAIT_S)
        return place

    async def begin(self, conversation: str, rooms: Sequence[str], forms: Forms, stamp: Stamp, *, again: bool) -> Place:
        """Post a parent message in the first of the channels that takes it, and remember its thread."""
        team = self._pen.team
        room, ts = await self._there(rooms, stamp) if again else ("", "")
        if not ts:
            room, ts = await self._posted(rooms, forms, stamp)
        thread = Thread(team=team, channel=room, ts=ts)
        place = Place(conversation=conversation, case=stamp.handoff_id, thread=thread)
        try:
            await threads.remember(self._records, place)
        except StoreAway:
            reason = "posted, and not remembered: the store is away"
            raise DeliveryError(reason, Unknown(reason=reason)) from None
        return place

    async def reply(self, place: Place, forms: Forms, stamp: Stamp, *, again: bool) -> str:
        """Write into a case's thread, or into a new one that says where it comes from; gives the ts."""
        thread = place.thread
        try:
            if again and (ts := await self._pen.find(stamp, thread.channel, thread=thread.ts)):
                return ts
            return await self._pen.post(thread.channel, forms(), stamp, thread=thread.ts)
        except DeliveryError as error:
            parent = replace(stamp, part="parent")
            onward = await self._elsewhere(place, error, lambda: parent_line(place.case, thread), parent, again=again)
        return await self._pen.post(onward.thread.channel, forms(), stamp, thread=onward.thread.ts)

    async def update(
        self, place: Place, card: Callable[[Thread | None], Iterator[Body]], stamp: Stamp, *, again: bool
    ) -> str:
        """Bring a case's parent message up to date, or post it anew: `card` takes the thread that it comes from."""
        try:
            return await self._pen.update(place.thread, card(None), stamp)
        except DeliveryError as error:
            onward = await self._elsewhere(place, error, lambda: card(place.thread), stamp, again=again)
        return onward.thread.ts

    async def attach(self, place: Place, name: str, content: bytes, stamp: Stamp, *, again: bool) -> str:
        """Put a file into a case's thread, or a line that says why it is not there; gives the id of either."""
        try:
            return await self._pen.attach(place.thread, name, content, again=again)
        except DeliveryError as error:
            if not final(error):
                raise
            why = str(error)
        _log.error("Slack takes no file from the desk: %s", why)
        return await self.reply(place, lambda: no_file(name, why), stamp, again=again)

    async def _there(self, rooms: Sequence[str], stamp: Stamp) -> tuple[str, str]:
        for room in rooms:
            try:
                if ts := await self._pen.find(stamp, room):
                    return room, ts
            except DeliveryError as error:
                if not closed(error):
                    raise
        return "", ""

    async def _posted(self, rooms: Sequence[str], forms: Forms, stamp: Stamp) -> tuple[str, str]:
        room, *others = rooms
        try:
            ts = await self._pen.post(room, forms(), stamp)
        except DeliveryError as error:
            if not (closed(error) and others):
                raise
            self._rooms.close(room, error.code)
            return await self._posted(others, forms, stamp)
        self._rooms.open(room)
        return room, ts

    async def _elsewhere(self, place: Place, error: DeliveryError, forms: Forms, stamp: Stamp, *, again: bool) -> Place:
        """Begin the case's thread anew where that helps; else the error goes on."""
        rooms = self._rooms.instead_of(place.thread.channel, error)
        if not rooms:
            raise error
        return await self.begin(place.conversation, rooms, forms, stamp, again=again)
