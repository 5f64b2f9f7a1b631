"""What the mailbox tells the outbox: who may be written to, by whom, and which parts a provider has (X65, H4, C34)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

import msgspec

from engine.message import Event, EventKind, Reply, Voice
from engine.store import Grant
from gateway.rows import Row, read_event

Reported = Mapping[str, tuple[str, ...]]
"""Outbox row id -> provider ids of its parts that delivery reports name."""

_CONSENT = frozenset({EventKind.OPT_OUT, EventKind.OPT_IN})


OPTED_OUT = "the person opted out"
OWNED = "a person has the conversation now"


class _Standing(msgspec.Struct):
    """All that is read here of a stored conversation."""

    opted_out: bool = False
    owner: str = "bot"


_STATE = msgspec.json.Decoder(_Standing)


def unwanted(grant: Grant, reply: Reply) -> str:
    """Why a reply must not be sent any more, "" if it may: the person has opted out (X65), by an event that still
    waits or by the committed conversation; or a person answers there now, and this is the bot's (H4, H24)."""
    if not grant.state:
        return OPTED_OUT if _opted_out(grant, _Standing()) else ""
    standing = _STATE.decode(grant.state)
    if _opted_out(grant, standing):
        return OPTED_OUT
    return OWNED if reply.voice is Voice.BOT and standing.owner != "bot" else ""


def _opted_out(grant: Grant, standing: _Standing) -> bool:
    waiting = [event for event in _waiting(grant) if event.kind in _CONSENT]
    if waiting:
        return max(waiting, key=lambda event: event.order).kind is EventKind.OPT_OUT
    return standing.opted_out


def reported_parts(grant: Grant) -> Reported:
    """What the delivery reports in the inbox say of the rows that wait."""
    rows = {id for id, _ in grant.outbox}
    found: dict[str, tuple[str, ...]] = {}
    for event in _waiting(grant) if rows else ():
        row, part = event.fields.get("ref", ""), event.fields.get("part", "")
        if event.kind is EventKind.RECEIPT and row in rows and part:
            found[row] = tuple(dict.fromkeys((*found.get(row, ()), part)))
    return found


def informed(row: Row, reported: Sequence[str], *, repeated: bool) -> Row:
    """The row with the part whose fate was unknown as sent, where a report names one we did not know of (C34, C77).

    `repeated`: a holder that ended without settling may have sent it too.
    """
    news = [part for part in reported if part not in row.parts]
    if not news or not (row.unknown or row.doubt or repeated):
        return row
    return msgspec.structs.replace(row.with_sent(news[:1]), doubt=row.doubt or repeated)


def _waiting(grant: Grant) -> Iterator[Event]:
    for _, blob in grant.inbox:
        with suppress(msgspec.DecodeError):  # an unreadable event is told and set aside by its turn
            yield read_event(blob)
