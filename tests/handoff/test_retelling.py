"""H74: what a model is told of a case, and what its words do to the card: a new revision, shown with its JSON."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from handoff.lifecycle import step
from handoff.moves import CardWork, Move, Trigger
from handoff.posts import CardUpdate
from handoff.retelling import case_told, evidence_of, narrative_schema, read_told
from handoff.showing import Shown, posts_of
from handoff.statements import Retold
from handoff.summary import build_summary
from tests.handoff.desk import claimed, queued
from tests.handoff.documents import refund
from tests.handoff.tellers import headline_of, newest, said, told


def retold() -> Retold:
    """A narrative that passed."""
    facts = refund("I want a refund")
    summary = build_summary(facts).summary
    story = told(headline_of(summary), [said("Customer wants money back.", newest(summary))])
    return Retold(told=story, model="m", prompt_version="v", at=facts.now)


@pytest.mark.parametrize("desk", [queued(), claimed()], ids=["queued", "claimed"])
def test_H74_a_new_narrative_is_a_new_revision_with_its_own_json_and_no_word_to_the_customer(desk: object) -> None:
    before = desk.case  # type: ignore[attr-defined]
    taken = step(before, Move(trigger=Trigger.NEW_NARRATIVE, retold=retold()), now=desk.now, policy=desk.policy)  # type: ignore[attr-defined]
    assert (taken.case.revision, taken.case.version) == (before.revision + 1, before.version)
    assert taken.effects.say == ()
    assert taken.effects.card is CardWork.UPDATE
    shown = Shown(before=before, after=taken.case, effects=taken.effects)
    posts = list(posts_of(shown, build_summary(refund("I want a refund")).summary, conversation="c", id="t"))
    assert [(type(post), post.anew) for post in posts if isinstance(post, CardUpdate)] == [(CardUpdate, True)]


def test_H74_a_case_is_told_in_lines_that_hold_no_time_hash_or_id_of_ours() -> None:
    facts = refund("I want a refund", "ORD-12345", "my card is 4111 1111 1111 1111")
    summary = build_summary(facts).summary
    lines = evidence_of(summary)
    assert lines["slot:order_number"] == "order number: filled, ORD-12345"
    assert lines["m1"] == "customer: I want a refund"
    assert {"flow:active", "at1", "fact:item"} <= lines.keys()
    everything = str(case_told(summary))
    assert not [one for one in (summary.handoff_id, summary.ids.trace_id, "sha256", "4111 1111") if one in everything]


def test_H74_the_schema_asks_for_all_and_allows_nothing_else() -> None:
    schema = narrative_schema()
    assert schema["required"] == list(schema["properties"])
    assert schema["additionalProperties"] is False
    with pytest.raises(ValueError, match="shape"):
        read_told('{"headline": {"text": "x", "evidence": []}}')
    with pytest.raises(ValueError, match="one JSON object"):
        read_told("no JSON")


def test_H70_words_that_would_break_the_document_leave_the_code_written_ones() -> None:
    facts = refund("I want a refund")
    mine = retold()
    long = replace(mine, told=replace(mine.told, headline=said("x" * 141, "m1")))
    summary = build_summary(replace(facts, case=replace(facts.case, retold=long))).summary
    assert summary.narrative.author.kind == "code"
