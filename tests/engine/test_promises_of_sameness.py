"""What must make no difference: talk beside the point, the store, another process, other people (P4, P6, P7, P9)."""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.conversation import Conversation
from engine.message import Event, EventKind
from engine.ports import ActionOutcome, ActionRequest
from engine.turn import Turn, take_turn
from tests.engine.flows_for_repair import LEAD, PIZZA
from tests.engine.flows_for_tests import REFUND, SIGNUP
from tests.engine.plainly import plain_answer
from tests.engine.talk import Table, Talk
from tests.engine.test_promises_of_repair import ANSWERS, CONVERSATION, NEUTRAL

EFFECTS = ("pay", "save", "bake")


def desk() -> Talk:
    """A customer at a desk with four flows."""
    return Talk(REFUND, SIGNUP, PIZZA, LEAD, answers=ANSWERS)


def stands(talk: Talk) -> object:
    """What a neutral turn must not touch: the runs' places, values, facts and tries, the question, what was done."""
    conversation = talk.conversation
    runs = [
        (frame.flow, frame.path, frame.trail, frame.facts, frame.tries, _values(frame.slots))
        for frame in conversation.stack
    ]
    question = conversation.question.slot if conversation.question else None
    done = [(one.action, one.values) for one in talk.world.actions.asked if one.action in EFFECTS]
    return runs, question, done


def _values(slots: dict[str, Any]) -> dict[str, tuple[Any, str]]:
    return {name: (slot.value, slot.state) for name, slot in slots.items()}


class BesideThePoint(RuleBasedStateMachine):
    """Two customers say the same; one of them also asks, wonders, greets and sends stickers (P4)."""

    def __init__(self) -> None:
        super().__init__()
        self.terse, self.chatty = desk(), desk()

    @rule(text=st.sampled_from(CONVERSATION))
    def both_say(self, text: str) -> None:
        """To the point."""
        self.terse.say(text)
        self.chatty.say(text)

    @rule(times=st.integers(1, 4))
    def both_answer(self, times: int) -> None:
        """Plainly, what each is asked."""
        for _ in range(times):
            self.terse.say(plain_answer(self.terse))
            self.chatty.say(plain_answer(self.chatty))

    @precondition(lambda self: self._may_wander())
    @rule(text=st.sampled_from([*(text for text in NEUTRAL if "|" not in text), "STICKER"]))
    def one_wanders(self, text: str) -> None:
        """Beside it."""
        if text == "STICKER":
            self.chatty.send("sticker")
        else:
            self.chatty.say(text)

    @precondition(lambda self: self._may_wander() and self._may_interrupt())
    @rule()
    def one_interrupts_and_comes_back(self) -> None:
        """A whole interruption, from its beginning to its end."""
        self.chatty.say("first I want to sign up")
        self.chatty.say("never mind")

    def _may_wander(self) -> bool:
        """A run's own question is open, and none of ours: those have rules of their own for what passes them by."""
        conversation = self.chatty.conversation
        return bool(conversation.stack) and conversation.question is not None and conversation.pending is None

    def _may_interrupt(self) -> bool:
        stack = self.chatty.conversation.stack
        return len(stack) < self.chatty.world.book.desk.stack_depth and "signup" not in {one.flow for one in stack}

    @invariant()
    def they_stand_at_the_same_place(self) -> None:
        assert stands(self.chatty) == stands(self.terse)


TestBesideThePoint = BesideThePoint.TestCase
TestBesideThePoint.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)


class Slow(Table):
    """Look-ups that let others go first."""

    async def run(self, request: ActionRequest) -> ActionOutcome:
        """As the table says, a moment later."""
        await asyncio.sleep(0)
        return await super().run(request)


