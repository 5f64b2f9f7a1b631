"""What a model's answers may do, and for which run (DESIGN 4, R12, R44, W12, P8)."""

from __future__ import annotations

from tests.engine.adviser import Adviser, reads_all
from tests.engine.flows_for_models import HOTEL, SHOWS, SIGHTS, TABLE, TALKS, TAXI
from tests.engine.flows_for_tests import REFUND, SHOP, SIGNUP
from tests.engine.talk import Talk


def test_a_flow_whose_slots_were_not_asked_about_is_asked_about_once_more() -> None:
    model = reads_all({})
    talk = Talk(REFUND, SIGNUP, answers=SHOP, model=model)
    talk.say("I want a refund")
    model.requests.clear()
    model.answers = [{"flow": "signup"}, {"slots": {"full_name": "Nora Field", "seats": 12, "order_number": "x"}}]
    talk.say("Nora Field here, can you rather put twelve of us on your service")
    assert len(model.requests) == 2
    assert model.requests[0].message == model.requests[1].message
    assert set(model.slots) == {"full_name", "email", "seats", "plan"}
    assert [frame.flow for frame in talk.conversation.stack] == ["refund", "signup"]
    assert (talk.value("full_name"), talk.value("seats")) == ("Nora Field", 12)


def test_W12_values_stay_with_the_flows_they_were_asked_for() -> None:
    model = reads_all({}, {"flow": "taxi", "slots": {"city": "Lyon"}}, {"slots": {"city": "Nice"}})
    talk = Talk(HOTEL, TAXI, model=model)
    talk.say("hotel")
    talk.say("the hotel is to be in Lyon, and bring me around in Nice")
    below, top = talk.conversation.stack
    assert (below.slots["city"].value, top.slots["city"].value) == ("Lyon", "Nice")


def test_R12_a_value_said_without_a_run_waits_in_the_scope_that_was_used_last() -> None:
    model = reads_all({})
    talk = Talk(HOTEL, TABLE, model=model)
    talk.say("hotel")
    model.answers = [{"slots": {"city": "Lyon", "nights": 2}}]
    talk.say("Lyon, two nights")
    assert talk.conversation.top is None
    model.answers = [{"slots": {"city": "Nice", "guests": 4}}]
    talk.say("we will then be four in Nice")
    model.answers = [{"flow": "table"}]
    assert "Any remarks" in talk.say("a table please")
    assert (talk.value("city"), talk.value("guests")) == ("Nice", 4)


def test_an_open_text_is_the_models_to_read_where_it_reads_every_message() -> None:
    model = reads_all({"flow": "hotel"})
    talk = Talk(HOTEL, model=model)
    talk.say("hotel")
    model.answers = [{"slots": {"city": "Lyon"}}]
    talk.say("well I would say somewhere in the old town of Lyon")
    assert talk.value("city") == "Lyon"


def test_a_reader_that_finds_two_numbers_lets_the_model_say_which_is_which() -> None:
    model = reads_all({"flow": "table", "slots": {"city": "Lyon"}})
    talk = Talk(TABLE, model=model)
    talk.say("a table in Lyon")
    model.answers = [{"slots": {"guests": 4}}]
    talk.say("four guests and 2 dogs")
    assert talk.value("guests") == 4


def test_P8_a_plain_number_stands_whatever_the_model_makes_of_it() -> None:
    model = reads_all({"flow": "table", "slots": {"city": "Lyon"}})
    talk = Talk(TABLE, model=model)
    talk.say("a table in Lyon")
    model.answers = [{"slots": {"guests": 40}}]
    talk.say("4")
    assert talk.value("guests") == 4


def test_a_reply_answers_an_ordinary_question_and_never_a_confirmation() -> None:
    model = Adviser([{"reply": "affirm"}])
    talk = Talk(TAXI, model=model)
    talk.say("taxi")
    talk.say("Paris")
    talk.say("271828")
    assert "shared taxi in Paris" in talk.say("company is always a pleasure on a long journey")
    talk = Talk(REFUND, answers=SHOP, model=Adviser([{"reply": "affirm", "slots": {"confirmed": True}}]))
    talk.say("I want a refund")
    talk.say("ORD-12345")
    talk.say("company is always a pleasure on a long journey")
    assert talk.value("confirmed") is None
    assert "slots.?: not asked for" in talk.turns[-1].notes.dropped


def test_a_command_of_the_model_counts_only_where_nothing_else_was_said() -> None:
    model = reads_all({"command": "cancel"})
    talk = Talk(REFUND, answers=SHOP, model=model)
    talk.say("I want a refund")
    talk.say("ORD-12345")
    assert talk.top.state == "confirm"
    assert "Stopped" in talk.say("somehow my heart has gone out of this whole affair")


