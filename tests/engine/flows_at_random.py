"""Flows that nobody wrote: asks, forks, conditions, look-ups and effects in any order that compiles without a word."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from engine.flow import FlowDef
from engine.flowfile import read_flow
from engine.lints import check_flow

BEGIN = "I want to order a table"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One slot that a flow may have, and what can be said of it: value in words -> the sentence that volunteers it
    (empty: only its question can be answered with it)."""

    slot: Mapping[str, Any]
    says: Mapping[str, str]
    declined: str = ""
    """What declines it, if it may be declined."""

    @property
    def answers(self) -> tuple[str, ...]:
        """Every valid answer to its question."""
        return (*self.says, *filter(None, (self.declined,)))


def _named(label: str, *values: str) -> dict[str, str]:
    return {value: f"the {label} is {value}" for value in values}


def _number(label: str, **more: Any) -> Subject:
    slot = {"type": "integer", "label": label, "min": 1, "max": 500, "cues": [label]}
    return Subject(slot=slot | more, says=_named(label, "12", "70", "130"))


def _choice(label: str, *values: str, **more: Any) -> Subject:
    return Subject(
        slot={"type": "enum", "label": label, "values": {one: [] for one in values}} | more, says=_named(label, *values)
    )


SUBJECTS: dict[str, Subject] = {
    "width": _number("width"),
    "height": _number("height"),
    "drawers": _number("drawers", error_msg="Drawers are a number from 1 to 500."),
    "wood": _choice("wood", "oak", "pine", "beech"),
    "finish": _choice("finish", "waxed", "oiled", "painted"),
    "design": Subject(
        slot={"type": "text", "pattern": r"D-\d{4}", "normalize": "upper", "label": "design"},
        says=_named("design", "D-1001", "D-2002", "D-9999"),
    ),
    "contact": Subject(
        slot={"type": "email", "label": "email"},
        says={one: f"my email is {one}" for one in ("mara@example.com", "noor@example.com")},
    ),
    "delivery": Subject(
        slot={"type": "date", "label": "delivery"},
        says={one: f"the delivery is on {one}" for one in ("2026-05-04", "2026-06-11")},
    ),
    "deposit": Subject(
        slot={"type": "amount", "label": "deposit", "cues": ["deposit"], "optional": True},
        says={one: f"the deposit is {one}" for one in ("$40.00", "$95.50")},
        declined="none",
    ),
    "owner": Subject(
        slot={"type": "name", "label": "name"},
        says={one: f"my name is {one}" for one in ("Mara Quist", "Noor Field")},
    ),
    "legs": _choice("legs", "steel", "brass", optional=True),
}
NUMBERS, CHOICES = ("width", "height", "drawers"), ("wood", "finish")
UNKNOWN = "D-9999"
"""A design that no look-up finds."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """A flow that was made, with the subjects it has and its irreversible actions."""

    flow: FlowDef
    effects: tuple[str, ...]
    subjects: Mapping[str, Subject]
    page: str
    begin: str = BEGIN
    """What starts it."""

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        """Its states as they stand in the file: all that a failure has to show of it."""
        printer.text(self.page)

    @property
    def asks(self) -> int:
        """How many of its states ask."""
        return sum(state.slot is not None for state in self.flow.states.values())


@dataclass
class _Draft:
    """A flow in the making, written from its end to its beginning: each part knows what it leads on to."""

    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    actions: dict[str, dict[str, Any]] = field(default_factory=dict)
    slots: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    effects: list[str] = field(default_factory=list)

    def put(self, name: str, state: dict[str, Any]) -> str:
        """Add a state in front of those there are; its name."""
        self.states = {name: state, **self.states}
        return name


@st.composite
def flows_at_random(draw: st.DrawFn, *, most: int = 6, sealed: bool = False) -> Made:
    """A flow of at most `most` slots beside its confirmations, that `frontdesk check` has nothing to say about.
    `sealed`: nothing is over before its last confirmation."""
    order = draw(st.permutations(sorted(SUBJECTS)))
    chosen = order[: draw(st.integers(1, most))]
    made = _Draft()
    made.put("over", {"prompt": "That is all.", "terminal": True, "outcome": "resolved"})
    last = _confirmed(made, chosen[:1], then="over") if sealed else "over"
    first = _parts(draw, made, chosen, known=(), then=last)
    if any("left" in (state.get("on_error"), *_labels(state)) for state in made.states.values()):
        made.states["left"] = {"prompt": "Nothing was ordered.", "terminal": True, "outcome": "declined"}
    made.states = {first: made.states.pop(first), **made.states}
    return Made(
        flow=_read(made),
        page=json.dumps(made.states),
        effects=tuple(made.effects),
        subjects={name: SUBJECTS[name] for name in made.slots if name in SUBJECTS},
    )


def _labels(state: Mapping[str, Any]) -> Sequence[str]:
    branches = state.get("branches", ())
    return list(branches.values()) if isinstance(branches, dict) else ()


def _parts(draw: st.DrawFn, made: _Draft, slots: Sequence[str], *, known: tuple[str, ...], then: str) -> str:
    """States that ask for these slots, one after the other or on a branch, and lead on to `then`; the first's name."""
    if not slots:
        confirms = bool(known) and draw(st.integers(0, 2)) > 0
        return _confirmed(made, known, then=then) if confirms else then
    slot, rest, seen = slots[0], slots[1:], (*known, slots[0])
    taken = draw(st.integers(0, len(rest))) if slot in (*NUMBERS, *CHOICES) else 0
    inside = rest[:taken]
    if len(made.effects) < 1 and len(rest) > len(inside) and draw(st.integers(0, 3)) == 0:
        onward = _parts(draw, made, rest[len(inside) :], known=(), then=then)
        onward = _confirmed(made, seen, then=onward)
    else:
        onward = _parts(draw, made, rest[len(inside) :], known=seen, then=then)
    made.slots[slot] = SUBJECTS[slot].slot
    ask = {"prompt": f"[ask:{slot}] Which {slot}?", "slot": slot}
    if inside and slot in CHOICES:
        aside = _branch(draw, made, inside, then=onward)
        return made.put(
            f"ask_{slot}", ask | {"branches": dict.fromkeys(SUBJECTS[slot].says, onward) | _one(draw, slot, aside)}
        )
    if inside:
        aside = _branch(draw, made, inside, then=onward)
        onward = made.put(f"if_{slot}", {"branches": [{"when": f"{slot} > 50", "next": aside}, {"next": onward}]})
    elif slot == "design" and draw(st.booleans()):
        onward = _looked_up(made, slot, then=onward)
    elif draw(st.integers(0, 3)) == 0:
        onward = made.put(f"tell_{slot}", {"prompt": f"Noted: {{{{ {slot} }}}}.", "next": onward})
    return made.put(f"ask_{slot}", ask | {"next": onward})


