"""The playground's HTTP: its page and files, the state of the asking person's conversation, and the flows' pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Protocol

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from engine.flow import FlowDef, content_hash
from gateway.diagram.graph import graph_of
from gateway.diagram.layout import NARROW, ROOMY, Scale
from gateway.diagram.svg import svg

GUARDED = {
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
"""X20: what every answer carries."""

_MEDIA = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_NOTHING_YET: dict[str, Any] = {
    "flow": None,
    "title": "",
    "state": None,
    "path": [],
    "slots": [],
    "facts": [],
    "rules": [],
    "pending": None,
    "outcome": None,
    "owner": "bot",
    "agent": None,
    "stack": [],
    "turn": 0,
}


class Desk(Protocol):
    """What the page may see of the desk. `person` is the web channel's person, never one the page names."""

    async def state_of(self, person: str) -> dict[str, Any] | None:
        """The conversation as JSON, or None before its first turn.

        {"flow": name | null, "title", "state", "path": [state], "slots": [{"name", "label", "value", "shown", "source",
        "state"}], "facts": [{"name", "value"}], "rules": ["R11"], "pending": str | null, "outcome": str | null,
        "owner": "bot" | "queue" | "agent", "agent": name | null, "stack": [flow, top first], "turn": int}; values are
        canonical JSON, and `shown` is how one reads, null where it reads as it is. `agent` is who answers.
        """
        ...

    def flow(self, name: str) -> FlowDef | None:
        """A deployed flow by name."""
        ...

    def flows(self) -> Sequence[FlowDef]:
        """All deployed flows, in the menu's order."""
        ...

    def demo(self) -> dict[str, Any]:
        """{"openers": [text], "orders": [{"id", "item", "price"}]}; either may be empty."""
        ...


def playground_routes(desk: Desk, person_of: Callable[[Request], str | None]) -> list[Route]:
    """`/` and all under `/playground`; the caller decides whether they exist at all (X14).

    `person_of` names the person a request's session cookie stands for, None for no or a foreign session (C90).
    """
    shelf = _shelf()
    drawn: dict[tuple[str, Scale], _Kept] = {}

    async def page(request: Request) -> Response:
        return _unless_known(request, shelf["index.html"])

    async def file(request: Request) -> Response:
        found = shelf.get(request.path_params["file"])
        return _unless_known(request, found) if found else _missing()

    async def diagram(request: Request) -> Response:
        flow = desk.flow(request.path_params["flow"])
        if flow is None:
            return _missing()
        scale = NARROW if request.query_params.get("room") == "narrow" else ROOMY
        version = (content_hash(flow), scale)
        if version not in drawn:
            drawn[version] = _kept(svg(graph_of(flow), scale).encode(), ".svg")
        return _unless_known(request, drawn[version])

    async def state(request: Request) -> Response:
        person = person_of(request)
        if person is None:
            return Response(status_code=401, headers=GUARDED)
        return _json(await desk.state_of(person) or _NOTHING_YET)

    async def demo(request: Request) -> Response:
        return _json({**desk.demo(), "flows": [{"name": flow.name, "title": flow.title} for flow in desk.flows()]})

    return [
        Route("/", page),
        Route("/playground/state", state),
        Route("/playground/demo", demo),
        Route("/playground/diagram/{flow}.svg", diagram),
        Route("/playground/{file}", file),
    ]


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """A file's bytes, its type, and the ETag made of them."""

    body: bytes
    media: str
    etag: str


def _kept(body: bytes, suffix: str) -> _Kept:
    return _Kept(body=body, media=_MEDIA[suffix], etag=f'"{hashlib.sha256(body).hexdigest()[:16]}"')


def _shelf() -> Mapping[str, _Kept]:
    """The page's files by name; nothing outside the package can be asked for."""
    found = [(entry.name, "." + entry.name.rpartition(".")[2], entry) for entry in files(__package__).iterdir()]
    return {name: _kept(entry.read_bytes(), suffix) for name, suffix, entry in found if suffix in _MEDIA}


def _unless_known(request: Request, kept: _Kept) -> Response:
    headers = {**GUARDED, "etag": kept.etag, "cache-control": "no-cache"}
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if kept.etag in known:
        return Response(status_code=304, headers=headers)
    return Response(kept.body, headers={**headers, "content-type": kept.media})


def _json(data: object) -> Response:
    headers = {**GUARDED, "content-type": "application/json", "cache-control": "no-store"}
    return Response(msgspec.json.encode(data), headers=headers)


def _missing() -> Response:
    return Response(status_code=404, headers=GUARDED)
