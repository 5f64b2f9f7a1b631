"""Lints about rounds: a run that goes in a circle must be asked something on its way."""

from __future__ import annotations

from collections.abc import Iterator

from engine.flow import FlowDef, StateDef, StateKind
from engine.flowfile.nearest import listed
from engine.lints.finding import Finding
from engine.lints.paths import edges, goes_back, leads_out, reached
from engine.lints.targets import branch_key

_SILENT = frozenset({StateKind.SAY, StateKind.CHOICE, StateKind.ACTION})
"""Kinds of state that a run passes without waiting for its customer."""


def endless_circle(flow: FlowDef) -> Iterator[Finding]:
    """No circle of states goes round without asking anything: the run would spin until R10 stops it.

    A circle with no way out is told as `inescapable-state` is, and not once more.
    """
    whole = edges(flow)
    graph = {
        name: tuple(one for one in targets if flow.states[one].kind in _SILENT)
        for name, targets in whole.items()
        if flow.states[name].kind in _SILENT
    }
    told: set[str] = set()
    for name, ahead in graph.items():
        circle = {one for one in reached(graph, ahead) if name in reached(graph, graph[one])}
        ends = any(leads_out(flow, flow.states[one]) for one in reached(whole, [name]))
        if name in circle and ends and not circle & told:
            told |= circle
            around = listed([one for one in flow.states if one in circle], "and")
            what = f"{around} lead round in a circle" if len(circle) > 1 else "this leads to itself"
            yield Finding(
                key=f"states.{name}",
                what=f"{what} without asking anything, so a run that enters it never comes to rest (R10)",
                remedy="lead one of the edges to a question, or to an end",
            )


def back_to_no_question(flow: FlowDef) -> Iterator[Finding]:
    """An edge back leads to a question: what was volunteered is kept behind any other state, and leads here again (S3).

    A warning: a customer who gives each answer only when asked never sees it.
    """
    graph = edges(flow)
    fresh = frozenset(name for name, state in flow.states.items() if _asks_anew(flow, state))
    for name, state in flow.states.items():
        named = [(branch_key(state, index), branch.next) for index, branch in enumerate(state.branches)]
        named += [("next", state.next)] if state.next else []
        for key, target in named:
            if target not in flow.states or flow.states[target].kind not in _SILENT:
                continue
            asked = reached(graph, [target]) & {one for one, held in flow.states.items() if held.slot}
            if asked and goes_back(graph, flow.first, name, target) and name in reached(graph, [target], fresh):
                yield Finding(
                    key=f"states.{name}.{key}",
                    what=(
                        f"this leads back to `{target}`, which asks nothing: answers that were volunteered before are "
                        "kept, and may lead here again without a word from the customer"
                    ),
                    remedy="lead it to the question whose answer should change",
                    warning=True,
                )


def _asks_anew(flow: FlowDef, state: StateDef) -> bool:
    """Is an answer given earlier never taken here: is it emptied on entering, or bound to its own question?"""
    slot = flow.slots.get(state.slot or "")
    return slot is not None and (slot.ask_only or state.loop)
