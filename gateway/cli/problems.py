"""How the compiler's problems look in a terminal, in a pipe and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
import typer

from engine.errors import Problem
from gateway.textfile import read_text

SHOWN = 110
"""Characters of a source line that are shown; a longer one is cut around its caret."""
_LEAD = 30
"""Of those, how many stand before the caret in a cut line."""


def report(problems: Iterable[Problem], *, sources: bool = False) -> Iterator[str]:
    """The problems as lines, a file's together, an empty line after each file. `sources` shows each in its line."""
    for file, group in groupby(problems, key=lambda problem: problem.file):
        text = _lines(file) if sources else ()
        for problem in group:
            yield from _told(problem, text)
        yield ""


def counted(problems: Sequence[Problem], *, flows: int) -> str:
    """One line: how many flows were read, and how much is wrong."""
    warnings = sum(problem.warning for problem in problems)
    errors = len(problems) - warnings
    kinds = [_count(errors, "error")] * bool(errors) + [_count(warnings, "warning")] * bool(warnings)
    return f"{_count(flows, 'flow')}, {', '.join(kinds) or 'no problems'}"


def as_json(problems: Sequence[Problem], *, flows: int) -> str:
    """`{"ok", "flows", "errors", "warnings", "problems": [...]}`; lines and columns count from 1."""
    errors = sum(not problem.warning for problem in problems)
    found = [_plain(problem) for problem in problems]
    told = {"ok": not errors, "flows": flows, "errors": errors, "warnings": len(found) - errors, "problems": found}
    return msgspec.json.encode(told).decode()


def _plain(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "end_column": problem.column + problem.width,
        "key": problem.key,
        "severity": "warning" if problem.warning else "error",
        "lint": problem.lint,
        "what": problem.what,
        "remedy": problem.remedy,
    }


def _told(problem: Problem, text: Sequence[str]) -> Iterator[str]:
    """The sentence, its source line with a caret under it, and the remedy."""
    head, _, remedy = str(problem).partition("\n")
    if not text:
        yield head
        yield remedy
        return
    colour = typer.colors.YELLOW if problem.warning else typer.colors.RED
    yield typer.style(head, fg=colour, bold=True)
    if problem.line <= len(text):
        yield from _pointed(problem, text[problem.line - 1], colour)
    yield remedy


def _pointed(problem: Problem, line: str, colour: str) -> Iterator[str]:
    plain = line.rstrip().replace("\t", " ")
    at = min(problem.column - 1, len(plain))
    cut = max(0, at - _LEAD) if len(plain) > SHOWN else 0
    shown = plain[cut : cut + SHOWN]
    before, after = "..." if cut else "", "..." if cut + SHOWN < len(plain) else ""
    margin = " " * len(f"{problem.line}")
    width = max(1, min(problem.width, len(shown) - (at - cut)))
    yield f" {margin} |"
    yield f" {problem.line} | {before}{shown}{after}"
    yield f" {margin} | {' ' * (len(before) + at - cut)}{typer.style('^' * width, fg=colour, bold=True)}"


def _lines(file: str) -> Sequence[str]:
    if not Path(file).is_file():
        return ()
    text = read_text(Path(file))
    return () if isinstance(text, Problem) else text.split("\n")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