class Strangers(RuleBasedStateMachine):
    """Three people at one desk, whose turns overlap; each has a twin who is alone at a desk (P9)."""

    @initialize()
    def open(self) -> None:
        """One book of flows, one set of rules, one table of look-ups for all three."""
        self.people, self.twins = [desk() for _ in range(3)], [desk() for _ in range(3)]
        shared = self.people[0].world
        shared.actions = Slow(ANSWERS)
        for person in self.people:
            person.world = shared

    @rule(texts=st.tuples(*[st.sampled_from([*CONVERSATION, *["PLAINLY"] * 20])] * 3))
    def all_say(self, texts: tuple[str, str, str]) -> None:
        """At once."""
        said = [plain_answer(who) if text == "PLAINLY" else text for who, text in zip(self.twins, texts, strict=True)]
        waiting = [[person.writes(text)] for person, text in zip(self.people, said, strict=True)]
        for twin, text in zip(self.twins, said, strict=True):
            twin.say(text)
        while any(waiting):
            busy = [place for place, events in enumerate(waiting) if events]
            turns = asyncio.run(_at_once([(self.people[place], waiting[place]) for place in busy]))
            for place, turn in zip(busy, turns, strict=True):
                waiting[place] = self.people[place].keep(turn)

    @rule(who=st.integers(0, 2), text=st.sampled_from(CONVERSATION))
    def one_says(self, who: int, text: str) -> None:
        """While the others are silent."""
        self.people[who].say(text)
        self.twins[who].say(text)

    @invariant()
    def each_has_what_the_twin_has(self) -> None:
        for person, twin in zip(self.people, self.twins, strict=True):
            assert person.stored == twin.stored
            assert [reply.text for reply in person.replies] == [reply.text for reply in twin.replies]


async def _at_once(those: Sequence[tuple[Talk, Sequence[Event]]]) -> list[Turn]:
    turns = [take_turn(events, who.conversation, who.world, now=who.now) for who, events in those]
    return await asyncio.gather(*turns)


TestStrangers = Strangers.TestCase
TestStrangers.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)


class Remembering(Talk):
    """A desk that never stores: each turn gets the very objects that the one before has made."""

    kept: Conversation | None = None

    def keep(self, turn: Turn) -> list[Event]:
        """Nothing is written."""
        self.kept = turn.conversation
        return super().keep(turn)

    @property
    def conversation(self) -> Conversation:
        """As it was left."""
        return self.kept or Conversation(id="talk")


class Stored(RuleBasedStateMachine):
    """The same is said at a desk that stores and loads before every turn, and at one that never does (P6, P7)."""

    def __init__(self) -> None:
        super().__init__()
        self.stores, self.remembers = desk(), Remembering(REFUND, SIGNUP, PIZZA, LEAD, answers=ANSWERS)

    @rule(texts=st.lists(st.sampled_from(CONVERSATION), min_size=1, max_size=3))
    def say(self, texts: list[str]) -> None:
        """Some messages that wait together."""
        self.stores.say(*texts)
        self.remembers.say(*texts)

    @rule(times=st.integers(1, 4))
    def answer(self, times: int) -> None:
        """Plainly."""
        for _ in range(times):
            self.remembers.say(plain_answer(self.stores))
            self.stores.say(plain_answer(self.stores))

    @rule(minutes=st.sampled_from((1, 31, 61, 49 * 60)))
    def wait(self, minutes: int) -> None:
        """Time passes."""
        self.stores.wait(minutes=minutes)
        self.remembers.wait(minutes=minutes)

    @invariant()
    def nothing_differs(self) -> None:
        assert self.stores.stored == self.remembers.stored
        assert fingerprint(self.stores) == fingerprint(self.remembers)


TestStored = Stored.TestCase
TestStored.settings = settings(max_examples=30, stateful_step_count=12, deadline=None)


def fingerprint(talk: Talk) -> str:
    """Of everything a talk has led to: the conversation, what left, the notes."""
    left = [[msgspec.json.encode(effect) for effect in turn.outbox] for turn in talk.turns]
    return hashlib.sha256(talk.stored + repr(left).encode()).hexdigest()


def test_P6_another_process_says_stores_and_notes_the_same_to_the_byte() -> None:
    """Of what a process makes its own, only the order of its sets is: each has another seed for that."""
    prints = {_in_a_process_with(seed) for seed in ("1", "2", "3")}
    assert len(prints) == 1


def _in_a_process_with(seed: str) -> str:
    program = f"from {__name__} import whole_talks; print(whole_talks())"
    environ = {**os.environ, "PYTHONHASHSEED": seed}
    root = Path(__file__).parents[2]
    ran = subprocess.run([sys.executable, "-c", program], cwd=root, env=environ, capture_output=True, check=True)
    return ran.stdout.decode()


def whole_talks() -> list[str]:
    """The fingerprints of thirty talks, the same thirty each time."""
    chance = random.Random(6)
    found = []
    for _ in range(30):
        talk = desk()
        for _ in range(12):
            talk.say(plain_answer(talk) if chance.random() < 0.6 else chance.choice(CONVERSATION))
        found.append(fingerprint(talk))
    return found


def test_P4_a_sticker_is_no_message_to_the_runs() -> None:
    talk = desk()
    talk.say("I want a refund")
    before = stands(talk)
    assert talk.send("sticker")
    assert stands(talk) == before
    assert talk.writes("hello").kind is EventKind.MESSAGE
