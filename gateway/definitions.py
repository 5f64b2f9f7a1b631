"""Flows by content hash, kept in the store: any process can go on with a run that another one began (R58).

1. A deployed flow is kept before the first run of it begins, so a run's version is in the store wherever it began.
2. A version is kept under its own name, and goes by it: a program of another age may read less of it than was written.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import structlog

from engine.flow import FlowDef, content_hash
from engine.store import Record, Records
from engine.variants import definitions
from gateway.rows import encode

DEFINITION = "definition"
"""The kind of record."""

_log = structlog.get_logger("frontdesk.definitions")


async def keep(records: Records, flows: Iterable[FlowDef]) -> None:
    """Keep the deployed versions for the runs that will begin under them. May raise StoreAway."""
    for flow in (version for one in flows for version in definitions(one)):
        await records.put(DEFINITION, content_hash(flow), encode(flow))


async def kept(records: Records) -> dict[str, FlowDef]:
    """Every version ever kept, by its name. May raise StoreAway.

    One that cannot be read any more is left out, for the runs that began under it to be moved to the deployed one.
    """
    found: dict[str, FlowDef] = {}
    after = ""
    while page := await records.scan(DEFINITION, after=after):
        found |= {record.key: flow for record in page if (flow := _readable(record)) is not None}
        after = page[-1].key
    return found


async def definition(records: Records, version: str) -> FlowDef | None:
    """One version, if it is kept and can be read. May raise StoreAway."""
    record = await records.get(DEFINITION, version)
    return _readable(record) if record else None


def _readable(record: Record) -> FlowDef | None:
    try:
        return msgspec.json.decode(record.blob, type=FlowDef)
    except msgspec.DecodeError as broken:
        _log.error("a kept flow is unreadable", version=record.key, why=str(broken))
        return None
