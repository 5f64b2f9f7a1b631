"""The windows agents fill in, and how what comes back is read (H58, H130)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.base import Verified
from channels.slack import SlackChannel, SlackKeys
from channels.slack_delivery import Delivery
from channels.slack_places import Roles
from handoff.answers import SNOOZES, Answer, answer_of
from handoff.buttons import Press, press_of
from handoff.case import Outcome, Verdict
from handoff.policy import MAX_SNOOZE_S
from handoff.posts import Window
from handoff.slack_windows import view_of
from tests.handoff.desk import MONDAY
from tests.handoff.slack_face import CASE

BUTTONS = ("resolve", "transfer", "snooze", "reply")


def view(button: str, *queues: str) -> dict[str, Any]:
    """A window's view."""
    asked = Window(
        id="row:o", case=CASE.id, version=3, button=button, trigger="1.2.a", expires_at=MONDAY, queues=queues
    )
    made = view_of(asked)
    assert made is not None
    return made


def elements(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The inputs by their block's id."""
    return {block["block_id"]: block["element"] for block in made["blocks"]}


def values(element: dict[str, Any]) -> list[str]:
    """What can be chosen."""
    return [option["value"] for option in element["options"]]


def filled_in(made: dict[str, Any], **state: dict[str, Any]) -> Answer | None:
    """The answer to a window, by way of Slack's delivery and our channel's event."""
    submitted = {"values": {block: {"x": {"type": "t", **given}} for block, given in state.items()}}
    payload = {
        "type": "view_submission",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "view": {**made, "id": "V1", "hash": "1.h", "state": submitted},
    }
    channel = SlackChannel(SlackKeys(token="xoxb-1"), Roles(desk={"C1"}))
    (event,) = channel.parse(Verified(body=Delivery(payload=payload, received=MONDAY)))
    assert press_of(event.fields["action"], event.fields["about"]) == Press(
        button=made["callback_id"].removeprefix("handoff_"), case=CASE.id, seen=3
    )
    return answer_of(event.fields["action"], event.fields["inputs"], now=MONDAY, zone="Europe/Berlin")


def chosen(value: str) -> dict[str, Any]:
    return {"selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": value}}


@pytest.mark.parametrize("button", BUTTONS)
@pytest.mark.parametrize("queues", [(), ("billing", "tech"), tuple(f"{'q' * 90}{n}" for n in range(150))])
def test_H58_slacks_own_models_take_every_window(button: str, queues: tuple[str, ...]) -> None:
    from slack_sdk.models.blocks import Block
    from slack_sdk.models.views import View

    made = view(button, *queues)
    View(**made).validate_json()
    for block in made["blocks"]:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()
        parsed.element.validate_json()  # type: ignore[attr-defined]  # every block of ours is an input
        for option in block["element"].get("options", []):
            assert len(option["text"]["text"]) <= 75
            assert len(option["value"]) <= 150, "Slack docs, Block Kit: value of an option"
    assert len({block["block_id"] for block in made["blocks"]}) == len(made["blocks"])


@pytest.mark.parametrize("button", BUTTONS)
def test_H58_a_window_carries_ids_only(button: str) -> None:
    made = view(button, "billing")
    assert made["private_metadata"] == f"{CASE.id}:3"
    assert made["callback_id"] == f"handoff_{button}"


def test_H58_resolve_asks_outcome_and_verdict_and_perhaps_a_note() -> None:
    made = view("resolve")
    assert values(elements(made)["outcome"]) == ["solved", "not_solved", "duplicate", "spam"]
    assert values(elements(made)["verdict"]) == ["good_call", "false_alarm", "too_late"]
    assert [block["optional"] for block in made["blocks"]] == [False, False, True]
    answer = filled_in(made, outcome=chosen("not_solved"), verdict=chosen("too_late"), note={"value": " call back "})
    assert answer == Answer(button="resolve", outcome=Outcome.NOT_SOLVED, verdict=Verdict.TOO_LATE, note="call back")


