"""Records in Redis: versioned values and append-only entries, by kind and key, spread over the partitions by key."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable

from engine.store import Entry, Record
from gateway.stores.redis_grants import new_token
from gateway.stores.redis_keys import entry_keys, record_indexes, record_keys
from gateway.stores.redis_scripts import ENTRIES, script
from gateway.stores.redis_wire import Wire


class RedisRecords:
    """`engine.ports.Records` on Redis. Each verb is one script; `scan` is two rounds of them."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def get(self, kind: str, key: str) -> Record | None:
        """The record, or None."""
        version, blob = await self._wire.run(script("get"), record_keys(kind.encode(), key.encode())[:1])
        return None if version is None else Record(key=key, version=int(version), blob=blob)

    async def put(self, kind: str, key: str, blob: bytes, *, expect: int | None = None) -> bool:
        """Store it; with `expect` only if the stored version equals it (0: must not exist yet)."""
        name = key.encode()
        wanted = b"" if expect is None else expect
        stored = await self._wire.run(script("put"), record_keys(kind.encode(), name), name, new_token(), wanted, blob)
        return bool(stored)

    def add(self, kind: str, key: str, id: str, blob: bytes) -> Awaitable[int]:
        """Append under `key`, once per `id`. A seq is never used twice, also not after `drop`."""
        return self._wire.run(script("add", ENTRIES), entry_keys(kind.encode(), key.encode()), id.encode(), blob)

    async def read(
        self, kind: str, key: str, *, after: int = 0, limit: int = 100, last: int | None = None
    ) -> list[Entry]:
        """At most `limit` entries with seq > `after`, or the newest `last` of them; oldest first."""
        entries = entry_keys(kind.encode(), key.encode())[:1]
        count, newest = (limit, 0) if last is None else (last, 1)
        answer = await self._wire.run(script("read"), entries, after, count, newest)
        found = [
            Entry(seq=int(place.partition(b"-")[0]), id=id.decode(), blob=blob) for place, (_, id, _, blob) in answer
        ]
        return found[::-1] if newest else found

    async def scan(self, kind: str, prefix: str = "", *, after: str = "", limit: int = 100) -> list[Record]:
        """Records whose key starts with `prefix`, in code point order, after `after`."""
        start, beyond = prefix.encode(), after.encode()
        first = b"[" + start if start > beyond or not beyond else b"(" + beyond
        end = b"(" + start + b"\xff"  # no UTF-8 text holds that byte, so it stands behind all that begin with `start`
        asked = [self._wire.run(script("names"), keys, first, end, limit) for keys in record_indexes(kind.encode())]
        names = heapq.merge(*await asyncio.gather(*asked))
        chosen = [name.decode() for name, _ in zip(names, range(limit), strict=False)]
        found = await asyncio.gather(*(self.get(kind, key) for key in chosen))
        return [record for record in found if record is not None]

    async def drop(self, kind: str, key: str) -> None:
        """Remove the record and its entries."""
        name, of = key.encode(), kind.encode()
        entries, places, _ = entry_keys(of, name)
        await self._wire.run(script("drop"), (*record_keys(of, name), entries, places), name)
