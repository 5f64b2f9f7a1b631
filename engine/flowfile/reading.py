"""From a file's text to a FlowDef or a DeskDef, with every problem of its form at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from engine.delegation import OUTCOMES, PLAN_DEADLINE_S, TASK_DEADLINE_S
from engine.desk import DeskDef
from engine.discussed import OUTCOMES as ANSWERS
from engine.errors import Problem
from engine.flow import ActionDef, FlowDef, SlotDef
from engine.flowfile.experiments import experiments
from engine.flowfile.nearest import listed
from engine.flowfile.page import Lines, Page, under
from engine.flowfile.states import state
from engine.flowfile.tree import Node, Unreadable, grow
from engine.flowfile.vocabulary.desks import DESK
from engine.flowfile.vocabulary.flows import FLOW
from engine.flowfile.wordings import lines

_KINDS = ("http", "python", "knowledge", "delegate")
_NOT_THE_AUTHORS = ("outcomes", "timeout_s", "irreversible")


@dataclass(frozen=True, kw_only=True)
class FlowFile:
    """One flow file as read. `flow` holds what could be understood, None when that is no flow at all.

    Only a file without error among its `problems`, and among those of `engine.lints`, may be run.
    """

    flow: FlowDef | None
    lines: Lines
    problems: tuple[Problem, ...]


@dataclass(frozen=True, kw_only=True)
class DeskFile:
    """A desk.yaml as read; what was wrong in it has its default in `desk`."""

    desk: DeskDef
    lines: Lines
    problems: tuple[Problem, ...]


def read_flow(text: str, file: str) -> FlowFile:
    """Read one flow; `file` is how problems name it. Never raises for what an author wrote (X31)."""
    read = _read(text, file)
    if isinstance(read, Problem):
        return FlowFile(flow=None, lines=Lines(file, {}), problems=(read,))
    page, root = read
    return _flow_file(root, page)


def read_tree(root: Node, file: str) -> FlowFile:
    """As `read_flow`, of a tree that is already there."""
    return _flow_file(root, Page(file, root))


def _flow_file(root: Node, page: Page) -> FlowFile:
    said = FLOW.read(root, "", page)
    flow = None if said is msgspec.UNSET else _flow(said, page)
    return FlowFile(flow=flow, lines=page.lines, problems=tuple(page.problems))


def read_desk(text: str, file: str) -> DeskFile:
    """Read a desk.yaml; `file` is how problems name it. Never raises for what an author wrote."""
    read = _read(text, file)
    if isinstance(read, Problem):
        return DeskFile(desk=DeskDef(), lines=Lines(file, {}), problems=(read,))
    page, root = read
    said = DESK.read(root, "", page)
    desk = DeskDef() if said is msgspec.UNSET else _desk(said, page)
    return DeskFile(desk=desk, lines=page.lines, problems=tuple(page.problems))


def _read(text: str, file: str) -> tuple[Page, Any] | Problem:
    try:
        root = grow(text)
    except Unreadable as wrong:
        return Problem(
            file=file,
            line=wrong.line,
            column=wrong.column,
            key="(file)",
            what=wrong.what,
            remedy=wrong.remedy,
            lint="unreadable",
        )
    return Page(file, root), root


def _flow(said: dict[str, Any], page: Page) -> FlowDef | None:
    if "name" not in said or not said.get("states"):
        return None
    plain = {key: value for key, value in said.items() if key not in ("frontdesk", "slots", "actions", "states")}
    plain.setdefault("title", said["name"])
    _one_window(plain, "window", page)
    flow = msgspec.convert({**plain, "lines": lines(said), "experiments": experiments(said)}, FlowDef)
    slots = {name: _slot(name, slot or {}) for name, slot in said.get("slots", {}).items()}
    actions = {
        name: _action(name, action, under("actions", name), page) for name, action in said.get("actions", {}).items()
    }
    return msgspec.structs.replace(
        flow,
        slots=slots,
        actions=_outsiders(slots) | actions,
        states={name: state(name, one, page) for name, one in said["states"].items()},
    )


def _desk(said: dict[str, Any], page: Page) -> DeskDef:
    plain = {key: value for key, value in said.items() if key not in ("frontdesk", "defaults", "persona", "profile")}
    defaults = dict(said.get("defaults", {}))
    _one_window(defaults, "defaults.window", page)
    persona = said.get("persona", {})
    profile = said.get("profile")
    return msgspec.convert(
        {
            **plain,
            **defaults,
            "lines": lines(said),
            "experiments": experiments(said),
            "guardrails": _list(said.get("guardrails", [])),
            "persona": {"tone": persona} if isinstance(persona, str) else persona,
            "profile": profile and msgspec.to_builtins(_action("profile", profile, "profile", page)),
        },
        DeskDef,
    )


def _slot(name: str, said: dict[str, Any]) -> SlotDef:
    values = said.get("values", {})
    if isinstance(values, list):
        values = dict.fromkeys(values)
    default = said.get("default")
    if said.get("type") == "boolean" and default in ("yes", "no"):
        default = default == "yes"
    words = {key: _list(found) for key, found in values.items()}
    return msgspec.convert({**said, "name": name, "values": words, "default": default}, SlotDef)


def _outsiders(slots: Mapping[str, SlotDef]) -> dict[str, ActionDef]:
    """The Python functions that judge values (R24) or read texts, as actions; one that the flow declares itself
    replaces its own."""
    judges = {slot.validate: ("valid", "invalid") for slot in slots.values() if slot.validate}
    readers = {slot.extract: ("found", "nothing") for slot in slots.values() if slot.extract}
    return {name: ActionDef(name=name, python=name, outcomes=words) for name, words in (judges | readers).items()}


def _action(name: str, said: dict[str, Any] | None, at: str, page: Page) -> ActionDef:
    if said is None:
        return ActionDef(name=name)
    kinds = [kind for kind in _KINDS if kind in said]
    if len(kinds) != 1:
        what = f"it has {listed(kinds, 'and')} at once" if kinds else f"it has none of {listed(_KINDS, 'and')}"
        page.fault(at, "action-kind", what, "give it exactly one of them")
    if "planner" in said and "delegate" not in said:
        what = "a `planner` has no plan for when no model proposes one"
        page.fault(under(at, "planner"), "misplaced-key", what, "add that plan as `delegate`, or remove it")
        said = {key: value for key, value in said.items() if key != "planner"}
    if kinds == ["knowledge"]:
        said = _inquiry(said, at, page)
    if kinds == ["delegate"]:
        said = _plan(said, at, page)
    outcomes = said.get("outcomes", [])
    statuses = outcomes if isinstance(outcomes, dict) else {}
    _outcomes_fit(said, statuses, at, page)
    http = said.get("http")
    if http is not None:
        http = {"method": "GET", "url": "", **http}
    words = list(dict.fromkeys(statuses.values() if statuses else outcomes))
    save = {
        fact: {"path": one} if isinstance(one, str) else {"path": "", **one}
        for fact, one in said.get("save", {}).items()
    }
    return msgspec.convert(
        {**said, "name": name, "http": http, "outcomes": words, "statuses": statuses, "save": save}, ActionDef
    )


def _inquiry(said: dict[str, Any], at: str, page: Page) -> dict[str, Any]:
    """What a question to our own texts comes to, and that it changes nothing, is not the author's to say (S34)."""
    remedy = f"remove it; a look into our own texts comes to {listed(ANSWERS, 'or')}"
    said = _without(said, dict.fromkeys(_NOT_THE_AUTHORS, remedy), at, page, of="a knowledge action")
    kept = {key: value for key, value in said.items() if key in ("knowledge", "save")}
    return {**kept, "outcomes": list(ANSWERS)}


