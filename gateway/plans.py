"""How each flow's actions are run: its back end from the environment or its demo system, its Python functions."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import cast

import aiohttp
from yarl import URL

from engine.actions import Demo, PythonAction
from engine.desk import DeskDef
from engine.errors import FlowError, Problem, SettingsError
from engine.flow import ActionDef, FlowDef
from engine.recalling import DESK
from engine.store import Records
from gateway.actions import Plan
from gateway.backend import Backend, DemoBackend, HttpBackend
from gateway.requests import VARIABLE, base_of


@dataclass(frozen=True, kw_only=True, slots=True)
class FlowHome:
    """A flow with the folder it stands in; `shipped` ones may bring a demo system."""

    flow: FlowDef
    folder: Path
    shipped: bool


def desk_home(desk: DeskDef, folder: Path) -> tuple[FlowHome, ...]:
    """The desk's `profile`, if any, as if it were a flow's: its function stands in actions.py beside desk.yaml."""
    if desk.profile is None:
        return ()
    flow = FlowDef(name=DESK, title="", actions={desk.profile.name: desk.profile})
    return (FlowHome(flow=flow, folder=folder, shipped=False),)


def make_plans(
    homes: Iterable[FlowHome], environ: Mapping[str, str], session: aiohttp.ClientSession, records: Records
) -> dict[str, Plan]:
    """One plan per flow. Raises FlowError for a Python action whose function cannot be found, SettingsError for a
    variable that should hold a back end's address and does not."""
    plans: dict[str, Plan] = {}
    problems: list[Problem] = []
    for home in homes:
        actions = _actions(home)
        bases = [base_of(action.http.url) for action in actions if action.http]
        backends = {
            base: backend
            for base in dict.fromkeys(bases)
            if (backend := _backend(home, base, environ, session, records)) is not None
        }
        plans[home.flow.name] = Plan(backends=backends, functions=_functions(home, problems), environ=environ)
    if problems:
        raise FlowError(tuple(problems))
    return plans


def _actions(home: FlowHome) -> list[ActionDef]:
    """What the flow does, as its file says and as the files of its variants do."""
    return [action for flow in (home.flow, *home.flow.files.values()) for action in flow.actions.values()]


def _backend(
    home: FlowHome, base: str, environ: Mapping[str, str], session: aiohttp.ClientSession, records: Records
) -> Backend | None:
    named = VARIABLE.fullmatch(base)
    url = environ.get(named[1], "") if named else base
    if url:
        return HttpBackend(_address(url, base), session)
    demo = _module(home, "demo") if home.shipped else None
    return DemoBackend(_as_demo(demo), records, home.flow.name) if demo else None


def _address(url: str, base: str) -> str:
    try:
        found = URL(url)
        sound = found.scheme in {"http", "https"} and bool(found.host)
    except ValueError:
        sound = False
    if not sound:
        raise SettingsError(f"{base} is not an http(s) address; write it like https://shop.example/api")
    return url


def _as_demo(module: ModuleType) -> Demo:
    return cast(Demo, module)  # a module that has `answer`; nothing checks that but the flow's own test


def _functions(home: FlowHome, problems: list[Problem]) -> dict[str, PythonAction]:
    named = {action.python: action.name for action in _actions(home) if action.python}
    if not named:
        return {}
    module = _module(home, "actions")
    found: dict[str, PythonAction] = {}
    for function, action in named.items():
        given = getattr(module, function, None)
        if given is not None and inspect.iscoroutinefunction(given):
            found[function] = given
            continue
        problems.append(
            Problem(
                file=str(home.folder / "actions.py"),
                line=1,
                key=f"actions.{action}",
                what=f"there is no `async def {function}(call)` for the action {action}",
                remedy=f"write it in actions.py beside flow.yaml, or name another function in actions.{action}.python",
                lint="python-action",
            )
        )
    return found


def _module(home: FlowHome, name: str) -> ModuleType | None:
    """`actions.py` or `demo.py` of a flow's folder."""
    file = home.folder / f"{name}.py"
    if not file.is_file():
        return None
    if home.shipped:
        return importlib.import_module(f"flows.{home.flow.name}.{name}")
    spec = importlib.util.spec_from_file_location(f"frontdesk_flow_{home.flow.name}_{name}", file)
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def demo_of(home: FlowHome) -> ModuleType | None:
    """A shipped flow's demo system, for the page's openers."""
    return _module(home, "demo") if home.shipped else None
