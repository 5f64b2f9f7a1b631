"""A flow as one variant words it, as a file of its own: its problems stand where the variant says the words (S35)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from engine.errors import Problem
from engine.experiments import Changes
from engine.flowfile import FlowFile, Lines
from engine.flowfile.page import Place
from engine.variants import varied


def rewordings(file: FlowFile) -> Iterator[FlowFile]:
    """The flow of a file as each variant words it that words anything."""
    flow = file.flow
    for name, experiment in flow.experiments.items() if flow is not None else ():
        for variant, changes in experiment.changes.items():
            if flow is not None and variant in experiment.variants and (changes.states or changes.lines):
                lines = _Reworded(file.lines, changes, f"experiments.{name}.changes.{variant}")
                yield FlowFile(flow=varied(flow, {name: variant}), lines=lines, problems=())


def only_theirs(own: Iterable[Problem], reworded: Iterable[tuple[FlowFile, Iterable[Problem]]]) -> Iterator[Problem]:
    """The problems of rewordings that their flow has not itself, each at the variant's own words."""
    known = {(one.lint, one.key, one.what) for one in own}
    for file, problems in reworded:
        for one in problems:
            if (one.lint, one.key, one.what) not in known and isinstance(file.lines, _Reworded):
                yield replace(one, key=file.lines.said_at(one.key))


class _Reworded(Lines):
    """The lines of a file, with what a variant says in other words where it says them."""

    def __init__(self, lines: Lines, changes: Changes, at: str) -> None:
        super().__init__(lines.file, _written(lines))
        self._changes = changes
        self._at = at

    def said_at(self, key: str) -> str:
        """The dotted key of the variant's words for what stands at `key` in the flow."""
        kind, _, rest = key.partition(".")
        name, _, inner = rest.partition(".")
        if kind == "states" and name in self._changes.states and inner.partition(".")[0] == "prompt":
            return f"{self._at}.states.{name}{inner.removeprefix('prompt')}"
        return f"{self._at}.{key}" if kind == "lines" and rest in self._changes.lines else key

    def place(self, key: str) -> Place:
        """The key with its value."""
        return super().place(self.said_at(key))


def _written(lines: Lines) -> Mapping[str, Place]:
    return {key: lines.place(key) for key in lines}
