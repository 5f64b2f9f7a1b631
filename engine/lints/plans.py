"""Lints about plans: who is given what, and in which order (S36)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.delegation import plan_faults
from engine.flow import FlowDef
from engine.lints.finding import Finding


def unsound_plan(flow: FlowDef) -> Iterator[Finding]:
    """A plan has known agents, at most six tasks, no cycle and one who writes the answer."""
    for name, action in flow.actions.items():
        for fault in plan_faults(action.delegate) if action.delegate else ():
            at = "" if fault.at is None else f".{fault.at}"
            yield Finding(key=f"actions.{name}.delegate{at}", what=fault.what, remedy=fault.remedy)


def task_twice(flow: FlowDef) -> Iterator[Finding]:
    """Plans of one flow write into one context: each task has an id of its own."""
    first: dict[str, str] = {}
    for name, action in flow.actions.items():
        for place, task in enumerate(action.delegate):
            if first.setdefault(task.id, name) != name:
                what = f"the plan `{first[task.id]}` has a task `{task.id}` too, and both would write into one place"
                yield Finding(key=f"actions.{name}.delegate.{place}", what=what, remedy="give it another id")
