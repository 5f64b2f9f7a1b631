"""`frontdesk understand`: JSON lines in, what the rules make of each text out."""

from __future__ import annotations

import os
import sys

import typer

from gateway.settings import from_environment
from gateway.telemetry import start_quiet_logs


def understand() -> None:
    """Say what the rules make of each text on stdin: a JSON object a line, an answer a line, in order. No model."""
    from gateway.sounder import Sounder  # noqa: PLC0415 - with the whole desk: other commands do without

    settings = from_environment()
    start_quiet_logs(settings)
    sounder = Sounder.of(settings, os.environ)
    for line in sys.stdin.buffer:
        if line.strip():
            typer.echo(sounder.answer(line))
