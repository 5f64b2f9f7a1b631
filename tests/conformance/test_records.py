"""What every store promises about records."""

from __future__ import annotations

import asyncio

import pytest

from engine.store import Record, Records

pytestmark = pytest.mark.anyio


async def test_X62_a_record_is_what_was_put_until_it_is_dropped(records: Records) -> None:
    assert await records.get("profile", "ann") is None
    assert await records.put("profile", "ann", b"one")
    assert await records.get("profile", "ann") == Record(key="ann", version=1, blob=b"one")
    assert await records.put("profile", "ann", b"two")
    assert await records.get("profile", "ann") == Record(key="ann", version=2, blob=b"two")
    await records.drop("profile", "ann")
    await records.drop("profile", "ann")
    assert await records.get("profile", "ann") is None


async def test_I3_put_with_an_expected_version_loses_against_a_newer_one(records: Records) -> None:
    assert not await records.put("link", "k", b"x", expect=1)
    assert await records.put("link", "k", b"one", expect=0)
    assert not await records.put("link", "k", b"x", expect=0)
    assert not await records.put("link", "k", b"x", expect=2)
    assert await records.put("link", "k", b"two", expect=1)
    assert await records.get("link", "k") == Record(key="k", version=2, blob=b"two")


async def test_I3_of_many_that_create_at_once_one_wins(records: Records) -> None:
    won = await asyncio.gather(*(records.put("link", "k", b"%d" % n, expect=0) for n in range(20)))
    assert sum(won) == 1


async def test_I8_an_entry_is_added_once_per_id_and_keeps_its_seq(records: Records) -> None:
    first = await records.add("journal", "ann", "t1", b"one")
    second = await records.add("journal", "ann", "t2", b"two")
    assert await records.add("journal", "ann", "t1", b"other") == first < second
    await records.add("journal", "ben", "t1", b"his")
    assert [(entry.seq, entry.id, entry.blob) for entry in await records.read("journal", "ann")] == [
        (first, "t1", b"one"),
        (second, "t2", b"two"),
    ]


async def test_I7_entries_are_read_oldest_first_after_a_seq_or_from_the_end(records: Records) -> None:
    seqs = [await records.add("stream", "ann", f"e{n}", b"%d" % n) for n in range(5)]
    assert [entry.id for entry in await records.read("stream", "ann", limit=2)] == ["e0", "e1"]
    assert [entry.id for entry in await records.read("stream", "ann", after=seqs[2])] == ["e3", "e4"]
    assert [entry.id for entry in await records.read("stream", "ann", last=2)] == ["e3", "e4"]
    assert [entry.id for entry in await records.read("stream", "ann", after=seqs[3], last=2)] == ["e4"]
    assert await records.read("stream", "nobody") == []


async def test_I14_a_seq_is_never_used_again(records: Records) -> None:
    last = await records.add("stream", "ann", "e1", b"one")
    await records.drop("stream", "ann")
    assert await records.read("stream", "ann") == []
    assert await records.add("stream", "ann", "e1", b"one") > last


async def test_X62_scan_finds_a_prefix_page_by_page_in_order(records: Records) -> None:
    for key in ("b:1", "a:2", "a:10", "a:1", "a", "ä:1", "a:\U0001f600"):
        await records.put("thread", key, key.encode())
    await records.put("link", "a:3", b"another kind")
    assert [record.key for record in await records.scan("thread", "a:")] == ["a:1", "a:10", "a:2", "a:\U0001f600"]
    assert [record.key for record in await records.scan("thread", "a:", after="a:1", limit=2)] == ["a:10", "a:2"]
    assert [record.key for record in await records.scan("thread")] == [
        "a", "a:1", "a:10", "a:2", "a:\U0001f600", "b:1", "ä:1",
    ]  # fmt: skip
    assert await records.scan("thread", "%") == []


async def test_X62_a_kind_and_key_keep_record_and_entries_apart(records: Records) -> None:
    await records.put("journal", "ann", b"head")
    await records.add("journal", "ann", "t1", b"one")
    assert await records.get("journal", "ann") == Record(key="ann", version=1, blob=b"head")
    assert [record.key for record in await records.scan("journal")] == ["ann"]
    await records.drop("journal", "ann")
    assert await records.get("journal", "ann") is None
    assert await records.read("journal", "ann") == []
