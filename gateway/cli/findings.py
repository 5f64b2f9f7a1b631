"""How findings look in a terminal, as JSON, and as an exit code; no secret of the environment is in either."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import msgspec

from channels.base import Finding, Mark
from gateway.masks import Mask
from gateway.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

STYLES: Mapping[Mark, str] = {Mark.OK: "green", Mark.WARNING: "yellow", Mark.FAILED: "bold red"}
PIPED_WIDTH = 400
"""Columns where nobody looks at a terminal: an address must not be cut into lines."""


def masked(findings: Iterable[Finding], settings: Settings) -> list[Finding]:
    """The findings without any secret: what a provider told may hold one, as an address with a token does (X72)."""
    known = Mask(settings.secrets()).known
    return [replace(one, found=known(one.found), remedy=known(one.remedy)) for one in findings]


def sound(findings: Iterable[Finding]) -> bool:
    """Did nothing fail?"""
    return all(finding.mark is not Mark.FAILED for finding in findings)


def console() -> Console:
    """stdout, for people and for pipes."""
    from rich.console import Console  # noqa: PLC0415 - other commands do without

    return Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else PIPED_WIDTH)


def lines(findings: Sequence[Finding]) -> Iterator[Text]:
    """One line a finding, then how many there are of each kind."""
    from rich.text import Text  # noqa: PLC0415

    for one in findings:
        remedy = f" -> {one.remedy}" if one.remedy else ""
        yield Text.assemble((f"{one.mark:<8}", STYLES[one.mark]), (one.what, "bold"), f": {one.found}{remedy}")
    counted = Counter(one.mark for one in findings)
    yield Text(", ".join(f"{counted[mark]} {mark}" for mark in Mark))


def table(rows: Iterable[tuple[str, Finding]]) -> Table:
    """A row a finding, beside the channel it is about."""
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    made = Table("channel", "", "what stands there", "remedy", box=box.SIMPLE, show_edge=False, pad_edge=False)
    for channel, one in rows:
        made.add_row(Text(channel), Text(one.mark, STYLES[one.mark]), Text(one.found), Text(one.remedy))
    return made


def as_json(findings: Sequence[Finding]) -> str:
    """`{"ok": ..., "checks": [{"what", "mark", "found", "remedy"}]}`."""
    return msgspec.json.encode({"ok": sound(findings), "checks": [asdict(one) for one in findings]}).decode()
