"""The queues that a flow hands cases to, held against those this desk has a channel for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.errors import Problem
from engine.flowfile import FlowFile
from engine.flowfile.nearest import listed, meant
from engine.lints.finding import Finding, problem

_CHANNELS = "HANDOFF_SLACK_CHANNELS"


def queue_problems(file: FlowFile, environ: Mapping[str, str]) -> Iterator[Problem]:
    """A queue without a channel of its own goes to the default desk channel: worth a note, never an error."""
    queues = [part.partition(":")[0].strip() for part in environ.get(_CHANNELS, "").split(",") if part.strip()]
    if not queues or file.flow is None:
        return
    for name, state in file.flow.states.items():
        queue = state.handoff.queue if state.handoff is not None else ""
        if queue and queue not in queues:
            finding = Finding(
                key=f"states.{name}.handoff.queue",
                what=f"{_CHANNELS} has no queue `{queue}`, so its cases go to the default channel",
                remedy=meant(queue, queues, f"use {listed(queues)}, or give it a channel there"),
                warning=True,
            )
            yield problem(finding, "unknown-queue", file.lines)
