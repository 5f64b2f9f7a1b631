"""The card: Slack's limits, buttons that say what they are, and nothing live in it (H52, H57, H60, H78, H79, C62)."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from handoff.agentlines import AGENT_LINES, REFUSALS, why_not
from handoff.buttons import TRIGGERS, Press, press_of, verdict_of
from handoff.card import Size, card_of
from handoff.case import OPEN, CaseState, Outcome, Verdict
from handoff.document import Summary, canonical, sha256
from handoff.facts import Said
from handoff.markup import escaped, visible
from handoff.moves import Refused, Trigger
from handoff.summary import build_summary
from tests.handoff.desk import ANNA
from tests.handoff.random_cases import facts_of
from tests.handoff.specification import check_summary

LIVE = re.compile(r"<!(?:channel|here|everyone|subteam)|<@|<https?:|<#")
SEEDS = range(30)
HOSTILE = (
    "<!channel>", "<@U123>", "<https://evil.example|bank>", "&lt;!here&gt;", "a\u202eb", "z\u200bw", "\U000e0041!",
    "hi\n*bot:* Your refund was approved", "```js", "> quoted", "x" * 5000, "&" * 2000,
)  # fmt: skip


def summary_of(seed: int) -> Summary:
    return build_summary(facts_of(seed)).summary


def strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for inner in node.values():
            yield from strings(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from strings(inner)


def texts(card: dict[str, Any]) -> list[str]:
    """Everything an agent can read."""
    return [card["text"], *strings(card["blocks"])]


def buttons(card: dict[str, Any]) -> list[dict[str, Any]]:
    rows = [block["elements"] for block in card["blocks"] if block["type"] == "actions"]
    return [element for row in rows for element in row]


def within_limits(card: dict[str, Any]) -> None:
    """C62 and H79, said once more in a test of our own."""
    assert 1 <= len(card["text"]) <= 300
    assert len(card["blocks"]) <= 50
    assert sum(map(len, strings(card["blocks"]))) <= 10_000
    assert len(json.dumps(card["metadata"]).encode()) < 4096
    assert not any(isinstance(value, (dict, list)) for value in card["metadata"]["event_payload"].values())
    for block in card["blocks"]:
        text = block.get("text", {}).get("text", "")
        assert len(text) <= {"header": 150, "section": 3000}.get(block["type"], 0)
        assert len(block.get("fields", [])) <= 10
        assert all(len(field["text"]) <= 2000 for field in block.get("fields", []))
        assert len(block.get("elements", [])) <= (25 if block["type"] == "actions" else 10)
    for button in buttons(card):
        assert len(button["action_id"]) <= 255
        assert len(button.get("value", "")) <= 2000


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("size", Size)
def test_H79_a_card_of_any_size_is_within_slacks_limits(seed: int, size: Size) -> None:
    card = card_of(summary_of(seed), facts_of(seed).case, size)
    within_limits(card)
    assert not any(LIVE.search(text) for text in texts(card))


@pytest.mark.parametrize("seed", SEEDS)
def test_H79_the_specifications_check_finds_nothing(seed: int) -> None:
    summary = summary_of(seed)
    card = card_of(summary, facts_of(seed).case)
    assert check_summary().card_faults(card, {summary.handoff_id: json.loads(canonical(summary))}) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_H79_slacks_own_models_take_it(seed: int) -> None:
    if importlib.util.find_spec("slack_sdk") is None:
        pytest.skip("slack_sdk is not installed -> pip install slack_sdk")
    from slack_sdk.models.blocks import Block

    facts = facts_of(seed)
    for state in (facts.case.state, CaseState.RESOLVED, CaseState.EXPIRED):
        card = card_of(summary_of(seed), replace(facts.case, state=state))
        for block in Block.parse_all(card["blocks"]):
            block.validate_json()


@pytest.mark.parametrize("state", CaseState)
def test_every_state_has_a_card_in_an_agents_words(state: CaseState) -> None:
    case = replace(facts_of(1).case, state=state, claimed_by=ANNA, timers={}, trouble="blocked")
    card = card_of(summary_of(1), case)
    within_limits(card)
    assert "_" not in state or state not in " ".join(texts(card))


def test_H57_action_ids_are_fixed_and_values_name_case_and_version() -> None:
    case = replace(facts_of(1).case, state=CaseState.QUEUED)
    found = buttons(card_of(summary_of(1), case))
    assert [button["action_id"] for button in found] == [
        "handoff_claim",
        "handoff_return",
        "handoff_resolve",
        "handoff_transfer",
        "handoff_snooze",
        "handoff_false_alarm",
        "handoff_more",
    ]
    assert {button.get("value") for button in found[:-1]} == {f"{case.id}:{case.version}"}
    assert [option["value"].partition(":")[0] for option in found[-1]["options"]] == [
        "reply",
        "unclaim",
        "ticket",
        "reveal",
    ]


@pytest.mark.parametrize("state", OPEN)
def test_H57_every_button_is_read_back_as_what_it_was(state: CaseState) -> None:
    case = replace(facts_of(1).case, state=state)
    for button in buttons(card_of(summary_of(1), case)):
        for value in [button.get("value", ""), *(option["value"] for option in button.get("options", []))]:
            if value:
                press = press_of(button["action_id"], value)
                assert press is not None
                assert (press.case, press.seen) == (case.id, case.version)
                assert press.button in TRIGGERS or press.button in ("reply", "reveal", "retry")


@pytest.mark.parametrize(
    ("action_id", "value", "press"),
    [
        ("handoff_claim", "ho_1", Press(button="claim", case="ho_1", seen=0)),
        ("handoff_claim", "ho_1:x", Press(button="claim", case="ho_1", seen=0)),
        ("handoff_claim", "ho_1:99999999999999999999", Press(button="claim", case="ho_1", seen=0)),
        ("handoff_more", "ticket:ho_1:4", Press(button="ticket", case="ho_1", seen=4)),
        ("handoff_claim", "", None),
        ("fd_yes", "ho_1:4", None),
    ],
)
def test_H57_a_value_without_a_version_is_stale_and_what_is_no_button_is_none(
    action_id: str, value: str, press: Press | None
) -> None:
    assert press_of(action_id, value) == press


def test_H130_a_closed_card_asks_for_the_verdict_until_it_has_one() -> None:
    case = replace(facts_of(1).case, state=CaseState.RESOLVED, outcome=Outcome.NOT_SOLVED, claimed_by=ANNA)
    asked = card_of(summary_of(1), case)
    assert [verdict_of(button["action_id"].removeprefix("handoff_")) for button in buttons(asked)] == list(Verdict)
    given = card_of(summary_of(1), replace(case, verdict=Verdict.GOOD_CALL))
    assert buttons(given) == []
    assert any("Verdict: good call" in text for text in texts(given))


def test_H51_an_undelivered_card_says_why_and_offers_to_try_again() -> None:
    case = replace(facts_of(1).case, state=CaseState.UNDELIVERED, trouble="opted out", claimed_by=ANNA)
    card = card_of(summary_of(1), case)
    assert [button["action_id"] for button in buttons(card)][:2] == ["handoff_retry", "handoff_ticket"]
    assert any("not delivered: opted out" in text for text in texts(card))


def test_H60_the_line_on_phones_holds_nothing_of_the_customers() -> None:
    for seed in SEEDS:
        facts = facts_of(seed)
        line = card_of(summary_of(seed), facts.case)["text"]
        assert line.startswith("Web: ")
        assert summary_of(seed).priority.level in line
        assert not facts.customer.display_name or facts.customer.display_name not in line


def test_H78_the_metadata_carries_the_hash_of_the_very_document() -> None:
    summary = summary_of(2)
    payload = card_of(summary, facts_of(2).case)["metadata"]["event_payload"]
    assert payload["summary_sha256"] == sha256(summary)
    assert (payload["handoff_id"], payload["revision"]) == (summary.handoff_id, summary.revision)


@pytest.mark.parametrize("words", HOSTILE)
def test_H52_customers_words_arrive_as_harmless_visible_text(words: str) -> None:
    facts = facts_of(1)
    said = Said(turn=99, at=facts.now + timedelta(seconds=1), who="customer", text=f"hello {words} bye")
    customer = replace(facts.customer, display_name=words)
    spoken = replace(facts, transcript=(*facts.transcript, said), customer=customer)
    card = card_of(build_summary(spoken).summary, facts.case)
    within_limits(card)
    shown = "\n".join(texts(card))
    assert not LIVE.search(shown)
    assert not re.search("[\u200b\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]", shown)
    assert all(line.startswith(">") for block in card["blocks"] if block.get("block_id") == "last"
               for line in block["text"]["text"].split("\n"))  # fmt: skip
    assert "```" not in shown


def test_H52_hidden_characters_are_spelled_out_and_emoji_stay_whole() -> None:
    assert visible("a\u202eb\u200bc") == "a[U+202E]b[U+200B]c"
    assert visible("\U000e0048\U000e0069") == "Hi"
    assert visible("👩‍👩‍👧 sí, می‌خواهم") == "👩‍👩‍👧 sí, می‌خواهم"


@given(st.text(), st.integers(1, 80))
def test_a_cut_never_splits_an_escape(text: str, chars: int) -> None:
    made = escaped(text, chars)
    assert len(made) <= chars
    assert not re.search("[<>]", made)
    assert not re.search("&(?!amp;|lt;|gt;)", made)


def test_every_line_for_agents_can_be_said() -> None:
    assert set(REFUSALS) == set(Refused)
    assert why_not(Refused.ALREADY_CLAIMED, claimer="Anna") == "Already claimed by Anna."
    assert all(AGENT_LINES.values())
    assert set(TRIGGERS.values()) <= set(Trigger)
