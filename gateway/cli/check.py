"""`frontdesk check`: compile flows, and say where and how to mend what does not."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from engine.errors import Problem
from gateway.flowfolder import read_folder
from gateway.flowvariables import UNSET


def check(
    directory: Annotated[
        Path | None,
        typer.Argument(envvar="FLOWS_DIR", help="A folder of flows, or one flow file; our own flows when left out."),
    ] = None,
) -> None:
    """Compile flows: every problem with its file, line, key and remedy. Exit code 1 on an error."""
    folder = read_folder(directory, os.environ)
    problems = [_forgiven(problem) for problem in folder.problems]
    for line in report(problems):
        typer.echo(line)
    typer.echo(f"{_count(folder.files, 'flow')}, {_count(len(problems), 'problem')}")
    if not all(problem.warning for problem in problems):
        raise typer.Exit(1)


def report(problems: Iterable[Problem]) -> Iterator[str]:
    """The problems as lines, a file's together, an empty line after each file."""
    for _, group in groupby(problems, key=lambda problem: problem.file):
        yield from map(str, group)
        yield ""


def _forgiven(problem: Problem) -> Problem:
    """An action's variable belongs to where the flow will run, which need not be where it is checked."""
    return replace(problem, warning=True) if problem.lint == UNSET else problem


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
