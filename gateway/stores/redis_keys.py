"""Where things are kept in Redis: partitions, each with one hash tag and so in one slot of a cluster (I9).

f:{p}:due ZSET     conversation -> µs of the gateway's clock: free, and something to do then
f:{p}:held ZSET    conversation -> ms of Redis's clock: leased until then
f:{p}:all ZSET     every conversation, in order
f:{p}:h:… HASH     v version, k lease token, a attempts, d doubtful rows, n next timer (µs), c last accept's call
f:{p}:b:… STRING   state, packed       f:{p}:s:… ZSET    dedupe key -> µs
f:{p}:i:… LIST     inbox               f:{p}:o:… LIST    outbox; both id, bytes, id, bytes, …
f:{p}:r:kind:… HASH   record: v, b bytes, c last put's call       f:{p}:x:kind ZSET   the kind's keys, in order
f:{p}:e:kind:… STREAM entries: i id, b bytes   f:{p}:u:kind:… HASH   entry id -> seq   f:{p}:q   the last seq
f:meta HASH        what must not change: how many partitions there are, and the schema
"""

from __future__ import annotations

from zlib import crc32

PARTITIONS = 32
"""Fixed for ever: a conversation is found by its partition's number."""
SCHEMA = 1
META = b"f:meta"
NEWS = b"f:news"
"""The channel on which processes tell one another to look sooner."""

_TAGS = tuple(b"f:{%d}:" % number for number in range(PARTITIONS))

Keys = tuple[bytes, ...]


def conversation_keys(name: bytes) -> Keys:
    """In the order in which `scripts/conversation.lua` unpacks them."""
    tag = _tag(name)
    return (
        tag + b"due",
        tag + b"held",
        tag + b"all",
        tag + b"h:" + name,
        tag + b"b:" + name,
        tag + b"i:" + name,
        tag + b"o:" + name,
        tag + b"s:" + name,
    )


def schedules() -> tuple[Keys, ...]:
    """Every partition's two schedules: `due` and `held`."""
    return tuple((tag + b"due", tag + b"held") for tag in _TAGS)


def conversation_indexes() -> tuple[Keys, ...]:
    """Every partition's index of conversations."""
    return tuple((tag + b"all",) for tag in _TAGS)


def record_indexes(kind: bytes) -> tuple[Keys, ...]:
    """Every partition's index of a kind."""
    return tuple((tag + b"x:" + kind,) for tag in _TAGS)


def record_keys(kind: bytes, key: bytes) -> Keys:
    """A record, and the index it is in."""
    tag = _tag(key)
    return (tag + b"r:" + kind + b":" + key, tag + b"x:" + kind)


def entry_keys(kind: bytes, key: bytes) -> Keys:
    """A key's entries, their places by id, and the counter they are numbered by."""
    tag = _tag(key)
    return (tag + b"e:" + kind + b":" + key, tag + b"u:" + kind + b":" + key, tag + b"q")


def _tag(name: bytes) -> bytes:
    return _TAGS[crc32(name) % PARTITIONS]
