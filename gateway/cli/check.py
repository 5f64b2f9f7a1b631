"""`frontdesk check`: compile flows, and say where and how to mend what does not."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from engine.errors import Problem
from gateway.cli.problems import as_json, counted, report
from gateway.flowfolder import read_folder
from gateway.flowvariables import UNSET


def check(
    directory: Annotated[
        Path | None,
        typer.Argument(envvar="FLOWS_DIR", help="A folder of flows, or one flow file; our own flows when left out."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit code 1 on a warning too.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object, for editors and CI.")] = False,
    explain: Annotated[str | None, typer.Option(metavar="LINT", help="What a lint means, with an example.")] = None,
) -> None:
    """Compile flows: every problem with its file, line, key and remedy. Exit code 1 on an error."""
    if explain is not None:
        raise typer.Exit(_explained(explain))
    folder = read_folder(directory, os.environ)
    problems = [_forgiven(problem) for problem in folder.problems]
    if json:
        typer.echo(as_json(problems, flows=folder.files))
    else:
        for line in report(problems, sources=sys.stdout.isatty()):
            typer.echo(line)
        typer.echo(counted(problems, flows=folder.files))
    if any(strict or not problem.warning for problem in problems):
        raise typer.Exit(1)


def _forgiven(problem: Problem) -> Problem:
    """An action's variable belongs to where the flow will run, which need not be where it is checked."""
    return replace(problem, warning=True) if problem.lint == UNSET else problem


def _explained(lint: str) -> int:
    from gateway.reference.lints import explained  # noqa: PLC0415 - no other command needs the examples

    found = explained(lint)
    typer.echo(found.text, err=not found.known)
    return 0 if found.known else 2
