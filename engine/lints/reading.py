"""What a flow's texts and conditions read, and where each stands in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.flow import ActionDef, FlowDef
from engine.templates import Condition, TemplateFault, Text

PERSON = "person"
"""What every template and condition may read beside slots and facts: `person.id`, `person.tier`."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """One template, or one condition: its dotted key, its text, and the state or action that reads it."""

    key: str
    text: str
    state: str | None = None
    action: str | None = None
    condition: bool = False

    def names(self) -> frozenset[str]:
        """The variables it reads. Raises TemplateFault or RecursionError when it does not compile."""
        return _names(self.text, self.condition)

    def readable_names(self) -> frozenset[str]:
        """As `names`, nothing when it does not compile."""
        try:
            return self.names()
        except (TemplateFault, RecursionError):
            return frozenset()


@lru_cache(maxsize=4096)
def _names(text: str, condition: bool) -> frozenset[str]:
    """Compiled once: most lints ask for them."""
    return (Condition(text) if condition else Text(text)).names


def sources(flow: FlowDef) -> Iterator[Source]:
    """Every template and condition of a flow, in the order of its keys."""
    for key in ("resume", "goal"):
        yield Source(key=key, text=getattr(flow, key))
    for name, slot in flow.slots.items():
        for key in ("error_msg", "why", "help"):
            yield Source(key=f"slots.{name}.{key}", text=getattr(slot, key))
    for name, action in flow.actions.items():
        yield from action_sources(f"actions.{name}", action)
    for name, state in flow.states.items():
        for kind, wordings in state.prompts.items():
            if not kind and len(state.prompts) > 1 and wordings in list(state.prompts.values())[1:]:
                continue  # the default of a map is one of its own entries, and is found there
            for index, wording in enumerate(wordings):
                yield Source(key=_prompt_key(name, kind, index), text=wording, state=name)
        for index, branch in enumerate(state.branches):
            if branch.when is not None:
                yield Source(key=f"states.{name}.branches.{index}.when", text=branch.when, state=name, condition=True)


def action_sources(at: str, action: ActionDef) -> Iterator[Source]:
    """The templates of one action, which stands at the dotted key `at`."""
    if action.knowledge is not None:
        yield Source(key=f"{at}.knowledge", text=action.knowledge, action=action.name)
    if action.planner is not None:
        yield Source(key=f"{at}.planner.goal", text=action.planner.goal, action=action.name)
    for place, task in enumerate(action.delegate):
        yield Source(key=f"{at}.delegate.{place}.input", text=task.input, action=action.name)
    if action.http is not None:
        parts = {"url": action.http.url, "headers": action.http.headers, "json": action.http.json}
        for key, text in _strings(parts):
            yield Source(key=f"{at}.http.{key}", text=text, action=action.name)


def _strings(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Every string inside a JSON value, with its dotted key."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, f"{at}.{key}" if at else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _strings(inner, f"{at}.{index}")


def _prompt_key(state: str, kind: str, index: int) -> str:
    return ".".join(filter(None, (f"states.{state}.prompt", kind, str(index) if index else "")))
