"""The report on first-contact resolution: of each flow, and of all of them (S39)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from gateway.firstcontact import FirstContact, first_contact
from gateway.past import Past
from gateway.reports.intervals import Estimate, rate

ALL = ""
"""In the place of a flow's name: every flow."""


class Contacts(msgspec.Struct, frozen=True, kw_only=True):
    """How many runs there were, how many of them were settled at once; `early` ended too lately to be counted."""

    runs: int
    settled: int
    early: int
    rate: Estimate | None


class ContactTally:
    """Takes conversations in, one by one."""

    def __init__(self, *, now: datetime, since: datetime | None = None) -> None:
        self._now, self._since = now, since
        self._counted: dict[str, FirstContact] = {ALL: FirstContact()}

    def take(self, past: Past) -> None:
        """One conversation with its turns, oldest first."""
        flows = {run.flow for notes in past.turns for run in notes.archived if not run.called}
        for flow in (ALL, *flows):
            found = first_contact([past.turns], now=self._now, flow=flow, since=self._since)
            known = self._counted.get(flow, FirstContact())
            self._counted[flow] = FirstContact(
                runs=known.runs + found.runs, settled=known.settled + found.settled, early=known.early + found.early
            )

    def contacts(self) -> Mapping[str, Contacts]:
        """By flow, all of them first."""
        return {flow: _contacts(self._counted[flow]) for flow in sorted(self._counted)}


def _contacts(one: FirstContact) -> Contacts:
    return Contacts(runs=one.runs, settled=one.settled, early=one.early, rate=rate(one.settled, one.runs))


def told(found: Mapping[str, Contacts]) -> Iterator[str]:
    """The report in lines for a person."""
    for flow, one in found.items():
        share = one.rate
        said = f"{share.value:.1%} ({share.low:.1%} to {share.high:.1%})" if share else "no run is seven days old yet"
        yield f"{flow or 'all flows':<24} {said}, {one.settled} of {one.runs} runs; {one.early} too late to count"
