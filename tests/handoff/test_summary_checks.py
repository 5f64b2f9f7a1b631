"""No summary that does not pass its check is stored or shown, and none is too large (H70, H80)."""

from __future__ import annotations

import json
from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace

from engine.frame import Found
from handoff.document import Summary, canonical, plain, read
from handoff.facts import Attempt, CaseFacts
from handoff.fitting import MAX_BYTES
from handoff.proof import faults
from handoff.redaction import Redacted
from handoff.summary import build_summary
from tests.handoff.documents import document, refund
from tests.handoff.random_cases import facts_of
from tests.handoff.specification import check_summary

SEEDS = range(50)


@pytest.mark.parametrize("seed", SEEDS)
def test_H70_the_specifications_check_finds_nothing_in_a_random_conversations_summary(seed: int) -> None:
    check = check_summary()
    made = document(facts_of(seed))
    assert [*check.schema_faults(made), *check.meaning_faults(made)] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_H70_our_own_check_finds_nothing_either_and_nothing_was_replaced(seed: int) -> None:
    written = build_summary(facts_of(seed))
    assert written.replaced == ()
    assert faults(written.summary) == []


def test_a_stored_summary_is_read_again_as_it_was() -> None:
    summary = build_summary(facts_of(3)).summary
    assert read(canonical(summary)) == summary


def test_a_document_that_does_not_fit_is_refused_by_name() -> None:
    broken = plain(build_summary(facts_of(3)).summary) | {"handoff_id": "ho_1"}
    with pytest.raises(msgspec.ValidationError, match="handoff_id"):
        read(json.dumps(broken).encode())


def crowded(facts: CaseFacts, *, chars: int, rows: int) -> CaseFacts:
    """Long messages, many attempts."""
    base = facts.transcript[0]
    transcript = tuple(
        replace(base, turn=turn, at=base.at + timedelta(seconds=turn), text=f"{turn} " + "ä😀" * chars)
        for turn in range(30)
    )
    attempts = tuple(
        Attempt(at=base.at, kind="action", name=f"action_{row}", outcome="ok", result="ö" * 120) for row in range(rows)
    )
    return replace(facts, transcript=transcript, attempts=attempts)


def test_H80_older_messages_go_first_then_attempts() -> None:
    facts = crowded(refund("I want a refund", "ORD-12345"), chars=499, rows=40)
    written = build_summary(facts)
    assert len(canonical(written.summary)) <= MAX_BYTES
    assert written.replaced == ()
    assert len(written.summary.messages) < 20
    assert written.summary.messages[-1].text.startswith("29")
    assert len(written.summary.attempts) == 40 + 1, "and the look-up that found the facts"
    assert faults(written.summary) == []
    small = build_summary(facts, max_bytes=20 * 1024).summary
    assert len(small.attempts) < 40
    assert small.slots == written.summary.slots


def test_H80_values_too_large_for_a_document_are_shown_as_lines() -> None:
    facts = refund("I want a refund")
    frame = facts.conversation.stack[0]
    huge = {f"fact_{number}": "ü" * 500 for number in range(60)}
    looked_up = {"lookup:1": Found(outcome="found", facts=huge)}
    stack = (replace(frame, facts=huge, lookups=looked_up),)
    written = build_summary(replace(facts, conversation=replace(facts.conversation, stack=stack)))
    assert written.replaced == ()
    assert len(canonical(written.summary)) <= MAX_BYTES
    assert len(written.summary.facts) == 60
    assert faults(written.summary) == []


def test_H70_a_summary_that_fails_is_replaced_by_the_smallest_and_says_why() -> None:
    def blind(text: str) -> Redacted:
        return Redacted(text=text)

    facts = refund("my card is 4111 1111 1111 1111")
    written = build_summary(facts, blind)
    assert any(fault.startswith("M10") for fault in written.replaced)
    assert faults(written.summary) == []
    assert "4111" not in canonical(written.summary).decode()
    assert written.summary.handoff_id == facts.case.id


def spoiled(summary: Summary, kind: str) -> Summary:
    """The summary with one fault put into it."""
    told, messages = summary.narrative, summary.messages
    match kind:
        case "M1":
            return replace(summary, messages=(*messages, messages[-1]))
        case "M2":
            return replace(summary, trigger=replace(summary.trigger, primary="keyword"))
        case "M3":
            return replace(summary, narrative=replace(told, headline=replace(told.headline, evidence=("at99",))))
        case "M4":
            fired = summary.trigger.fired[0]
            evidence = (replace(fired.evidence[0], quote="nobody wrote this"),)
            return replace(summary, trigger=replace(summary.trigger, fired=(replace(fired, evidence=evidence),)))
        case "M10":
            said = replace(messages[-1], text="write to sarah@example.com")
            return replace(summary, messages=(*messages[:-1], said))
        case "M11":
            late = replace(messages[0], at=messages[-1].at + timedelta(days=1))
            return replace(summary, messages=(late, *messages[1:]))
        case "M12":
            return replace(summary, flow=replace(summary.flow, filled_slots=9))
        case "form":
            return replace(summary, queue="Billing Team")
        case _:
            raise AssertionError(kind)


FAULTS = ("M1", "M2", "M3", "M4", "M10", "M11", "M12", "form")


@pytest.mark.parametrize("kind", FAULTS)
def test_H70_our_check_finds_each_fault(kind: str) -> None:
    found = faults(spoiled(build_summary(refund("I want a refund", "ORD-12345")).summary, kind))
    assert any(fault.startswith(kind) for fault in found), found


@pytest.mark.parametrize("kind", FAULTS)
def test_H70_the_specifications_check_finds_each_of_them_too(kind: str) -> None:
    summary = spoiled(build_summary(refund("I want a refund", "ORD-12345")).summary, kind)
    check = check_summary()
    made = json.loads(canonical(summary))
    assert check.schema_faults(made) or check.meaning_faults(made)
