"""States in Redis are packed, and read back as they were."""

from __future__ import annotations

from datetime import UTC, datetime
from os import urandom

import pytest

from engine.conversation import Conversation, Spoken
from engine.frame import Frame, Slot
from engine.message import Address
from gateway.rows import encode
from gateway.stores.redis_states import packed, unpacked

NOW = datetime(2026, 3, 2, 15, 15, tzinfo=UTC)


def test_a_state_comes_back_to_the_byte() -> None:
    for state in (b"", b"\x01", b"{}", urandom(100_000), b'{"id":"telegram:1:2"}' * 10_000):
        assert unpacked(packed(state)) == state


def test_F33_a_short_talk_is_kept_in_less_than_half() -> None:
    slots = {"order_number": Slot(value="ORD-12345", words="ord-12345", turn=1)}
    frame = Frame(run="92600f891bce92600f891bce", flow="refund", version="6a29b6c8f48212d3", start="start", slots=slots)
    state = encode(
        Conversation(
            id="telegram:990000000700:7",
            address=Address(channel="telegram", account="990000000700", chat="7", person="7"),
            turn=2,
            stack=(frame,),
            window=(Spoken(who="customer", text="I want a refund"), Spoken(who="bot", text="Which order number?")),
            heard_at=NOW,
            idle_since=NOW,
        )
    )
    assert len(packed(state)) < len(state) / 2


@pytest.mark.parametrize("stored", [b'{"id":"telegram:1:2"}', b"\x01\xff\xff\xff", b"rubbish"])
def test_F16_what_was_never_packed_is_handed_on_for_its_reader_to_refuse(stored: bytes) -> None:
    assert unpacked(stored) == stored


def test_F16_a_state_that_was_cut_off_is_not_read_as_a_whole_one() -> None:
    state = b'{"id":"telegram:1:2","window":[]}'
    assert unpacked(packed(state)[:-4]) != state
