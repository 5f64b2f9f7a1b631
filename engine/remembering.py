"""From a run to what is remembered of it, and from there to what may be offered or taken as usual (S11-S14)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from engine.book import Book
from engine.desk import DeskDef
from engine.flow import FlowDef, SlotDef, SlotType
from engine.forgetting import awake
from engine.frame import Frame, SlotState
from engine.memory import DoneRun, Learned, Memory, Remembered, person_key
from engine.message import Address
from engine.readers.validity import check

_CHOSEN = frozenset({SlotType.ENUM, SlotType.BOOLEAN})


def learned(frame: Frame, book: Book, address: Address, *, now: datetime) -> Learned:
    """What is kept of a run that reached its end (S11)."""
    flow = book.of(frame)
    slots = flow.definition.slots
    given = {
        name: slot
        for name, slot in awake(flow, frame).items()
        if slot.state is SlotState.FILLED and not slots[name].ask_only and not slots[name].sensitive
    }
    run = DoneRun(
        run=frame.run,
        flow=frame.flow,
        at=now,
        until=now + timedelta(seconds=book.desk.remember_for_s),
        channel=address.channel,
        values={name: slot.value for name, slot in given.items()},
        turns={name: slot.turn for name, slot in given.items()},
        acted=frame.acted,
    )
    kept = {name: remembered(run, slots[name], book.desk) for name in given if slots[name].remember}
    return Learned(id=f"{frame.run}:learned", person=person_key(address), run=run, values=kept)


def remembered(run: DoneRun, slot: SlotDef, desk: DeskDef) -> Remembered:
    """A value of a run, to be offered again for as long as its slot or the desk says."""
    keep_s = desk.remember_for_s if slot.remember_for_s is None else slot.remember_for_s
    return Remembered(
        value=run.values[slot.name],
        at=run.at,
        until=run.at + timedelta(seconds=keep_s),
        flow=run.flow,
        run=run.run,
        turn=run.turns.get(slot.name, 0),
        channel=run.channel,
    )


def last_run(memory: Memory, flow: str | None, book: Book) -> DoneRun | None:
    """The newest run of a flow, or of any that this desk still has (S13)."""
    known = (run for run in reversed(memory.runs) if flow in (None, run.flow) and book.current(run.flow))
    return next(known, None)


def may_offer(memory: Memory, flow: FlowDef, slot: SlotDef, value: Any) -> bool:
    """May this be put to the customer (S12)? Never where only the slot's own question counts, nor what it would refuse
    now, nor a `once` value that this flow has used up."""
    if slot.ask_only or slot.sensitive or check(slot, value):
        return False
    spent = (run for run in memory.runs if run.acted and run.flow == flow.name)
    return not (slot.once and any(run.values.get(slot.name) == value for run in spent))


def habits(memory: Memory, flow: FlowDef, book: Book) -> Mapping[str, Any]:
    """Slot -> the value that the last runs of this flow all gave it (S14)."""
    runs = [run for run in memory.runs if run.flow == flow.name]
    found: dict[str, Any] = {}
    for name, slot in flow.slots.items():
        often = _runs_to_a_habit(slot, flow, book)
        given = [run.values.get(name) for run in runs[-often:]] if often else []
        usual = len(given) == often and bool(given) and given[0] is not None and all(one == given[0] for one in given)
        if usual and may_offer(memory, flow, slot, given[0]):
            found[name] = given[0]
    return found


def _runs_to_a_habit(slot: SlotDef, flow: FlowDef, book: Book) -> int:
    """0: never. Only an enum, a boolean or a remembered slot can become one."""
    if not (slot.remember or slot.type in _CHOSEN):
        return 0
    for own in (slot.fast_track, flow.fast_track_after):
        if own is not None:
            return own
    return book.desk.fast_track_after
