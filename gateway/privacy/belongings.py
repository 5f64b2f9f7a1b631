"""What else the store has of a person: every record that says it belongs to them (X62).

A record is matched by what it says of itself, never by looking for a number in it: `42` stands in many places.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from channels.web import STREAM
from engine.memory import person_key
from engine.message import Event, Reply
from engine.store import JOURNAL, Mailbox, Record, Records
from gateway import sharedcontext
from gateway.fates import DEAD, Dead
from gateway.memories import PROFILE
from gateway.privacy.persons import Person, every
from gateway.quarantine import QUARANTINE, Kept
from gateway.rows import read_conversation
from gateway.sessions import SESSION
from gateway.sharedcontext import Shared
from gateway.spending import SPENDING
from handoff import page, threads
from handoff.case import Case, Thread
from handoff.page import PageCard
from handoff.posts import TicketCall, case_of
from handoff.sitting import case_in
from handoff.threads import Place

T = TypeVar("T")


class Belongings(msgspec.Struct, frozen=True, kw_only=True):
    """`cases` are ids, `queues` where they waited; `kept` are kinds and keys of records, with all entries under them.
    `threads` and `tickets` stand with others, who have to remove them."""

    cases: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    threads: tuple[Thread, ...] = ()
    tickets: tuple[str, ...] = ()


async def belongings(mailbox: Mailbox, records: Records, person: Person) -> Belongings:
    """Everything that is theirs beside the conversations themselves. May raise StoreAway."""
    cases, places = await _cases(mailbox, records, person), list[Place]()
    kept = [(PROFILE, person.key)]
    kept += [(SPENDING, key) for key in (person.key, *person.conversations)]
    kept += [(JOURNAL, conversation) for conversation in person.conversations]
    kept += [(kind, room) for kind in (SESSION, STREAM) for room in person.rooms]
    async for record in every(records, threads.KIND):
        place = _read(record, Place)
        if place is not None and (place.conversation in person.conversations or place.case in cases):
            kept.append((threads.KIND, record.key))
            places.append(place)
    cases |= {place.case: cases.get(place.case) for place in places}
    kept += [(page.KIND, case) for case in cases]
    kept += [(DEAD, record.key) async for record in every(records, DEAD) if _was_theirs(record, person, cases)]
    kept += [(QUARANTINE, one.key) async for one in every(records, QUARANTINE) if _came_from(one, person)]
    async for record in every(records, sharedcontext.KIND):
        shared = _read(record, Shared)
        if shared.person == person.key if shared is not None else _names(record.blob, person):
            kept.append((sharedcontext.KIND, record.key))
    known = [case for case in cases.values() if case is not None]
    return Belongings(
        cases=tuple(cases),
        queues=tuple(dict.fromkeys(case.queue for case in known)),
        kept=tuple(kept),
        threads=tuple(dict.fromkeys(place.thread for place in places)),
        tickets=tuple(dict.fromkeys(case.ticket for case in known if case.ticket)),
    )


async def _cases(mailbox: Mailbox, records: Records, person: Person) -> dict[str, Case | None]:
    """Their cases by id, as the desk's page and the conversations know them."""
    found: dict[str, Case | None] = {}
    async for record in every(records, page.KIND):
        card = _read(record, PageCard)
        if card is not None and card.conversation in person.conversations:
            found[card.case.id] = card.case
    for conversation in person.conversations:
        stored = await mailbox.peek(conversation)
        try:
            case = case_in(read_conversation(conversation, stored.state)) if stored is not None else None
        except msgspec.DecodeError:
            continue
        if case is not None:
            found[case.id] = case
            if case.previous_id:
                found.setdefault(case.previous_id, None)
    return found


def _was_theirs(record: Record, person: Person, cases: dict[str, Case | None]) -> bool:
    """A row that was given up: words to them, or to the desk or the ticket system about them."""
    dead = _read(record, Dead)
    if dead is None:
        return _names(record.blob, person)
    match dead.body:
        case Reply() as reply:
            return person.key == person_key(reply.address)
        case TicketCall() as call:
            return call.case in cases or call.conversation in person.conversations
        case post:
            return case_of(post) in cases


def _came_from(record: Record, person: Person) -> bool:
    """Bytes that were set aside: an event of theirs, a state of one of their conversations."""
    kept = _read(record, Kept)
    if kept is None:
        return _names(record.blob, person)
    if record.key.rpartition("@")[0] in person.conversations:
        return True
    try:
        return msgspec.json.decode(kept.blob, type=Event).conversation in person.conversations
    except msgspec.DecodeError:
        return _names(kept.blob, person)


def _names(blob: bytes, person: Person) -> bool:
    """Unreadable bytes that hold one of their conversations' whole keys."""
    return any(f'"{conversation}"'.encode() in blob for conversation in person.conversations)


def _read(record: Record, type_: type[T]) -> T | None:
    try:
        return msgspec.json.decode(record.blob, type=type_)
    except msgspec.DecodeError:
        return None
