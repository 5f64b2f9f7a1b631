"""What the mailbox tells the outbox: who has opted out, and which parts a provider says it has (X65, C34)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

import msgspec

from engine.message import Event, EventKind
from engine.ports import Grant
from gateway.rows import Row, read_event

Reported = Mapping[str, tuple[str, ...]]
"""Outbox row id -> provider ids of its parts that delivery reports name."""

_CONSENT = frozenset({EventKind.OPT_OUT, EventKind.OPT_IN})


class _Consent(msgspec.Struct):
    """All that is read here of a stored conversation."""

    opted_out: bool = False


_STATE = msgspec.json.Decoder(_Consent)


def opted_out(grant: Grant) -> bool:
    """Has the person opted out: by an event that still waits, else by the committed conversation?"""
    waiting = [event for event in _waiting(grant) if event.kind in _CONSENT]
    if waiting:
        return max(waiting, key=lambda event: event.order).kind is EventKind.OPT_OUT
    return bool(grant.state) and _STATE.decode(grant.state).opted_out


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
