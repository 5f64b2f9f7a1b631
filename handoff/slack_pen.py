"""How posts get into the desk's channels: each once, though Slack posts what it is asked twice (H63), and smaller where
it is too large (H64)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any

import msgspec

from engine.errors import DeliveryError
from handoff.case import Thread
from handoff.ports import SlackApi
from handoff.slack_ladder import repeatable, too_large
from handoff.slack_lines import Body
from handoff.slack_shapes import Message, Page, Place, Posted, read

PAGE_MESSAGES = 200
MAX_PAGES = 10
"""Of messages looked through for one of ours. Source: Slack docs, pagination: at most 200 are recommended."""

_METADATA = "frontdesk_post"


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """By which a post of ours is known again: its case, its outbox row, and which of the row's messages it is."""

    handoff_id: str
    row: str
    part: str

    def on(self, body: Mapping[str, Any]) -> Body:
        """The message with this stamp in its metadata, beside what stands there."""
        kept = body.get("metadata") or {"event_type": _METADATA, "event_payload": {}}
        payload = {**kept["event_payload"], **msgspec.to_builtins(self)}
        return {**body, "metadata": {**kept, "event_payload": payload}}


class Pen:
    """Writes in the desk's channels. Every method raises DeliveryError."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api

    @property
    def team(self) -> str:
        """Ours; a thread is looked up by it (H40), so nothing is posted before it is known."""
        if not self._api.team:
            raise DeliveryError("Slack has not said yet which workspace is ours", retry=True)
        return self._api.team

    async def post(self, channel: str, forms: Iterator[Body], stamp: Stamp, *, thread: str = "") -> str:
        """Post the largest form that Slack takes; gives its ts."""
        place = {"channel": channel, **({"thread_ts": thread} if thread else {})}
        answer = await self._largest("chat.postMessage", (stamp.on({**place, **form}) for form in forms))
        return read(answer, Posted).ts

    async def update(self, thread: Thread, forms: Iterator[Body], stamp: Stamp) -> str:
        """Bring a parent message up to date; gives its ts."""
        place = {"channel": thread.channel, "ts": thread.ts}
        try:
            await self._largest("chat.update", (stamp.on({**place, **form}) for form in forms))
        except DeliveryError as error:
            raise repeatable(error) from None
        return thread.ts

    async def find(self, stamp: Stamp, channel: str, *, thread: str = "") -> str:
        """The ts of the message with this stamp, "" if it is not there (H63)."""
        wanted = msgspec.to_builtins(stamp)

        def ours(message: Message) -> str:
            payload = message.metadata.event_payload if message.metadata else {}
            return message.ts if wanted.items() <= payload.items() else ""

        return await self._first(ours, channel, thread)

    async def attach(self, thread: Thread, name: str, content: bytes, *, again: bool) -> str:
        """Put a file into a thread by the external pair of methods (H55); gives its id. Names are unique there."""

        def there(message: Message) -> str:
            return next((file.id for file in message.files or () if file.name == name), "")

        if again and (id := await self._first(there, thread.channel, thread.ts)):
            return id
        try:
            given = await self._api.call("files.getUploadURLExternal", {"filename": name, "length": len(content)})
            place = read(given, Place)
            await self._api.upload(place.upload_url, content)
        except DeliveryError as error:
            raise repeatable(error) from None  # nobody sees the file before it is completed
        files = [{"id": place.file_id, "title": name}]
        body = {"files": files, "channel_id": thread.channel, "thread_ts": thread.ts}
        await self._api.call("files.completeUploadExternal", body)
        return place.file_id

    async def _largest(self, method: str, forms: Iterator[Body]) -> dict[str, Any]:
        """The first form; a smaller one for as long as Slack finds them too large (H64)."""
        body = next(forms)
        while True:
            try:
                return await self._api.call(method, body)
            except DeliveryError as error:
                smaller = next(forms, None) if too_large(error) else None
                if smaller is None:
                    raise
                body = smaller

    async def _first(self, wanted: Callable[[Message], str], channel: str, thread: str) -> str:
        async for message in self._messages(channel, thread):
            if found := wanted(message):
                return found
        return ""

    async def _messages(self, channel: str, thread: str) -> AsyncIterator[Message]:
        """A channel's newest messages, or a thread's."""
        asked: Body = {"channel": channel, "limit": PAGE_MESSAGES, "include_all_metadata": True}
        if thread:
            asked["ts"] = thread
        for _ in range(MAX_PAGES):
            try:
                answer = await self._api.call("conversations.replies" if thread else "conversations.history", asked)
                page = read(answer, Page)
            except DeliveryError as error:
                raise repeatable(error) from None
            for message in page.messages:
                yield message
            asked["cursor"] = page.next
            if not asked["cursor"]:
                return
