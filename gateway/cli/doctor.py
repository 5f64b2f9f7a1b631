"""`frontdesk doctor`: every setting, the desk's own ground and every provider, looked at, each with its remedy."""

from __future__ import annotations

import asyncio
import os
from typing import Annotated

import typer

from channels.base import Finding
from engine.errors import SettingsError
from gateway.cli.findings import as_json, console, lines, masked, sound
from gateway.settings import from_environment
from gateway.telemetry import start_quiet_logs


def doctor(
    as_object: Annotated[bool, typer.Option("--json", help="One JSON object instead of lines.")] = False,
) -> None:
    """Test every setting and every provider, with the remedy for what is wrong. Exit code 1 when anything failed."""
    found = _found()
    if as_object:
        typer.echo(as_json(found))
    else:
        for line in lines(found):
            console().print(line)
    if not sound(found):
        raise typer.Exit(1)


def _found() -> list[Finding]:
    """With wrong settings nothing else can be looked at; all of their problems are told, as `serve` would."""
    from gateway.checkup import examine  # noqa: PLC0415 - with the whole desk: other commands do without

    try:
        settings = from_environment()
    except SettingsError as error:
        return [Finding.failed("settings", sentence, "") for sentence in error.problems]
    start_quiet_logs(settings)
    return masked(asyncio.run(examine(settings, os.environ)), settings)
