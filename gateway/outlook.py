"""What other flows would mean to the runs under way, before they are deployed (R58, W10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from msgspec.structs import replace

from engine.book import Book
from engine.conversation import Conversation
from engine.frame import Frame
from engine.machine import Compiled
from engine.versions import moved
from engine.views import Person
from engine.walk import walk


class Fate(StrEnum):
    """What becomes of a run whose version is not the deployed one, if that is not kept."""

    MAPS = "map"
    MIGRATES = "migrate"
    FALLS_BACK = "fall back"
    STOPS = "stop"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlook:
    """A kind of run: where it stands, where it would, which answers it would lose or give again."""

    flow: str
    version: str
    state: str
    fate: Fate
    to: str = ""
    lost: tuple[str, ...] = ()
    asked_again: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Forecast:
    """All live runs: how many of each flow go on as they are, and how many of each other kind there are."""

    unchanged: Mapping[str, int]
    changed: Mapping[Outlook, int]
    pinned: frozenset[str]
    """Versions that the store keeps: their runs go on under them."""


def forecast(live: Iterable[Conversation], book: Book, kept: Iterable[str]) -> Forecast:
    """What the book's flows mean to these conversations; `kept` are the versions in the store."""
    unchanged: Counter[str] = Counter()
    changed: Counter[Outlook] = Counter()
    for conversation in live:
        person = Person(conversation.address, book.desk.locale)
        for frame in conversation.stack:
            current = book.deployed(frame)
            if current is not None and current.version == frame.version:
                unchanged[frame.flow] += 1
            else:
                changed[_outlook(frame, current, person)] += 1
    return Forecast(unchanged=unchanged, changed=changed, pinned=frozenset(kept))


def _outlook(frame: Frame, current: Compiled | None, person: Person) -> Outlook:
    there = moved(frame, current) if current is not None else None
    if current is None or there is None:
        return Outlook(flow=frame.flow, version=frame.version, state=frame.state, fate=Fate.STOPS)
    # Look-ups are made again; what they found last is the best guess at where they will lead.
    rested = walk(current, replace(there, lookups=frame.lookups), person).frame
    renamed = current.definition.migrations
    names = {old: renamed.slots.get(old, old) for old, slot in frame.slots.items() if slot.settled}
    lost = [old for old, new in names.items() if new not in there.slots]
    again = [new for old, new in names.items() if old not in lost and new not in rested.slots]
    return Outlook(
        flow=frame.flow,
        version=frame.version,
        state=frame.state,
        fate=_fate(frame, current, names),
        to=rested.state,
        lost=tuple(lost),
        asked_again=tuple(again),
    )


def _fate(frame: Frame, current: Compiled, names: Mapping[str, str]) -> Fate:
    renamed = current.definition.migrations.states
    position = renamed.get(frame.state, frame.state)
    if position not in current.definition.states:
        return Fate.FALLS_BACK
    moving = position != frame.state or any(old != new for old, new in names.items())
    return Fate.MIGRATES if moving else Fate.MAPS


def told(found: Forecast, book: Book) -> Iterator[str]:
    """The forecast in lines, flow by flow, then its sum."""
    flows = sorted({*found.unchanged, *(one.flow for one in found.changed)})
    for flow in flows:
        current = book.current(flow)
        yield f"{flow}: {f'deployed would be {current.version}' if current else 'no such flow any more'}"
        if found.unchanged.get(flow):
            yield f"  {_runs(found.unchanged[flow])} on that version already"
        versions = dict.fromkeys(one.version for one in found.changed if one.flow == flow)
        for version in versions:
            yield from _of_version(found, flow, version)
    yield from _sum(found)


def _of_version(found: Forecast, flow: str, version: str) -> Iterator[str]:
    kinds = {one: n for one, n in found.changed.items() if (one.flow, one.version) == (flow, version)}
    kept = version in found.pinned
    fate = "stay there while the store keeps it; without it" if kept else "cannot stay there: it is not kept;"
    yield f"  {_runs(sum(kinds.values()))} on {version} {fate}"
    for one, n in sorted(kinds.items(), key=lambda item: (-item[1], item[0].state)):
        to = f" -> {one.to}" if one.to not in ("", one.state) else ""
        lost = f"; loses {', '.join(one.lost)}" if one.lost else ""
        again = f"; asks again {', '.join(one.asked_again)}" if one.asked_again else ""
        yield f"    {n:>5}  {one.fate:<10}  {one.state}{to}{lost}{again}"


def _sum(found: Forecast) -> Iterator[str]:
    fates: Counter[Fate] = Counter()
    for one, n in found.changed.items():
        fates[one.fate] += n
    pinned = sum(n for one, n in found.changed.items() if one.version in found.pinned)
    losing = sum(n for one, n in found.changed.items() if one.lost)
    total = sum(found.unchanged.values()) + sum(fates.values())
    yield f"{_runs(total)} live: {sum(found.unchanged.values())} unchanged, {pinned} pinned to a version that is kept"
    yield f"without those versions: {', '.join(f'{fates[fate]} {fate}' for fate in Fate)}; {losing} lose an answer"


def _runs(number: int) -> str:
    return "1 run" if number == 1 else f"{number} runs"
