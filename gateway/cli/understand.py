"""`frontdesk understand`: JSON lines in, what the rules make of each text out."""

from __future__ import annotations

import os
import sys

import typer

from gateway.settings import LogLevel, from_environment
from gateway.telemetry import start_logs


def understand() -> None:
    """Say what the rules make of each text on stdin: a JSON object a line, an answer a line, in order. No model."""
    from gateway.sounder import Sounder  # noqa: PLC0415 - with the whole desk: other commands do without

    settings = from_environment()
    start_logs(settings.model_copy(update={"log_level": LogLevel.ERROR}), out=sys.stderr)
    sounder = Sounder.of(settings, os.environ)
    for line in sys.stdin.buffer:
        if line.strip():
            typer.echo(sounder.answer(line))
