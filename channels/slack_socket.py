"""Socket Mode: envelopes over one WebSocket, dispatched by bolt's app and acknowledged once taken (C53, C56)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec

from channels.payload import Json, decoded, dict_at, text_at
from channels.slack_delivery import readable
from channels.slack_places import Us
from channels.slack_standing import SOCKET_AWAY_NOTE, SOCKET_REFUSED_NOTE, Alarm, Part, Standing
from channels.slack_wire import Wire
from engine.errors import DeliveryError
from engine.message import Refused

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp
    from slack_bolt.context.ack.async_ack import AsyncAck

HEARTBEAT_S = 10.0
"""Pings, so that a dead line is noticed; slack_bolt's handler has the same."""
MAX_MESSAGE_BYTES = 4_000_000
DROPPED_PAUSE_S = 1.0
"""Before a line that broke is opened again; one that Slack refreshes is opened at once."""
REFRESHED = frozenset({"warning", "refresh_requested"})
"""Why a good connection is ended (Slack docs, Socket Mode: disconnect)."""

Take = Callable[[Json], Awaitable[Json]]
"""Takes a payload and gives what to answer, {} for nothing; raises where it could not be made durable."""


def bolt_app(wire: Wire, token: str, us: Callable[[], Us], take: Take) -> AsyncApp:
    """bolt's app: it ignores our own events, answers in each kind's form, and takes whatever there is (C52, C54).

    A listener that registers before this one's are asked, and acknowledges, comes first. What the app would look for
    in the environment is given here: a signing secret would be unused, for a socket's payloads carry no signature.
    """
    from slack_bolt.async_app import AsyncApp  # noqa: PLC0415 - loaded when a socket is wanted (C3)
    from slack_bolt.authorization import AuthorizeResult  # noqa: PLC0415

    async def authorize() -> AuthorizeResult:
        known = us()
        return AuthorizeResult(
            enterprise_id=None, team_id=known.team, bot_user_id=known.user, bot_id=known.bot, bot_token=token
        )

    async def heard(body: dict[str, Any], ack: AsyncAck) -> None:
        await ack(await take(body))

    app = AsyncApp(
        name="frontdesk",
        client=wire.client,
        logger=wire.client.logger,
        signing_secret="",
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
    )
    anything = re.compile("")
    for kind in (app.event, app.action, app.shortcut, app.view, app.view_closed, app.options, app.command):
        kind(anything)(heard)
    return app


@dataclass(frozen=True, kw_only=True)
class SocketLine:
    """One connection at a time. A refused one is asked for again each `attempt_s` seconds, no sooner (C56)."""

    wire: Wire
    http: aiohttp.ClientSession
    app: AsyncApp
    app_token: str
    standing: Standing
    attempt_s: float

    async def run(self) -> None:
        """Receive until cancelled."""
        while True:
            try:
                refreshed = await self._connection()
            except (DeliveryError, aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
                self._complain(error)
                await asyncio.sleep(self.attempt_s)
                continue
            if not refreshed:
                self.standing.hear(Alarm(part=Part.SOCKET, note=SOCKET_AWAY_NOTE))
                await asyncio.sleep(min(DROPPED_PAUSE_S, self.attempt_s))

    async def _connection(self) -> bool:
        """One connection to its end; was it only to be refreshed? Raises where none came about."""
        opened = await self.wire.call("apps.connections.open", {}, token=self.app_token)
        address = text_at(opened, "url")
        greeted, ended = False, ""
        async with (
            self.http.ws_connect(address, heartbeat=HEARTBEAT_S, max_msg_size=MAX_MESSAGE_BYTES) as socket,
            asyncio.TaskGroup() as taking,  # what is under way when the line ends is still acknowledged on it
        ):
            with suppress(aiohttp.ClientError, OSError):
                async for message in socket:
                    envelope = _envelope(message)
                    match text_at(envelope, "type"):
                        case "hello":
                            greeted = True
                            self.standing.hear(Alarm(part=Part.SOCKET))
                        case "disconnect":
                            ended = text_at(envelope, "reason")
                            break
                        case _ if text_at(envelope, "envelope_id"):
                            taking.create_task(self._take(socket, envelope))
        if not greeted:
            raise DeliveryError(f"the socket closed without a greeting: {ended or 'dropped'}", retry=True)
        return ended in REFRESHED

    async def _take(self, socket: aiohttp.ClientWebSocketResponse, envelope: Json) -> None:
        """Acknowledge what bolt's app took; what it could not take comes again."""
        answer = await self._dispatched(dict_at(envelope, "payload"))
        if answer is None:
            return
        given = {"envelope_id": text_at(envelope, "envelope_id")} | ({"payload": answer} if answer else {})
        with suppress(ConnectionError):
            await socket.send_str(msgspec.json.encode(given).decode())

    async def _dispatched(self, payload: Json) -> Json | None:
        """What to answer, {} for nothing; None where it could not be made durable."""
        from slack_bolt.request.async_request import AsyncBoltRequest  # noqa: PLC0415 - C3

        if not readable(payload):
            return {}
        try:
            request = AsyncBoltRequest(mode="socket_mode", body=payload)
        except (AttributeError, LookupError, TypeError):
            return {}  # bolt looks into odd shapes without asking; nothing of use comes in these
        response = await self.app.async_dispatch(request)
        if response.status >= 500:
            return None
        answer = decoded((response.body or "").encode())
        return answer if isinstance(answer, dict) and response.status == 200 else {}

    def _complain(self, error: Exception) -> None:
        refused = isinstance(error, DeliveryError) and isinstance(error.receipt, Refused)
        note = SOCKET_REFUSED_NOTE if refused else SOCKET_AWAY_NOTE
        self.standing.hear(Alarm(part=Part.SOCKET, note=note))


def _envelope(message: aiohttp.WSMessage) -> Json:
    found = decoded(message.data.encode()) if message.type is aiohttp.WSMsgType.TEXT else None
    return found if isinstance(found, dict) else {}
