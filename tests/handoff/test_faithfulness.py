"""The summary holds every value that counts and no other, the missing ones, and what was done, in whatever task."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from engine.flow import FlowDef
from tests.engine.talk import flow
from tests.handoff.dialogues import Call, Expected, Row, played
from tests.handoff.documents import case_of, document, of_talk, slots_of
from tests.handoff.faithfulness import checked
from tests.handoff.random_cases import facts_of


def task(service: str, method: str, *slots: str, effect: bool = False) -> FlowDef:
    """A flow that asks for these values and calls its service."""
    name = f"{service}__{method}"
    declared = [f"  {slot}: {{type: text, scope: {service}}}" for slot in slots]
    asks = [f"  ask_{slot}: {{prompt: 'Which {slot}?', slot: {slot}, next: " for slot in slots]
    then = [*(f"ask_{slot}" for slot in slots[1:]), "confirm" if effect else "call"]
    states = [f"{ask}{state}}}" for ask, state in zip(asks, then, strict=True)]
    if effect:
        declared.append("  sure: {type: boolean, ask_only: true}")
        states.append("  confirm: {prompt: 'Right?', slot: sure, branches: {yes: call, no: end}}")
    http = "http: {method: POST, url: 'http://127.0.0.1:1/x'}"
    return flow(
        "\n".join(
            [
                "frontdesk: 1",
                f"flow: {name}",
                f"title: {method.replace('_', ' ')} ({service})",
                f"description: The customer wants to {method.replace('_', ' ')} of {service}.",
                f"triggers: [{method.replace('_', ' ')} of {service}]",
                "slots:",
                *declared,
                "actions:",
                f"  call: {{{http}, irreversible: {str(effect).lower()}, outcomes: {{200: done}}}}",
                "states:",
                *states,
                "  call: {action: call, branches: {done: end}, on_error: end}",
                "  end: {prompt: Done., terminal: true}",
            ]
        )
    )


FLOWS = (
    task("boats", "find_boat", "place", "kind"),
    task("boats", "rent_boat", "place", "day", "hours", effect=True),
    task("cabins", "find_cabin", "place", "beds"),
)
FIND = Call(service="boats", method="find_boat", parameters={"place": "Lindau", "kind": "canoe"})
RENT = Call(
    service="boats",
    method="rent_boat",
    parameters={"place": "Lindau", "day": "Sunday", "hours": "3"},
    transactional=True,
)
CABIN = Call(service="cabins", method="find_cabin", parameters={"place": "Bregenz", "beds": "4"})
ROWS = (
    Row(
        id="collecting",
        user_turns=("I want to be on the water near Lindau.", "A canoe, please.", "Rent it on Sunday."),
        expected=Expected(
            service="boats",
            intent="rent_boat",
            slots_user_gave={"place": "Lindau", "kind": "canoe", "day": "Sunday"},
            missing_required=("hours",),
            completed_calls=(FIND,),
        ),
    ),
    Row(
        id="corrected",
        user_turns=("A canoe in Lindau?", "Rent it on Friday for 3 hours.", "No, on Sunday."),
        expected=Expected(
            service="boats",
            intent="rent_boat",
            slots_user_gave={"place": "Lindau", "kind": "canoe", "day": "Sunday", "hours": "3"},
            superseded_values={"day": ("Friday",)},
            completed_calls=(FIND,),
        ),
    ),
    Row(
        id="the same word means something else in another task",
        user_turns=("A canoe in Lindau?", "On Sunday for 3 hours.", "And a cabin in Bregenz with 4 beds."),
        expected=Expected(
            service="cabins",
            intent="find_cabin",
            slots_user_gave={"place": "Bregenz", "beds": "4"},
            completed_calls=(FIND, RENT, CABIN),
        ),
    ),
    Row(
        id="two tasks later the effect is still there",
        user_turns=("A canoe in Lindau?", "On Sunday for 3 hours.", "A cabin in Bregenz for 4.", "One in Hard with 2?"),
        expected=Expected(
            service="cabins",
            intent="find_cabin",
            slots_user_gave={"place": "Hard", "beds": "2"},
            superseded_values={"place": ("Bregenz",), "beds": ("4",)},
            completed_calls=(
                FIND,
                RENT,
                CABIN,
                Call(service="cabins", method="find_cabin", parameters={"place": "Hard", "beds": "2"}),
            ),
        ),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_H71_the_summary_is_true_to_the_conversation(row: Row) -> None:
    found = checked(row, played(row, FLOWS))
    assert found.wrong == []
    assert found.right["current values"] == len(row.expected.slots_user_gave)
    assert found.right["completed calls named"] == len(row.expected.completed_calls)


def test_H71_the_check_sees_what_is_not_so() -> None:
    row = ROWS[0]
    wrong = Expected(
        service="boats",
        intent="rent_boat",
        slots_user_gave={"place": "Bregenz"},
        missing_required=("day",),
        superseded_values={"kind": ("canoe",)},
        completed_calls=(FIND, CABIN),
    )
    found = checked(Row(id="wrong", user_turns=row.user_turns, expected=wrong), played(row, FLOWS))
    assert len(found.wrong) == 4, found.wrong


def test_H71_a_value_of_another_task_stands_beside_the_one_of_the_same_name() -> None:
    talk = played(ROWS[2], FLOWS)
    slots = slots_of(document(of_talk(talk, replace(facts_of(1), case=case_of("explicit_request")))))
    assert (slots["place"]["value"], slots["boats_place"]["value"]) == ("Bregenz", "Lindau")
    assert slots["boats_place"]["label"].endswith("(boats): place")
