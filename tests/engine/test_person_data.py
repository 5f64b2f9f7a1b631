"""What the desk's `profile` knows of a person: in conditions, in texts, and as an offer; never in the way (S1, S2)."""

from __future__ import annotations

from engine.desk import DeskDef
from engine.flow import ActionDef
from engine.frame import Source
from engine.ports import ActionOutcome
from tests.engine.flows_for_memory import ALL, TABLE, was_here
from tests.engine.talk import Talk, flow

DESK = DeskDef(profile=ActionDef(name="profile", python="profile", outcomes=("found",)))
SHOP = flow("""
frontdesk: 1
flow: shop
title: Order a cake
description: The customer wants a cake.
triggers: [a cake]
slots:
  email: {type: email, label: e-mail}
  cake: {type: text, label: cake}
states:
  sort: {branches: [{when: "person.tier == 'gold' and person.score > 50", next: gold}, {next: plain}]}
  gold: {prompt: "Welcome back, {{ person.first_name }}{{ person.title }}!", next: plain}
  plain: {prompt: "Which cake?", slot: cake, next: mail}
  mail: {prompt: "Your e-mail?", slot: email, next: tea}
  tea: {call: tea, next: done}
  done: {prompt: "{{ person.first_name }} gets {{ cake }}.", terminal: true}
""")
TEA = flow("""
frontdesk: 1
flow: tea
title: Order tea
description: The customer wants tea.
triggers: [some tea]
slots: {sort: {type: text, label: sort}}
states:
  which: {branches: [{when: "person.tier == 'gold'", next: free}, {next: told}]}
  free: {prompt: "The tea is free.", next: told}
  told: {prompt: "Which tea?", slot: sort, next: done}
  done: {prompt: "Done.", terminal: true}
""")
GOLD = {"tier": "gold", "score": 90, "first_name": "Ann", "email": "ann@example.org"}


def shop(outcome: ActionOutcome) -> Talk:
    """A talk at a desk with a profile."""
    return Talk(SHOP, TEA, TABLE, desk=DESK, answers={"profile": outcome})


def asked(talk: Talk) -> int:
    """How often the profile was asked for."""
    return len([one for one in talk.world.actions.asked if one.action == "profile"])


def test_S1_person_data_choose_and_are_said_and_are_fetched_once_a_run() -> None:
    talk = shop(ActionOutcome(outcome="found", facts=GOLD))
    assert "Welcome back, Ann!" in talk.say("a cake please")
    assert "e-mail: ann@example.org: is that right?" in talk.say("chocolate")
    assert talk.top.slots["email"].state == "offered"
    said = talk.say("yes")
    assert "The tea is free." in said, "a called run knows what its caller does"
    assert asked(talk) == 1
    assert "Ann gets chocolate." in talk.say("green")
    assert asked(talk) == 1
    talk.say("a cake please")
    assert asked(talk) == 2


def test_S12_what_the_profile_knows_is_offered_and_never_assumed() -> None:
    talk = shop(ActionOutcome(outcome="found", facts=GOLD))
    talk.say("a cake please")
    talk.say("chocolate")
    talk.say("no")
    assert talk.value("email") is None
    talk.say("bob@example.org")
    shared = shop(ActionOutcome(outcome="found", facts={"name": "Ann Marsh", "agreed": True, "guests": 99, "pin": "1"}))
    was_here(shared, ALL)
    assert "name: Ann Field, dish: soup, guests: 4, as last time?" in shared.say("book a table")
    assert {"agreed", "pin"}.isdisjoint(shared.top.slots)
    shared.say("yes")
    assert shared.top.slots["name"].source is Source.MEMORY


def test_S2_a_profile_that_fails_makes_conditions_false_and_is_noted() -> None:
    talk = shop(ActionOutcome(outcome="error", facts=GOLD, certain=False))
    said = talk.say("a cake please")
    assert said == "Which cake?"
    assert {"person.tier"} <= set(talk.turns[-1].notes.unseen)
    assert talk.turns[-1].notes.calls == (("profile", "error"),)
    talk.say("chocolate")
    talk.say("ann@example.org")
    assert "gets chocolate." in talk.say("green")


def test_S2_a_missing_score_is_false_and_named() -> None:
    talk = shop(ActionOutcome(outcome="found", facts={"tier": "gold"}))
    assert talk.say("a cake please") == "Which cake?"
    assert talk.turns[-1].notes.unseen == ("person.score",)


def test_no_profile_is_asked_of_a_desk_that_has_none() -> None:
    talk = Talk(SHOP, TEA)
    assert talk.say("a cake please") == "Which cake?"
    assert asked(talk) == 0
    assert talk.top.person == {}


def test_who_somebody_is_cannot_be_overruled_by_a_profile() -> None:
    talk = Talk(flow("""
frontdesk: 1
flow: who
title: Who am I
description: Says who the customer is.
triggers: [who am i]
states:
  told: {prompt: "You are {{ person.id }}.", terminal: true}
"""), desk=DESK, answers={"profile": ActionOutcome(outcome="found", facts={"id": "somebody else"})})  # fmt: skip
    assert "You are ann." in talk.say("who am i")
