"""Lints across flows: names that are taken twice, calls of flows that do not exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.errors import Problem
from engine.flow import FlowDef, StateKind
from engine.flowfile import FlowFile, Lines
from engine.flowfile.nearest import listed, meant
from engine.lints.finding import Finding, problem

ENDS = ("cancelled", "declined", "failed", "handed_off", "abandoned")
"""How any run may end beside its terminals' own outcomes (S38)."""


def duplicate_flows(files: Sequence[FlowFile]) -> Iterator[Problem]:
    """Every flow has a name of its own."""
    first: dict[str, Lines] = {}
    for file in files:
        if file.flow is None:
            continue
        name = file.flow.name
        if name in first:
            what = f"{first[name].file} is also named `{name}`"
            finding = Finding(key="flow", what=what, remedy="give one of them another name")
            yield problem(finding, "duplicate-flow", file.lines)
        first.setdefault(name, file.lines)


def unknown_calls(files: Sequence[FlowFile]) -> Iterator[Problem]:
    """Every `call:` names a flow, and its branches name outcomes that flow can end with."""
    flows = {file.flow.name: file.flow for file in files if file.flow is not None}
    for file in files:
        for finding in _calls(file.flow, flows) if file.flow else ():
            yield problem(finding, "unknown-call", file.lines)


def _calls(flow: FlowDef, flows: dict[str, FlowDef]) -> Iterator[Finding]:
    for name, state in flow.states.items():
        if state.call is None:
            continue
        called = flows.get(state.call)
        if called is None:
            yield Finding(
                key=f"states.{name}.call",
                what=f"`{state.call}` is no flow of this desk",
                remedy=meant(state.call, flows, f"add a folder for `{state.call}`"),
            )
            continue
        ends = [one.outcome for one in called.states.values() if one.kind is StateKind.TERMINAL]
        for branch in state.branches:
            if branch.label is not None and branch.label not in (*ends, *ENDS):
                yield Finding(
                    key=f"states.{name}.branches.{branch.label}",
                    what=f"`{called.name}` never ends `{branch.label}`, so this branch is never taken",
                    remedy=meant(branch.label, [*ends, *ENDS], f"use {listed(dict.fromkeys([*ends, *ENDS]))}"),
                )
