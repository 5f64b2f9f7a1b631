"""The kill switch for experiments: which of them a setting stops, without a change of the flows (S35)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

import structlog
from pydantic import BeforeValidator

from engine.desk import DeskDef
from engine.experiments import CONTROL
from engine.flow import FlowDef
from engine.trials import labels, steered, stopping

_LABEL = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?(@[a-z0-9_-]{1,20})?")

_log = structlog.get_logger("frontdesk.experiments")


def named(text: object) -> object:
    """Experiments from `tone,refund.short`, each as a report names it. Raises ValueError."""
    if not isinstance(text, str):
        return text
    found = tuple(part.strip() for part in text.split(","))
    if not all(map(_LABEL.fullmatch, found)):
        raise ValueError("names no experiment; write them as tone,refund.short, as `frontdesk report` names them")
    return found


Stopped = Annotated[tuple[str, ...], BeforeValidator(named)]
"""Labels of experiments."""


def without_stopped(
    flows: tuple[FlowDef, ...], desk: DeskDef, stopped: Sequence[str]
) -> tuple[tuple[FlowDef, ...], DeskDef]:
    """The flows and the desk with these experiments stopped; one that is not there is no reason not to start."""
    if not stopped:
        return flows, desk
    known = labels(flows, desk)
    for name in stopped:
        if name not in known and name not in {label.partition("@")[0] for label in known}:
            _log.warning("EXPERIMENTS_STOPPED names no experiment of these flows", name=name, there_are=known)
    return steered(flows, desk, stopping(stopped, CONTROL))
