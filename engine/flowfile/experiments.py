"""From what an author says of experiments to what they are."""

from __future__ import annotations

from typing import Any

from engine.experiments import CONTROL
from engine.flowfile.wordings import lines, prompts


def experiments(said: dict[str, Any]) -> dict[str, Any]:
    """The experiments of a flow or a desk, by name; one that could not be read is left out."""
    return {name: _experiment(one) for name, one in said.get("experiments", {}).items() if one is not None}


def _experiment(said: dict[str, Any]) -> dict[str, Any]:
    stopped = said.get("stopped", "")
    if isinstance(stopped, bool):
        stopped = CONTROL if stopped else ""
    changes = {name: _changes(one) for name, one in said.get("changes", {}).items() if one is not None}
    return {**said, "stopped": stopped, "changes": changes}


def _changes(said: dict[str, Any]) -> dict[str, Any]:
    states = {name: prompts(wordings) for name, wordings in said.get("states", {}).items()}
    return {**said, "lines": lines(said), "states": states}
