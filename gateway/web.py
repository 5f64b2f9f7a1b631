"""The web channel's three routes: a session, a message in, the stream of events out (C90-C95)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from channels.base import Inbound, Refusal
from channels.web import SESSION_COOKIE, WebChannel, conversation_of, person_of, session_token
from engine.ports import Clock
from engine.store import Records
from gateway.answers import Answers, whole_body, within
from gateway.intake import Intake
from gateway.origins import Origins
from gateway.quota import Quota
from gateway.sessions import Sessions
from gateway.streams import EventStream, Pace, Streams, last_seen

MAX_BODY_BYTES = 64 * 1024
MESSAGES_PER_MINUTE = 30
"""Per session (C95)."""
SESSIONS_PER_MINUTE = 20
"""New ones per client address (C95)."""
STREAMS_PER_SESSION = 8
"""Open ones per process; more than the six that a browser opens to one host (X5)."""
SESSION_DAYS = 30
"""A cookie's life since the page was last opened: longer than any run waits to be resumed."""

_ANSWERS = Answers({"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"})


@dataclass(frozen=True, kw_only=True)
class WebSettings:
    """`public_url` (PUBLIC_URL, may have a path) and further allowed origins (WEB_ORIGINS)."""

    public_url: str | None = None
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WebDoor:
    """What the routes stand on. `stopping` is set when the service begins to stop: streams then end."""

    channel: WebChannel
    intake: Intake
    records: Records
    clock: Clock
    settings: WebSettings
    stopping: asyncio.Event
    pace: Pace = field(default_factory=Pace)


def web_routes(door: WebDoor) -> list[Route]:
    """POST /web/session, POST /web/messages, GET /web/events."""
    routes = _Routes(door)
    return [
        Route("/web/session", _ANSWERS.route(routes.session), methods=["POST"]),
        Route("/web/messages", _ANSWERS.route(routes.messages), methods=["POST"]),
        Route("/web/events", _ANSWERS.route(routes.events), methods=["GET"]),
    ]


class _Routes:
    def __init__(self, door: WebDoor) -> None:
        self._door = door
        self._origins = Origins(door.settings.public_url, door.settings.origins)
        self._sessions = Sessions(door.records, door.clock)
        self._messages = Quota(MESSAGES_PER_MINUTE, timedelta(minutes=1), door.clock)
        self._addresses = Quota(SESSIONS_PER_MINUTE, timedelta(minutes=1), door.clock)
        self._streams = Streams(channel=door.channel, records=door.records, stopping=door.stopping, pace=door.pace)

    async def session(self, request: Request) -> Response:
        """201 and a new cookie, or 200 for a page that has a session already. Says which conversation is its own."""
        self._admit(request)
        inbound = _inbound(request)
        if inbound.content_type not in {"", "application/json"}:
            raise HTTPException(415, "the body must be application/json or empty")
        token = session_token(inbound)
        known = await self._sessions.person(token) is not None
        if token is None or not known:
            # The peer itself, never X-Forwarded-For, which anyone may write.
            within(self._addresses, request.client.host if request.client else "")
            token = await self._sessions.issue()
        response = _ANSWERS.json({"conversation": conversation_of(person_of(token))}, 200 if known else 201)
        response.set_cookie(
            SESSION_COOKIE,
            token,
            max_age=SESSION_DAYS * 86_400,
            secure=self._origins.secure,
            httponly=True,
            samesite="lax",
        )
        return response

    async def messages(self, request: Request) -> Response:
        """202 and the event's id once the message is durable; the same again for the same message (C91).

        It is on the stream before a worker sees it: the reply stands below what it answers.
        """
        self._admit(request)
        body = await whole_body(request, MAX_BODY_BYTES)
        person = await self._person(request)
        within(self._messages, person)
        verified = self._door.channel.verify(_inbound(request, body))
        if isinstance(verified, Refusal):
            raise HTTPException(verified.status, verified.reason)
        (event,) = self._door.channel.parse(verified)
        await self._door.channel.echo(event)
        await self._door.intake.take(event)
        return _ANSWERS.json({"id": event.id}, 202)

    async def events(self, request: Request) -> Response:
        """The stream (C92). A page of ours sends no Origin with it; one that is sent must be allowed all the same."""
        if request.method == "HEAD":
            raise HTTPException(405, "only GET", {"Allow": "GET"})
        if "origin" in request.headers:
            self._admit(request)
        person = await self._person(request)
        if self._door.channel.audience.size(person) >= STREAMS_PER_SESSION:
            raise HTTPException(429, "too many open streams", {"Retry-After": "5"})
        after = last_seen(request.headers.get("last-event-id"), request.query_params.get("last"))
        # A buffering proxy would hold every event back until the stream ends.
        headers = {**_ANSWERS.headers, "X-Accel-Buffering": "no"}
        return EventStream(self._streams.follow(person, after), self._door.pace.patience_s, headers)

    def _admit(self, request: Request) -> None:
        if not self._origins.admit(request.headers.get("origin"), request.headers.get("host")):
            raise HTTPException(403, "this page's Origin is not allowed here")

    async def _person(self, request: Request) -> str:
        person = await self._sessions.person(session_token(_inbound(request)))
        if person is None:
            raise HTTPException(401, "no session: POST /web/session first")
        return person


def _inbound(request: Request, body: bytes = b"") -> Inbound:
    return Inbound(
        method=request.method,
        path=request.url.path,
        query=request.url.query.encode(),
        headers=tuple((name.decode("latin-1").lower(), value) for name, value in request.headers.raw),
        body=body,
    )