def test_R44_a_question_that_only_the_model_hears_does_not_take_back_a_plain_yes() -> None:
    model = reads_all({"question": "something else altogether"})
    talk = Talk(REFUND, answers=SHOP, model=model)
    talk.say("I want a refund")
    talk.say("ORD-12345")
    talk.say("yes")
    assert talk.top.state == "why"


def test_a_desk_without_people_does_not_offer_one_on_a_models_word() -> None:
    talk = Talk(REFUND, answers=SHOP, model=Adviser([{"command": "human"}]))
    assert "Shall I get a person" not in talk.say("nothing of this makes sense, somebody competent please")


def test_slots_of_one_name_are_asked_about_with_the_choices_of_all_flows_that_may_start() -> None:
    model = reads_all({"flow": "shows", "slots": {"kind": "music"}})
    talk = Talk(SIGHTS, SHOWS, model=model)
    assert "Which evening?" in talk.say("I would love to hear something tonight")
    asked = model.requests[0].schema["properties"]["slots"]["properties"]["kind"]
    assert asked["enum"] == ["museum", "park", "theatre", "music", None]


def test_R4_a_choice_of_another_flow_is_none_of_the_one_that_is_named() -> None:
    talk = Talk(SIGHTS, SHOWS, model=reads_all({"flow": "sights", "slots": {"kind": "music"}}, {}))
    assert "Which kind of place?" in talk.say("I would love to see something")
    assert "slots.kind: refused by its reader" in talk.turns[-1].notes.dropped


def test_a_slot_that_the_named_flow_declares_otherwise_is_asked_about_once_more() -> None:
    model = reads_all({"flow": "sights", "slots": {"kind": "museum"}}, {"slots": {"day": "2026-03-09"}})
    talk = Talk(SIGHTS, SHOWS, model=model)
    assert "A museum on 2026-03-09." in talk.say("a museum on the day before the tenth")
    asked = [one.schema["properties"]["slots"]["properties"]["day"].get("description", "") for one in model.requests]
    assert ["2026-03-01" in says for says in asked] == [False, True]


def test_R12_a_value_waits_for_the_flow_whose_rules_it_keeps() -> None:
    model = reads_all({"slots": {"kind": "music"}}, {"flow": "sights"})
    talk = Talk(SIGHTS, SHOWS, model=model)
    talk.say("I am somebody who likes music")
    assert "Which kind of place?" in talk.say("show me some sights")
    model.answers = [{"flow": "shows"}]
    talk.say("never mind")
    assert "Which evening?" in talk.say("shows then")


def test_a_choice_that_nobody_asked_for_is_the_models_to_read_where_it_reads_every_message() -> None:
    model = reads_all({"flow": "sights", "slots": {"day": "2026-03-09"}})
    talk = Talk(SIGHTS, model=model)
    assert "Which kind of place?" in talk.say("I will park the car on March 9th, which sights are there?")
    model.answers = [{}]
    assert "A park on" in talk.say("a park")


def test_P8_a_choice_that_was_asked_for_stands_whatever_else_the_model_hears() -> None:
    model = reads_all({"flow": "sights"})
    talk = Talk(SIGHTS, model=model)
    talk.say("sights")
    model.answers = [{"slots": {"day": "2026-03-09"}}]
    assert "A park on" in talk.say("a park, on March 9th")


def test_R12_what_one_flow_takes_in_any_words_waits_though_another_gives_a_choice() -> None:
    model = reads_all({"slots": {"kind": "a quiet evening", "day": "2026-03-09"}}, {"flow": "talks"})
    talk = Talk(SIGHTS, TALKS, model=model)
    talk.say("rather a quiet evening")
    assert "About what you like: a quiet evening." in talk.say("is anybody giving a talk")


def test_R14_a_plain_yes_to_a_confirmation_begins_no_task_whatever_a_model_names() -> None:
    model = reads_all({})
    talk = Talk(REFUND, SIGNUP, answers=SHOP, model=model)
    talk.say("I want a refund")
    talk.say("ORD-12345")
    model.answers = [{"flow": "signup"}]
    talk.say("Yes.")
    assert [frame.flow for frame in talk.conversation.stack] == ["refund"]
    assert talk.value("confirmed") is True


def test_R44_a_yes_with_more_behind_it_may_begin_another_task_first() -> None:
    model = reads_all({})
    talk = Talk(REFUND, SIGNUP, answers=SHOP, model=model)
    talk.say("I want a refund")
    talk.say("ORD-12345")
    model.answers = [{"flow": "signup"}]
    talk.say("Yes, and put the twelve of us on your service")
    assert [frame.flow for frame in talk.conversation.stack] == ["refund", "signup"]
