"""The agent's side of the playground: the cases of the desk on our own page, and what its agent does with them (H6).

GET  /playground/desk                        {"on", "agent", "cases"}; {"on": false} where the desk has another face
GET  /playground/desk/{case}                 the case, its card, its buttons, its thread
GET  /playground/desk/{case}/summary.json    the summary as it would be posted elsewhere
POST /playground/desk/{case}                 {"id", "text"} or {"id", "action", "value", "inputs"?}: 202
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from engine.ports import Clock
from engine.store import Mailbox, Records
from gateway.answers import Answers, whole_body, within
from gateway.intake import Intake
from gateway.origins import Origins
from gateway.playground.act import event_of, read_act
from gateway.playground.routes import GUARDED
from gateway.quota import Quota
from gateway.rows import read_conversation
from handoff import page
from handoff.case import Case
from handoff.document import canonical
from handoff.page import NAME, PageCard, PageFace
from handoff.pagecase import row_of, view_of
from handoff.pageforms import Team
from handoff.sitting import case_in

MAX_BODY_BYTES = 64 * 1024
ACTS_PER_MINUTE = 60
"""Per client address."""

_ANSWERS = Answers(GUARDED)
_CASE = re.compile(r"ho_[0-9A-HJKMNP-TV-Z]{26}")


@dataclass(frozen=True, kw_only=True, slots=True)
class PageDesk:
    """What the routes stand on."""

    face: PageFace
    team: Team
    intake: Intake
    mailbox: Mailbox
    records: Records
    clock: Clock
    origins: Origins


def desk_routes(desk: PageDesk | None) -> list[Route]:
    """The desk on the page; None where agents work elsewhere, which is all that is then said."""
    if desk is None:
        return [Route("/playground/desk", _ANSWERS.route(_elsewhere), methods=["GET"])]
    routes = _Routes(desk)
    return [
        Route("/playground/desk", _ANSWERS.route(routes.cases), methods=["GET"]),
        Route("/playground/desk/{case}", _ANSWERS.route(routes.case), methods=["GET"]),
        Route("/playground/desk/{case}", _ANSWERS.route(routes.act), methods=["POST"]),
        Route("/playground/desk/{case}/summary.json", _ANSWERS.route(routes.summary), methods=["GET"]),
    ]


async def _elsewhere(_: Request) -> Response:
    return _ANSWERS.json({"on": False, "cases": []})


class _Routes:
    def __init__(self, desk: PageDesk) -> None:
        self._desk = desk
        self._acts = Quota(ACTS_PER_MINUTE, timedelta(minutes=1), desk.clock)

    async def cases(self, request: Request) -> Response:
        """Open cases first, each kind newest first."""
        self._ours(request)
        found = await page.cards(self._desk.records)
        return _ANSWERS.json({"on": True, "agent": NAME, "cases": [row_of(card, card.case) for card in found]})

    async def case(self, request: Request) -> Response:
        """The case as it stands this moment; its card may be a moment older."""
        self._ours(request)
        card = await self._card(request)
        now, live = self._desk.clock.now(), await self._live(card)
        lines = await page.lines(self._desk.records, card.case.id)
        view = view_of(card, live or card.case, lines, self._desk.team, now=now)
        return _ANSWERS.json(view if live else replace(view, buttons=(), writes=False, asked=""))

    async def summary(self, request: Request) -> Response:
        """The document, byte for byte, under a name of ours (X21)."""
        self._ours(request)
        card = await self._card(request)
        name = f"handoff-{card.case.id}-r{card.summary.revision}.json"
        headers = {**_ANSWERS.headers, "content-disposition": f'attachment; filename="{name}"'}
        return Response(canonical(card.summary), headers=headers, media_type="application/json")

    async def act(self, request: Request) -> Response:
        """202 and the event's id once it is durable; the same again for the same act. Words stand in the thread before
        a worker sees them: what becomes of them stands below."""
        if not self._desk.origins.admit(request.headers.get("origin"), request.headers.get("host")):
            raise HTTPException(403, "this page's Origin is not allowed here")
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise HTTPException(415, "the body must be application/json")
        body = await whole_body(request, MAX_BODY_BYTES)
        within(self._acts, request.client.host if request.client else "")
        card = await self._card(request)
        case = await self._live(card)
        if case is None:
            raise HTTPException(409, "this case is closed, and its customer has a newer one: look there")
        act = read_act(body, case, self._desk.team)
        event = event_of(act, card.conversation, case, now=self._desk.clock.now())
        if words := act.words:
            await self._desk.face.said(case.id, str(act.id), words)
        await self._desk.intake.take(event)
        return _ANSWERS.json({"id": event.id}, 202)

    def _ours(self, request: Request) -> None:
        if not self._desk.origins.serves(request.headers.get("host")):
            raise HTTPException(403, "this desk is not served under that name: set PUBLIC_URL or WEB_ORIGINS")

    async def _card(self, request: Request) -> PageCard:
        id = request.path_params["case"]
        card = await page.card(self._desk.records, id) if _CASE.fullmatch(id) else None
        if card is None:
            raise HTTPException(404, "there is no such case")
        return card

    async def _live(self, card: PageCard) -> Case | None:
        """The case as its conversation holds it; None once the customer has a newer one."""
        snapshot = await self._desk.mailbox.peek(card.conversation)
        if snapshot is None or not snapshot.state:
            return None
        case = case_in(read_conversation(card.conversation, snapshot.state))
        return case if case is not None and case.id == card.case.id else None
