"""Whatever an author does to a flow, the compiler refuses it, or nobody can get stuck in it (P10, P11)."""

from __future__ import annotations

import os
import random
from pathlib import Path

import msgspec
import pytest

import flows
from engine.flow import FlowDef, SlotDef, SlotType
from engine.lints import check_flow
from tests.engine.anybody import Chance, Shelf, answer
from tests.engine.mutations import compiled, mutated, plain
from tests.engine.talk import Talk

OURS = {
    file.parent.name: plain(file.read_text("utf-8")) for file in sorted(Path(flows.__file__).parent.glob("*/flow.yaml"))
}
EDITED = 1_000 if "CHAOS" in os.environ else 300
"""Mutants of all flows together; `make chaos` plays the whole thousand."""
BEGIN = "let us begin at the marigold"
RESTLESS = 0.15
"""Share of turns in which the customer says something else than what was asked."""
ASIDES = ("back", "skip", "what time is it?", "no", "start over", "dunno")
MOST_TURNS = 60
"""Far above what any run needs: R22 ends what an answer does not."""


@pytest.mark.parametrize("name", OURS)
def test_P10_P11_a_mutant_is_refused_or_nobody_gets_stuck_in_it(name: str) -> None:
    played = 0
    for seed in range(EDITED // len(OURS) + 1):
        chance = random.Random(f"{name} {seed}")
        file = compiled(mutated(OURS[name], chance))
        if file.flow is None or any(not one.warning for one in (*file.problems, *check_flow(file))):
            continue
        played += 1
        plays(file.flow, chance, f"{name}, seed {seed}")
    assert 0 < played <= seed, "all mutants were refused, or none: neither shows anything"


@pytest.mark.parametrize("name", OURS)
def test_P11_the_flow_itself_is_played_to_its_end(name: str) -> None:
    file = compiled(OURS[name])
    assert file.flow is not None
    for seed in range(10):
        plays(file.flow, random.Random(seed), f"{name}, seed {seed}")


def plays(flow: FlowDef, chance: random.Random, which: str) -> None:
    """Answer plainly until the run ends or a person has it, and try the ways out at one place."""
    talk = begin(flow, chance)
    leaves_at = chance.randint(0, 3)
    for turn in range(MOST_TURNS):
        if over(talk):
            return
        if turn == leaves_at:
            has_ways_out(talk, which)
        replies = len(talk.replies)
        talk.say(reply_to(talk, flow, chance))
        assert len(talk.replies) > replies or talk.turns[-1].wanted, f"{which}: no reply"
        assert not talk.turns[-1].notes.alert, f"{which}: {talk.turns[-1].notes.alert} (R10)"
    raise AssertionError(f"{which}: stuck in {talk.top.state}, asked {talk.top.asked}")


def begin(flow: FlowDef, chance: random.Random) -> Talk:
    """A talk in which the flow has been started."""
    talk = Talk(msgspec.structs.replace(flow, triggers=(BEGIN,)), people=True, knowledge=Shelf(chance))
    talk.world.actions = Chance(flow, chance)
    talk.say(BEGIN)
    return talk


def over(talk: Talk) -> bool:
    """Has the run ended, or is a person wanted?"""
    return talk.turns[-1].wanted is not None or not talk.conversation.stack


def reply_to(talk: Talk, flow: FlowDef, chance: random.Random) -> str:
    """What a customer says now: yes to a question of ours, a valid answer to the flow's; at times something else."""
    conversation = talk.conversation
    if chance.random() < RESTLESS:
        other = chance.choice(list(flow.slots.values()) or [SlotDef(name="nothing")])
        return chance.choice((*ASIDES, f"the {other.called} is {answer(other, chance)}"))
    if conversation.pending is not None or conversation.question is None:
        return "yes"
    labels = [branch.label for branch in flow.states[conversation.question.state].branches if branch.label]
    asked = flow.slots[conversation.question.slot]
    if asked.type is SlotType.TEXT and labels and chance.random() < RESTLESS:
        return chance.choice(labels)
    return answer(asked, chance)


def has_ways_out(talk: Talk, which: str) -> None:
    """From here help helps, "never mind" ends the run, and a person can be had; the talk itself goes on (P10)."""
    stored, now, asked = talk.stored, talk.now, list(talk.world.actions.asked)

    def again() -> None:
        talk.stored, talk.now, talk.world.actions.asked = stored, now, list(asked)

    assert talk.say("help").strip(), f"{which}: help is silent"
    assert talk.conversation.stack, f"{which}: help ended the run"
    again()
    talk.say("never mind")
    if talk.conversation.stack:
        talk.say("never mind")
    assert not talk.conversation.stack, f"{which}: never mind ends nothing in {talk.top.state}"
    again()
    talk.say("I want to talk to a person")
    assert talk.turns[-1].wanted is not None, f"{which}: no person to be had"
    again()
