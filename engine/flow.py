"""A flow as its author declared it: plain frozen data, the same whether read from YAML or from the store."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Any

import msgspec

from engine.experiments import ExperimentDef

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
"""A JSON value. Slot values are canonical JSON (DESIGN section 7)."""


EXPIRES_AFTER_S = 48 * 3600.0
"""Silence that ends a run whose flow says nothing else (S9)."""


class SlotType(StrEnum):
    """What a slot holds; each type has a reader."""

    TEXT = "text"
    NAME = "name"
    NUMBER = "number"
    INTEGER = "integer"
    AMOUNT = "amount"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    DURATION = "duration"
    BOOLEAN = "boolean"
    ENUM = "enum"
    EMAIL = "email"
    PHONE = "phone"
    POSTCODE = "postcode"
    LIST = "list"


class SlotDef(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One slot. Durations end in `_s` and are seconds; `None` means "as the flow or desk says"."""

    name: str
    type: SlotType = SlotType.TEXT
    of: SlotType | None = None
    label: str = ""
    pattern: str | None = None
    normalize: str | None = None
    """upper, lower, digits or strip: applied to the text before `pattern` is searched in it."""
    error_msg: str = ""
    why: str = ""
    help: str = ""
    cues: tuple[str, ...] = ()
    values: dict[str, tuple[str, ...]] = {}
    """Enum keys with their other words."""
    choices: dict[str, str] = {}
    """Value -> label of the options, in this order."""
    scope: str | None = None
    depends_on: str | None = None
    default: Any = None
    min: float | str | None = None
    max: float | str | None = None
    validate: str | None = None
    extract: str | None = None
    takes: str | None = None
    ask_only: bool = False
    optional: bool = False
    remember: bool = False
    once: bool = False
    sensitive: bool = False
    retries: int | None = None
    fast_track: int | None = None
    fuzzy_accept: float | None = None
    fuzzy_ask: float | None = None
    remember_for_s: float | None = None
    ask_again_after_s: float | None = None

    @property
    def called(self) -> str:
        """{label}: the slot's label, else its name with spaces."""
        return self.label or self.name.replace("_", " ")


class HttpDef(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An HTTP action: templates for the URL, headers and JSON body. `${ENV}` is still as written."""

    method: str
    url: str
    headers: dict[str, str] = {}
    json: dict[str, Any] | None = None


class SaveDef(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One fact taken from an action's JSON answer: dotted `path`, its type, where its currency stands."""

    path: str
    type: SlotType | None = None
    currency_path: str | None = None


class TaskDef(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One task of a plan (S36): who does it, with what, and whose results it `needs`. `input` is a template."""

    id: str
    agent: str
    input: str
    needs: tuple[str, ...] = ()


class PlannerDef(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A model may propose a plan for `goal`, a template, with these agents; the action's own plan is kept for when none
    does."""

    goal: str
    agents: tuple[str, ...] = ()


class ActionDef(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a flow looks up, does or delegates. Exactly one of `http`, `python`, `knowledge` and `delegate` is set."""

    name: str
    http: HttpDef | None = None
    python: str | None = None
    knowledge: str | None = None
    """The question that is put to what the desk knows; a template."""
    delegate: tuple[TaskDef, ...] = ()
    """A fixed plan for several agents."""
    planner: PlannerDef | None = None
    timeout_s: float = 5.0
    irreversible: bool = False
    outcomes: tuple[str, ...] = ()
    statuses: dict[str, str] = {}
    """HTTP status -> outcome; empty for Python actions."""
    save: dict[str, SaveDef] = {}


class StateKind(StrEnum):
    """The seven kinds of state of DESIGN section 3."""

    ASK = "ask"
    ACTION = "action"
    CHOICE = "choice"
    SAY = "say"
    CALL = "call"
    HANDOFF = "handoff"
    TERMINAL = "terminal"


class Branch(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One edge: by `label` (slot value or outcome), by `when` (expression), or else (neither)."""

    next: str
    label: str | None = None
    when: str | None = None


class HandoffDef(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why and where to a state hands the case."""

    reason: str
    queue: str = ""


class StateDef(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One state. `prompts` has the wordings in order of retries, by channel kind or locale; key "" is the default."""

    name: str
    kind: StateKind
    prompts: dict[str, tuple[str, ...]] = {}
    title: str = ""
    slot: str | None = None
    next: str | None = None
    branches: tuple[Branch, ...] = ()
    action: str | None = None
    call: str | None = None
    on_error: str | None = None
    """A state, or the word `handoff`."""
    handoff: HandoffDef | None = None
    outcome: str = "resolved"
    loop: bool = False

    def targets(self) -> tuple[str, ...]:
        """Every state this one can lead to, in the order they are tried."""
        edges = [branch.next for branch in self.branches]
        edges += [edge for edge in (self.next, self.on_error) if edge and edge != "handoff"]
        return tuple(edges)


class Migrations(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Old name -> new name, for runs that began under an earlier version (R58)."""

    states: dict[str, str] = {}
    slots: dict[str, str] = {}


class Window(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How much of the talk a model sees: 3-5 messages, or 3-10 turns."""

    messages: int | None = None
    turns: int | None = None


class FlowDef(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A whole flow. States keep the file's order; the first is where a run begins."""

    name: str
    title: str
    description: str = ""
    triggers: tuple[str, ...] = ()
    resume: str = ""
    expires_after_s: float = EXPIRES_AFTER_S
    slots: dict[str, SlotDef] = {}
    actions: dict[str, ActionDef] = {}
    states: dict[str, StateDef] = {}
    goal: str = ""
    max_turns: int | None = None
    retries: int | None = None
    resume_after_s: float | None = None
    resume_offer_ttl_s: float | None = None
    fast_track_after: int | None = None
    summary_every: int | None = None
    confirm_corrections: bool = False
    csat: str = ""
    """off or ask; "": as the desk does."""
    window: Window | None = None
    migrations: Migrations = Migrations()
    lines: dict[str, str] = {}
    experiments: dict[str, ExperimentDef] = {}
    files: dict[str, FlowDef] = {}
    """The flow files that experiments name, by their names there."""
    parts: dict[str, str] = {}
    """Prompt part -> the part in its place; only a variant of an experiment has them."""
    escalation: dict[str, Any] = {}

    @property
    def first(self) -> str:
        """The state a run begins at."""
        return next(iter(self.states))

    @property
    def task(self) -> str:
        """{task}: the title with its first letter lower-cased."""
        return self.title[:1].lower() + self.title[1:]


def content_hash(flow: FlowDef) -> str:
    """16 hex digits of SHA-256 over the flow's canonical JSON: the version a run is pinned to. Its experiments are left
    out: each of their variants is a version of its own, and other weights make no other flow."""
    alone = msgspec.structs.replace(flow, experiments={}, files={}) if flow.experiments or flow.files else flow
    return hashlib.sha256(msgspec.json.encode(alone, order="deterministic")).hexdigest()[:16]
