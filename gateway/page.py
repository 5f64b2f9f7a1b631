"""The page at `/`, where it may exist: what the playground's routes stand on in a running desk (X14)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import BaseRoute

from channels.web import SESSION_COOKIE, person_of
from engine.book import Book
from gateway.core import Core
from gateway.ground import Ground
from gateway.origins import Origins
from gateway.people import People
from gateway.playground.desk import PageDesk, desk_routes
from gateway.playground.routes import playground_routes
from gateway.view import DeskView
from handoff.page import AGENT, PageFace
from handoff.pageforms import Team


def page_routes(ground: Ground, core: Core) -> list[BaseRoute]:
    """The customer's side and the agent's; none where there is no playground."""
    if not ground.settings.playground:
        return []
    view = DeskView(ground.store.mailbox, ground.store.records, core.book, core.demo)
    return [*desk_routes(_desk(ground, core)), *playground_routes(view, _person)]


def _desk(ground: Ground, core: Core) -> PageDesk | None:
    """None where the page is not the face of the desk (H6)."""
    if core.people is None or not isinstance(core.people.face, PageFace):
        return None
    return PageDesk(
        face=core.people.face,
        team=_team(core.people, core.book),
        intake=core.worker,
        mailbox=ground.store.mailbox,
        records=ground.store.records,
        clock=ground.clock,
        origins=Origins(ground.settings.public_url, ground.settings.web_origins),
    )


def _team(people: People, book: Book) -> Team:
    """A case can be moved to every queue that the settings or a flow name."""
    states = [state for flow in book.flows for state in flow.definition.states.values()]
    named = {state.handoff.queue for state in states if state.handoff and state.handoff.queue}
    queues = ("default", *sorted({*named, *people.policy.queues} - {"default"}))
    return Team(agent=AGENT, queues=queues, tickets=people.tickets is not None)


def _person(request: Request) -> str | None:
    """Whose session a request carries. A token that was never issued is a person without a conversation."""
    token = request.cookies.get(SESSION_COOKIE)
    return person_of(token) if token else None
