"""docs/measures.md says what is measured: every field of the journal, from the code that writes it."""

from __future__ import annotations

import msgspec

from engine.archive import Reason
from engine.measuring import FREE_TOPICS
from engine.notes import Notes
from engine.phase import Phase
from engine.signals import Signals
from tests.journal_page import PAGE, PARTS, meanings, rendered, written


def test_every_field_of_the_journal_says_what_it_is() -> None:
    unsaid = [f"{part.__name__}.{name}" for part in PARTS for name, meaning in meanings(part) if not meaning]
    assert unsaid == [], "write a sentence below the field"


def test_the_page_has_the_fields_as_they_are() -> None:
    assert rendered() in PAGE.read_text("utf-8"), "write it anew: python -m tests.journal_page"
    assert written(PAGE.read_text("utf-8")) == PAGE.read_text("utf-8")


def test_every_part_of_a_turn_has_its_own_table() -> None:
    nested = {one for field in msgspec.structs.fields(Notes) for one in PARTS if one.__name__ in str(field.type)}
    assert nested == PARTS.keys() - {Notes}
    used = [str(field.type) for field in msgspec.structs.fields(Notes) if "engine." in str(field.type)]
    assert not [one for one in used if not any(part.__name__ in one for part in PARTS)]


def test_the_page_names_every_reason_phase_and_signal() -> None:
    page = PAGE.read_text("utf-8")
    words = [*Reason, *Phase, *Signals.__struct_fields__]
    assert [word for word in words if f"`{word}`" not in page] == []
    assert "topics beyond the second" in page
    assert FREE_TOPICS == 2