def _branch(draw: st.DrawFn, made: _Draft, slots: Sequence[str], *, then: str) -> str:
    """Questions that only some are asked."""
    for slot in reversed(slots):
        made.slots[slot] = SUBJECTS[slot].slot
        then = made.put(f"ask_{slot}", {"prompt": f"[ask:{slot}] Which {slot}?", "slot": slot, "next": then})
    return then


def _one(draw: st.DrawFn, slot: str, target: str) -> dict[str, str]:
    return {draw(st.sampled_from(sorted(SUBJECTS[slot].says))): target}


def _looked_up(made: _Draft, slot: str, *, then: str) -> str:
    url = f"https://shop.example/{{{{ {slot} }}}}"
    http = {"method": "GET", "url": url}
    made.actions[f"find_{slot}"] = {
        "http": http,
        "outcomes": {"200": "found", "404": "missing"},
        "save": {"item": "item"},
    }
    made.put(f"no_{slot}", {"prompt": f"There is no {{{{ {slot} }}}}.", "next": f"ask_{slot}"})
    return made.put(
        f"find_{slot}",
        {"action": f"find_{slot}", "branches": {"found": then, "missing": f"no_{slot}"}, "on_error": "left"},
    )


def _confirmed(made: _Draft, known: Sequence[str], *, then: str) -> str:
    """A question that shows what is known, and the effect behind its yes."""
    number = len(made.effects) + 1
    effect, sure = f"order_{number}", f"sure_{number}"
    made.effects.append(effect)
    made.slots[sure] = {"type": "boolean", "ask_only": True}
    shown = ", ".join(f"{{{{ {name} }}}}" for name in known)
    body = {name: f"{{{{ {name} }}}}" for name in known}
    http = {"method": "POST", "url": "https://shop.example/orders", "json": body}
    made.actions[effect] = {"http": http, "irreversible": True, "outcomes": {"201": "done"}}
    made.put(f"do_{number}", {"action": effect, "branches": {"done": then}, "on_error": "left"})
    ask = {"prompt": f"[ask:{sure}] {shown}: right?", "slot": sure}
    return made.put(f"confirm_{number}", ask | {"branches": {"yes": f"do_{number}", "no": "left"}})


def _read(made: _Draft) -> FlowDef:
    page: dict[str, Any] = {
        "frontdesk": 1,
        "flow": "order",
        "title": "Order a table",
        "description": "The customer wants a table made.",
        "triggers": ["order a table"],
        "slots": made.slots,
        "states": made.states,
    }
    file = read_flow(json.dumps(page | ({"actions": made.actions} if made.actions else {})), "order/flow.yaml")
    assert file.flow is not None, file.problems
    assert (*file.problems, *check_flow(file)) == (), json.dumps(page, indent=1)
    return file.flow
