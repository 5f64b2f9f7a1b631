"""`frontdesk report`: what the journal says of many conversations at once, a subject at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TypeVar

import typer

from gateway.cli.looking import look
from gateway.stores.store import Store

if TYPE_CHECKING:
    from gateway.past import Past

TOLD_EVERY = 5000
"""Conversations read between two lines that say so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A report: as lines for a person, and as plain data."""

    lines: list[str]
    data: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What a report can be about."""

    about: str
    read: Callable[[Store, datetime | None], Awaitable[Answer]]


def report(
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="What about: experiments, csat or fcr.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    since: Annotated[
        str, typer.Option(metavar="7d|DATE", help="Only what began within this time, or since this day.")
    ] = "",
) -> None:
    """Tell how it went, over everything the store has kept: experiments, csat or fcr."""
    import msgspec  # noqa: PLC0415

    found = SUBJECTS.get(subject)
    if found is None:
        known = ", ".join(f"{name} ({one.about})" for name, one in SUBJECTS.items())
        raise typer.BadParameter(f"there is no report on {subject!r}; there are: {known}", param_hint="SUBJECT")
    begin = _since(since)
    answer = look(lambda store, _: found.read(store, begin))
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(answer.data)).decode())
        return
    for line in answer.lines:
        typer.echo(line)


def _since(text: str) -> datetime | None:
    """An instant from `7d`, or from `2026-03-01`."""
    from engine.flowfile.atoms import seconds  # noqa: PLC0415

    if not text:
        return None
    ago = seconds(text)
    try:
        if ago is not None:
            return datetime.now(UTC) - timedelta(seconds=ago)
        day = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"{text!r} is neither a time such as 7d nor a day such as 2026-03-01", param_hint="--since"
        ) from None
    return day if day.tzinfo else day.replace(tzinfo=UTC)


async def _experiments(store: Store, since: datetime | None) -> Answer:
    from gateway.reports.experiments import LEAST, findings, told  # noqa: PLC0415 - with the engine
    from gateway.reports.intervals import LEVEL  # noqa: PLC0415
    from gateway.reports.observed import Census  # noqa: PLC0415

    census = await _read(store, Census())
    found = findings(census.people(since=since))
    return Answer(lines=list(told(found)), data={"level": LEVEL, "least": LEAST, "experiments": found})


async def _csat(store: Store, since: datetime | None) -> Answer:
    from gateway.reports.ratings import RatingTally, told  # noqa: PLC0415 - with the engine

    found = (await _read(store, RatingTally(since=since))).ratings()
    return Answer(lines=list(told(found)), data=found)


async def _fcr(store: Store, since: datetime | None) -> Answer:
    from gateway.reports.contacts import ContactTally, told  # noqa: PLC0415 - with the engine

    found = (await _read(store, ContactTally(now=datetime.now(UTC), since=since))).contacts()
    return Answer(lines=list(told(found)), data={flow or "all": one for flow, one in found.items()})


class _Reader(Protocol):
    def take(self, past: Past) -> None: ...


R = TypeVar("R", bound=_Reader)


async def _read(store: Store, reader: R) -> R:
    """Every conversation, one after the other; a long read says how far it is."""
    from gateway.past import pasts  # noqa: PLC0415 - with the engine: other commands do without

    count = 0
    async for past in pasts(store):
        reader.take(past)
        count += 1
        if count % TOLD_EVERY == 0:
            typer.echo(f"{count} conversations read ...", err=True)
    return reader


SUBJECTS: Mapping[str, Subject] = {
    "experiments": Subject(about="what became of the people in each variant", read=_experiments),
    "csat": Subject(about="how it went, as customers say", read=_csat),
    "fcr": Subject(about="what was settled at once and for good", read=_fcr),
}
