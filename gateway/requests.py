"""The request of an HTTP action: its templates filled, every value encoded so that it stays a value (X41)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from engine.flow import ActionDef
from engine.money import is_amount
from engine.ports import ActionRequest
from engine.templates import TemplateFault, Text
from engine.views import Person

_ALONE = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*\}\}")
_NO_VALUE = object()
_OURS = frozenset({"person", "environ"})
UNFILLABLE = (TemplateFault, ArithmeticError, LookupError, TypeError, ValueError)
"""What a template may run into with the values of one request."""
VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")
"""`${NAME}` of the environment, as authors write it."""
_BASE = re.compile(rf"{VARIABLE.pattern}|https?://[^/{{]+")


def base_of(url: str) -> str:
    """What an action's URL begins with: a variable, or scheme and host; "" when it begins with neither."""
    found = _BASE.match(url)
    return found[0] if found else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """Method, encoded path with query, JSON body, headers (always with the Idempotency-Key)."""

    method: str
    path: str
    json: Any
    headers: Mapping[str, str]


@lru_cache(maxsize=4096)
def _text(source: str) -> Text:
    """A template in which `${NAME}` is a variable too: what the environment says is never template text."""
    return Text(VARIABLE.sub(r'{{ environ["\1"] }}', source))


def build(action: ActionDef, request: ActionRequest, environ: Mapping[str, str]) -> Request:
    """Fill an action's templates with a request's values; the URL's base is cut off, for its back end to know.

    The same request gives the same bytes: a repeat carries the same key and the same body.
    """
    http = action.http
    if http is None:
        raise ValueError(f"{action.name} is not an http action")
    values = (
        request.facts | request.values | {"person": Person(request.person, known=request.known), "environ": environ}
    )
    in_url: dict[str, Any] = {n: _encoded(value) for n, value in values.items() if n not in _OURS}
    in_url |= {"person": _EncodedPerson(request), "environ": environ}
    path = _text(http.url.removeprefix(base_of(http.url))).render(in_url)
    headers = {name: _header(_text(template).render(_as_text(values))) for name, template in http.headers.items()}
    json = None if http.json is None else _body(http.json, values)
    return Request(method=http.method, path=path, json=json, headers={**headers, "Idempotency-Key": request.key})


class _EncodedPerson:
    """`person.*` in a URL."""

    def __init__(self, request: ActionRequest) -> None:
        self._person = Person(request.person, known=request.known)

    def __getattr__(self, name: str) -> str:
        return _encoded(getattr(self._person, name))


def relative(path: str) -> str:
    """A path that a flow's function wrote, with what would end the request's line or begin a fragment encoded."""
    return quote(path, safe="/?&=%:@!$'()*+,;~")


def _encoded(value: Any) -> str:
    """A value as one part of a URL: it can never end the part, nor be `.` or `..`."""
    text = quote(_plain(value), safe="")
    return text.replace(".", "%2E") if text.strip(".") == "" else text


def _plain(value: Any) -> str:
    if is_amount(value):
        return str(value["amount"])
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _as_text(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if name in _OURS else _plain(value) for name, value in values.items()}


def _header(text: str) -> str:
    """One line of visible characters: a value cannot add a header."""
    return re.sub(r"[^\x20-\x7e]+", " ", text).strip()


def _body(template: Any, values: Mapping[str, Any]) -> Any:
    """A `json` map filled: a value that is exactly one `{{ slot }}` keeps its JSON type; unfilled ones are left out."""
    if isinstance(template, dict):
        filled = {key: _body(inner, values) for key, inner in template.items()}
        return {key: inner for key, inner in filled.items() if inner is not _NO_VALUE}
    if isinstance(template, list):
        return [inner for inner in (_body(one, values) for one in template) if inner is not _NO_VALUE]
    if not isinstance(template, str):
        return template
    alone = _ALONE.fullmatch(template.strip())
    if alone and alone[1] not in _OURS:
        return values.get(alone[1], _NO_VALUE)
    return _text(template).render(_as_text(values))
