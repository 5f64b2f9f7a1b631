"""What a model is told of a customer's own case: offers of memory, the situation, what was discussed, the goal."""

from __future__ import annotations

from engine.desk import DeskDef
from engine.flow import Window
from engine.prompts import DESK, Prompts
from gateway.promptfolder import read_prompts
from tests.engine.adviser import reads_all
from tests.engine.flows_for_memory import ALL, TABLE, was_here
from tests.engine.proofs.telling import FAQ, Texts
from tests.engine.talk import Talk, flow


def test_S17_what_memory_offers_is_marked_until_it_is_confirmed() -> None:
    model = reads_all({})
    talk = Talk(TABLE, model=model)
    was_here(talk, ALL)
    talk.say("book a table")
    talk.say("hm, let me think")
    assert "- name: Ann Field (offered, not confirmed)" in model.requests[-1].system
    talk.say("yes")
    talk.say("hm, let me think")
    known = [line for line in model.requests[-1].system.splitlines() if line.startswith("- name:")]
    assert known == ["- name: Ann Field"]


def test_S33_the_situation_and_what_was_discussed_are_told_and_each_once() -> None:
    model = reads_all({})
    talk = Talk(FAQ, people=True, knowledge=Texts(), model=model, desk=DeskDef(summary_every=10))
    for said in ("a question", "in the store", "how many days are there?", "what is the colour of it?"):
        talk.say(said)
    told = model.requests[-1].system
    assert "- bought: in store (the customer's situation)" in told
    assert "Told from our texts: Period (for: in store)." in told
    assert told.count("(the customer's situation)") == 1


TAXI_WITH_SHARED_PIN = r"""
frontdesk: 1
flow: taxi
title: Call a taxi
triggers: [taxi]
slots: {pin: {type: text, pattern: '\d{6}', sensitive: true, scope: taxi, label: pin}}
states:
  key: {prompt: "Your PIN?", slot: pin, next: done}
  done: {prompt: "It comes.", terminal: true}
"""
TRIP = flow("""
frontdesk: 1
flow: trip
title: Plan a trip
goal: "a plan for {{ city }}"
triggers: [plan a trip]
slots:
  city: {type: text, label: city}
  days: {type: integer, label: days}
states:
  where: {prompt: "Which city?", slot: city, next: long}
  long: {prompt: "How many days?", slot: days, next: done}
  done: {prompt: "So be it.", terminal: true}
""")


def test_S29_the_goal_is_told_in_words_once_it_names_nothing_unknown() -> None:
    model = reads_all({})
    talk = Talk(TRIP, model=model)
    for said in ("plan a trip", "Rome", "hm"):
        talk.say(said)
    assert ["Its goal: a plan for Rome." in request.system for request in model.requests] == [False, False, True]
    assert not any("Its goal: a plan for ." in request.system or "{{" in request.system for request in model.requests)


BOUNDED = flow("""
frontdesk: 1
flow: bounded
title: Measure it
triggers: [measure it]
slots: {size: {type: integer, label: size}}
states:
  ask: {prompt: "How big?", slot: size, next: check}
  check: {branches: [{when: "size > 31415", next: big}, {next: small}]}
  big: {prompt: "Big.", terminal: true}
  small: {prompt: "Small.", terminal: true}
""")


def test_S17_no_part_of_anybody_can_print_how_a_flow_branches() -> None:
    model = reads_all({})
    ours = {name: text for (_, name), text in read_prompts().sources.items()}
    model.prompts = Prompts(ours, {(DESK, "persona"): "{{ flow }} {{ flows }} {{ states }} {{ goal }}"})
    talk = Talk(BOUNDED, model=model)
    for said in ("measure it", "hm"):
        talk.say(said)
    assert "Measure it" in model.requests[-1].system
    for inside in ("31415", "branches", "next", "when"):
        assert inside not in model.requests[-1].system.partition("You read the customer's messages")[0]


def test_S24_a_shared_secret_stays_here_also_when_its_run_is_long_over() -> None:
    model = reads_all({})
    shared = flow(TAXI_WITH_SHARED_PIN)
    talk = Talk(shared, TRIP, model=model, desk=DeskDef(window=Window(turns=10)))
    for said in ("taxi", "271828", "plan a trip", "Rome", "3", "hm, the 271828 thing"):
        talk.say(said)
    assert talk.conversation.ended is not None
    assert talk.conversation.ended.flow == "trip"
    assert "customer: [hidden]" in model.requests[-1].system
    assert "271828" not in repr(model.requests)
