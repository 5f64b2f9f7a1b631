"""What a lint is and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engine.errors import Problem
from engine.flow import FlowDef
from engine.flowfile import Lines


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing a lint found, at a dotted key: what is wrong and why, and how to mend it."""

    key: str
    what: str
    remedy: str
    warning: bool = False


@dataclass(frozen=True, kw_only=True)
class Lint:
    """One check with its name. `whole` marks those that follow edges: one unreadable state makes them guess."""

    name: str
    find: Callable[[FlowDef], Iterable[Finding]]
    whole: bool = False

    def __call__(self, flow: FlowDef, lines: Lines) -> list[Problem]:
        """Its problems in one flow, each with the line its key stands on."""
        return [problem(finding, self.name, lines) for finding in self.find(flow)]


def problem(finding: Finding, lint: str, lines: Lines) -> Problem:
    """A finding with its place in the file."""
    place = lines.place(finding.key)
    return Problem(
        file=lines.file,
        line=place.line,
        column=place.column,
        width=place.width,
        key=finding.key,
        what=finding.what,
        remedy=finding.remedy,
        lint=lint,
        warning=finding.warning,
    )