def test_section_2_transfer_offers_the_teams_and_the_default_once() -> None:
    assert values(elements(view("transfer", "billing", "default", "tech"))["queue"]) == ["billing", "default", "tech"]
    assert values(elements(view("transfer"))["queue"]) == ["default"]
    assert filled_in(view("transfer", "billing"), queue=chosen("billing")) == Answer(button="transfer", queue="billing")


@pytest.mark.parametrize(
    ("wake", "until"),
    [
        ("15m", MONDAY + timedelta(minutes=15)),
        ("1h", MONDAY + timedelta(hours=1)),
        ("3h", MONDAY + timedelta(hours=3)),
        ("tomorrow", datetime(2026, 3, 3, 8, 0, tzinfo=UTC)),
        ("someday", None),
    ],
)
def test_section_2_snooze_offers_times_of_the_desks_own_day(wake: str, until: datetime | None) -> None:
    made = view("snooze")
    assert values(elements(made)["wake"]) == list(SNOOZES)
    assert filled_in(made, wake=chosen(wake), minutes={"value": None}) == Answer(button="snooze", until=until)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("45", 45),
        ("1", 1),
        ("43200", 43200),
        ("43201", 43201),
        ("0", 60),
        ("-5", 60),
        ("soon", 60),
        ("1e9", 60),
        ("٣", 60),
    ],
)
def test_section_2_a_number_of_minutes_wins_if_it_is_one(typed: str, minutes: int) -> None:
    answer = filled_in(view("snooze"), wake=chosen("1h"), minutes={"value": typed})
    assert answer is not None
    assert answer.until == MONDAY + timedelta(minutes=minutes)
    assert float(elements(view("snooze"))["minutes"]["max_value"]) * 60 == MAX_SNOOZE_S


def test_tomorrow_morning_is_nine_on_the_desks_own_clock_also_when_it_changes() -> None:
    evening = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)  # 00:30 on the 29th in Berlin, whose clocks go forward then
    answer = answer_of("handoff_snooze", '{"wake": "tomorrow"}', now=evening, zone="Europe/Berlin")
    assert answer is not None
    assert answer.until == datetime(2026, 3, 30, 7, 0, tzinfo=UTC)


def test_H44_a_reply_comes_back_as_it_was_written() -> None:
    answer = filled_in(view("reply"), text={"value": "Hello <you> & all\nbye"})
    assert answer == Answer(button="reply", text="Hello <you> & all\nbye")


def test_several_chosen_are_read_as_the_first() -> None:
    answer = answer_of("handoff_resolve", '{"outcome": ["spam", "solved"], "verdict": []}', now=MONDAY)
    assert answer == Answer(button="resolve", outcome=Outcome.SPAM)


def test_an_outcome_that_only_the_clock_gives_is_nobodys_answer() -> None:
    made = elements(view("resolve"))["outcome"]
    assert Outcome.CUSTOMER_LEFT not in values(made)
    answer = answer_of("handoff_resolve", '{"outcome": "customer_left"}', now=MONDAY)
    assert answer == Answer(button="resolve")


@pytest.mark.parametrize("action", ["handoff_claim", "fd_resolve", "resolve", "", "handoff_"])
def test_what_is_no_window_of_ours_has_no_answer(action: str) -> None:
    assert answer_of(action, "{}", now=MONDAY) is None


@pytest.mark.parametrize("inputs", ["", "[]", "null", '{"note": 3}', '{"note": {"a": 1}}', "{", "\ud800"])
def test_inputs_that_cannot_be_read_have_no_answer(inputs: str) -> None:
    assert answer_of("handoff_resolve", inputs, now=MONDAY) is None


@given(
    st.sampled_from(BUTTONS),
    st.dictionaries(
        st.sampled_from(["outcome", "verdict", "note", "queue", "wake", "minutes", "text", "x"]),
        st.one_of(st.none(), st.text(max_size=30), st.lists(st.text(max_size=9), max_size=3)),
    ),
)
def test_whatever_slack_lets_through_is_read(button: str, inputs: dict[str, Any]) -> None:
    answer = answer_of(f"handoff_{button}", json.dumps(inputs), now=MONDAY)
    assert answer is None or answer.until is None or answer.until >= MONDAY