def _plan(said: dict[str, Any], at: str, page: Page) -> dict[str, Any]:
    """A plan's outcomes, deadlines and harmlessness are not the author's to say (S36, S37)."""
    remedies = {
        "outcomes": f"remove it; a plan comes to {listed(OUTCOMES, 'or')}",
        "timeout_s": f"remove it; each task has {TASK_DEADLINE_S:g} s, the plan {PLAN_DEADLINE_S:g} s",
        "irreversible": "remove it; agents only read, and what cannot be undone is an action of its own",
    }
    plain = _without(said, remedies, at, page, of="a plan")
    tasks = [{"id": "", "agent": "", "input": "", **task} for task in said["delegate"]]
    planner = {"planner": {"goal": "", **plain["planner"]}} if "planner" in plain else {}
    return {**plain, **planner, "delegate": tasks, "outcomes": list(OUTCOMES)}


def _without(said: dict[str, Any], remedies: dict[str, str], at: str, page: Page, *, of: str) -> dict[str, Any]:
    """The action without these keys; each that is given is a fault."""
    for key, remedy in remedies.items():
        if said.get(key):
            word = "timeout" if key == "timeout_s" else key
            page.fault(under(at, word), "misplaced-key", f"{of} has no `{word}`", remedy)
    return {key: value for key, value in said.items() if key not in remedies}


def _outcomes_fit(said: dict[str, Any], statuses: dict[str, str], at: str, page: Page) -> None:
    outcomes = said.get("outcomes")
    if "http" in said and isinstance(outcomes, list) and outcomes:
        remedy = f"write {{200: {outcomes[0]}}}, with the status your system answers"
        page.fault(under(at, "outcomes"), "wrong-outcomes", "an http action's outcomes come from statuses", remedy)
    elif "python" in said and statuses:
        remedy = f"write [{', '.join(dict.fromkeys(statuses.values()))}]"
        page.fault(under(at, "outcomes"), "wrong-outcomes", "a Python action answers words, not statuses", remedy)


def _one_window(said: dict[str, Any], at: str, page: Page) -> None:
    if "window" not in said or len(said["window"]) == 1:
        return
    del said["window"]
    if not any(problem.key.startswith(at) for problem in page.problems):
        page.fault(at, "wrong-window", "a window counts either messages or turns", "write {messages: 5} or {turns: 5}")


def _list(words: Any) -> list[str]:
    if words is None:
        return []
    return [words] if isinstance(words, str) else list(words)
