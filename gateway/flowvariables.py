"""The `${NAME}` of flows: variables of the environment, never the gateway's own (X31)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from engine.errors import Problem
from engine.flowfile import DeskFile, FlowFile, Lines
from engine.lints.finding import Finding, problem
from engine.lints.reading import Source, action_sources, sources

UNSET = "unset-variable"

_NAMED = re.compile(r"\$\{([^}]*)\}")
_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_OURS = re.compile(
    r"(FRONTDESK|TELEGRAM|SLACK|TWILIO|SMS|WEB|HANDOFF|OPENAI|MODEL|TICKET|ZENDESK|OTEL|RETENTION|REDIS|FLOWS|PUBLIC"
    r"|ADMIN|ARCHIVE|PSEUDONYM|BOT|EXPERIMENTS)_[A-Z0-9_]+"
)
"""Every setting of DESIGN 9 and the specs, by its first word; tests hold it against `Settings`."""


def flow_variables(file: FlowFile, environ: Mapping[str, str], *, demo: bool) -> Iterator[Problem]:
    """What is wrong with the `${NAME}` of a flow's http actions. With `demo`, an unset one is answered by our demo."""
    if file.flow is not None:
        found = (source for source in sources(file.flow) if source.action is not None)
        yield from _problems(file.lines, found, set(environ), demo=demo)


def desk_variables(file: DeskFile, environ: Mapping[str, str], *, unset_ok: bool) -> Iterator[Problem]:
    """The same for the desk's `profile` action; with `unset_ok` it may name what is not set."""
    if file.desk.profile is not None:
        yield from _problems(file.lines, action_sources("profile", file.desk.profile), set(environ), demo=unset_ok)


def _problems(lines: Lines, found: Iterable[Source], known: set[str], *, demo: bool) -> Iterator[Problem]:
    for source in found:
        for name in _NAMED.findall(source.text):
            if not _NAME.fullmatch(name):
                what = f"`${{{name}}}` is no name of a variable"
                remedy = "write capital letters, digits and _, such as `${SHOP_API_URL}`"
                yield problem(Finding(key=source.key, what=what, remedy=remedy), "wrong-variable", lines)
            elif _OURS.fullmatch(name):
                what = f"`${{{name}}}` belongs to the gateway itself, and a flow may not read its settings"
                remedy = "keep the action's own address or key under another name"
                yield problem(Finding(key=source.key, what=what, remedy=remedy), "reserved-variable", lines)
            elif name not in known and not demo:
                what = f"`${{{name}}}` is not set in this environment, so the action has nowhere to go"
                yield problem(Finding(key=source.key, what=what, remedy=f"set {name}"), UNSET, lines)
