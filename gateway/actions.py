"""Runs flows' actions to an outcome word: HTTP or Python, with deadline, retry and typed facts."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp
import msgspec
import structlog
from msgspec.structs import replace

from engine.actions import ActionCall, HttpAnswer, PythonAction
from engine.book import Book
from engine.flow import ActionDef
from engine.machine import Compiled
from engine.ports import ERROR, NO_SPANS, ActionOutcome, ActionRequest, Failpoints, Spans
from engine.recalling import DESK
from gateway.backend import LOST, Backend
from gateway.delegation import Delegation
from gateway.facts import facts_of
from gateway.requests import UNFILLABLE, base_of, build, relative

NO_BACKEND = "no back end is configured"
PROFILE_S = 2.0
"""The desk's profile may take so long, and is asked once: a run begins without it rather than late."""

_log = structlog.get_logger("actions")


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What is needed to run one flow's actions: its back end and its Python functions."""

    backends: Mapping[str, Backend]
    """By the base its http actions' URLs begin with, as written."""
    functions: Mapping[str, PythonAction]
    environ: Mapping[str, str]

    @property
    def own(self) -> Backend | None:
        """The flow's one back end, for its Python actions: the one its http actions name first."""
        return next(iter(self.backends.values()), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tries:
    """How often what may not have arrived is repeated, always under the same key (R59)."""

    look_up: int = 2
    call: int = 3
    pause_s: float = 0.3
    """Before the second try; doubled before the third, with jitter."""
    rehearsed: Callable[[ActionDef], ActionOutcome | None] = lambda action: None
    """May answer a try in the back end's place (conversations as tests)."""
    count: Callable[[str], None] = lambda outcome: None
    """Told what came of each call: answered, failed or unknown."""
    spans: Spans = NO_SPANS

    def traced(self, headers: Mapping[str, str]) -> Mapping[str, str]:
        """With the place in the trace that the other system may go on from (W3C Trace Context)."""
        return {"traceparent": self.spans.here(), **headers} if self.spans.on else headers


class ActionRunner:
    """The port `Actions`. One per process."""

    def __init__(
        self,
        plans: Mapping[str, Plan],
        book: Book,
        failpoints: Failpoints,
        *,
        tries: Tries | None = None,
        delegation: Delegation | None = None,
    ) -> None:
        """The plan of the desk's own `profile` is that of DESK."""
        profile = book.desk.profile
        self._plans = plans
        self._delegation = delegation
        self._book = book
        self._failpoints = failpoints
        self._chance = random.Random()
        self._tries = tries or Tries()
        self._profile = profile and replace(profile, timeout_s=min(profile.timeout_s, PROFILE_S), irreversible=False)

    async def run(self, request: ActionRequest) -> ActionOutcome:
        """Run it to an outcome word; what the back end does wrong becomes `error`, never an exception."""
        action, plan = self._action(request), self._plans.get(request.flow)
        if action is None or plan is None:
            return ActionOutcome(outcome=ERROR, detail=f"action {request.action} of {request.flow} is not known here")
        once = partial(self._delegated, action, request) if action.delegate else self._one_try(action, plan, request)
        spans = self._tries.spans
        with spans.of(f"action {request.flow}.{request.action}", flow=request.flow, action=request.action):
            outcome = await self._with_retries(action, once)
            spans.note(outcome=outcome.outcome, tries=outcome.tries, certain=outcome.certain)
        self._tries.count(_fate(outcome))
        if outcome.outcome == ERROR:
            _log.warning("action failed", action=action.name, flow=request.flow, detail=outcome.detail)
        return outcome

    def _action(self, request: ActionRequest) -> ActionDef | None:
        if request.flow == DESK:
            return self._profile
        flow = self._book.version(request.version)
        return flow.definition.actions.get(request.action) if flow is not None else None

    def lacking(self, version: str) -> tuple[str, ...]:
        """The actions of a version that cannot be run here: their back end or their Python function is elsewhere."""
        flow = self._book.version(version)
        if flow is None:
            return ()
        plan = self._plans.get(flow.name)
        return tuple(name for name, action in flow.definition.actions.items() if not _runs(action, plan))

    async def _delegated(self, action: ActionDef, request: ActionRequest) -> ActionOutcome:
        flow = self._book.version(request.version)
        if self._delegation is None or flow is None:
            return ActionOutcome(outcome=ERROR, detail="no agents are here", tries=0)
        line = partial(self._line, flow)
        return await self._delegation.carry_out(action, request, flow.definition, line)

    def _line(self, flow: Compiled, key: str, /, **values: object) -> str:
        return self._book.line(key, flow, **values)

    def _one_try(self, action: ActionDef, plan: Plan, request: ActionRequest) -> Callable[[], Awaitable[ActionOutcome]]:
        if action.http is not None:
            backend = plan.backends.get(base_of(action.http.url))
            return lambda: self._http(action, backend, request, plan.environ)
        return lambda: self._python(action, plan, request)

    async def _with_retries(self, action: ActionDef, once: Callable[[], Awaitable[ActionOutcome]]) -> ActionOutcome:
        """Repeat what may not have arrived, under the same key. A failure that may have acted is not certain."""
        tries = self._tries.call if action.irreversible else self._tries.look_up
        tries = 1 if action is self._profile else tries
        certain = True
        for number in range(1, tries + 1):
            self._failpoints.reach("before_action")
            outcome = self._tries.rehearsed(action) or await once()
            self._failpoints.reach("after_action")
            if outcome.outcome != ERROR:
                return outcome if number == 1 else msgspec.structs.replace(outcome, tries=number)
            certain = certain and outcome.certain
            if outcome.tries == 0:
                return msgspec.structs.replace(outcome, certain=certain)
            if number < tries:
                await asyncio.sleep(self._tries.pause_s * 2 ** (number - 1) * self._chance.uniform(0.8, 1.2))
        return ActionOutcome(outcome=ERROR, certain=certain, detail=outcome.detail, tries=tries)

    async def _http(
        self, action: ActionDef, backend: Backend | None, request: ActionRequest, environ: Mapping[str, str]
    ) -> ActionOutcome:
        if backend is None:
            return ActionOutcome(outcome=ERROR, detail=NO_BACKEND, tries=0)
        try:
            sent = build(action, request, environ)
        except UNFILLABLE as fault:
            detail = f"its templates cannot be filled: {type(fault).__name__}"
            return ActionOutcome(outcome=ERROR, detail=detail, tries=0)
        try:
            answer = await backend.request(
                sent.method,
                sent.path,
                json=sent.json,
                headers=self._tries.traced(sent.headers),
                timeout_s=action.timeout_s,
            )
        except LOST as lost:
            return _lost(lost)
        return _judged(action, answer)

    async def _python(self, action: ActionDef, plan: Plan, request: ActionRequest) -> ActionOutcome:
        function = plan.functions.get(action.python or "")
        if function is None:
            return ActionOutcome(outcome=ERROR, detail=f"function {action.python} is missing", tries=0)
        http = _FlowHttp(plan.own, action.timeout_s, request.key, self._tries.traced)
        call = ActionCall(key=request.key, slots=request.values, facts=request.facts, http=http, person=request.person)
        try:
            async with asyncio.timeout(action.timeout_s):
                result = await function(call)
        except LOST as lost:
            return _lost(lost)
        except Exception as broken:  # noqa: BLE001 - an author's function: whatever it raises is the outcome `error`
            _log.exception("an action raised", action=action.name)
            return ActionOutcome(outcome=ERROR, certain=not action.irreversible, detail=type(broken).__name__)
        if result.outcome not in action.outcomes:
            return ActionOutcome(outcome=ERROR, detail=f"outcome {result.outcome!r} is not declared", certain=False)
        return ActionOutcome(outcome=result.outcome, facts=dict(result.facts))


class _FlowHttp:
    """HTTP for a Python action: relative paths on the flow's own base URL, always with the call's key."""

    def __init__(
        self,
        backend: Backend | None,
        timeout_s: float,
        key: str,
        traced: Callable[[Mapping[str, str]], Mapping[str, str]],
    ) -> None:
        self._backend = backend
        self._timeout_s = timeout_s
        self._key = key
        self._traced = traced

    async def get(self, path: str, *, headers: Mapping[str, str] | None = None) -> HttpAnswer:
        return await self._request("GET", path, None, headers)

    async def post(self, path: str, *, json: Any = None, headers: Mapping[str, str] | None = None) -> HttpAnswer:
        return await self._request("POST", path, json, headers)

    async def _request(self, method: str, path: str, json: Any, headers: Mapping[str, str] | None) -> HttpAnswer:
        if self._backend is None:
            raise ConnectionRefusedError(NO_BACKEND)
        sent = self._traced({"Idempotency-Key": self._key, **(headers or {})})
        return await self._backend.request(method, relative(path), json=json, headers=sent, timeout_s=self._timeout_s)


def _runs(action: ActionDef, plan: Plan | None) -> bool:
    if plan is None:
        return False
    if action.delegate:
        return True
    return action.python in plan.functions if action.http is None else base_of(action.http.url) in plan.backends


def _fate(outcome: ActionOutcome) -> str:
    if outcome.outcome != ERROR:
        return "answered"
    return "failed" if outcome.certain else "unknown"


def _lost(lost: BaseException) -> ActionOutcome:
    """Where no connection came about, nothing was sent: it certainly did not act."""
    unsent = isinstance(lost, aiohttp.ClientConnectorError | ConnectionRefusedError)
    return ActionOutcome(outcome=ERROR, certain=unsent, detail=type(lost).__name__)


def _judged(action: ActionDef, answer: HttpAnswer) -> ActionOutcome:
    """Status to outcome word. A 5xx may have acted; a status nobody foresaw is an error but is certain."""
    outcome = action.statuses.get(str(answer.status_code))
    if outcome is not None:
        return ActionOutcome(outcome=outcome, facts=facts_of(action, answer.body))
    server = answer.status_code >= 500
    detail = f"status {answer.status_code} is not among the outcomes"
    return ActionOutcome(outcome=ERROR, certain=not server, detail=detail, tries=1 if server else 0)
