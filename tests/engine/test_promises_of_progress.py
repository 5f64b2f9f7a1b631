"""Nothing is asked that is known, and plain answers lead to the end, whatever was said before (P3, P11)."""

from __future__ import annotations

import re
from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.flow import SlotType
from tests.engine.customers import Customer, unsaid
from tests.engine.flows_at_random import Made
from tests.engine.flows_for_repair import LEAD
from tests.engine.flows_for_tests import SIGNUP
from tests.engine.plainly import PLAINLY
from tests.engine.talk import Talk
from tests.engine.test_promises_of_order import JOINTS, TAKING_BACK, decided

BESIDE = ("what time is it?", "why do you need that?", "help", "repeat that please", "thanks", "summarise so far")
NONSENSE = ("blue monkeys 7x7", "qwertz", "zzz")
ANYTHING = (
    *BESIDE,
    *NONSENSE,
    "back",
    "start over",
    "skip",
    "no",
    "yes",
    "maybe",
    "that is wrong",
    "sign up",
    "keep it",
)
ASKED = re.compile(r"\[ask:(\w+)\]")


class NothingTwice(RuleBasedStateMachine):
    """A customer who volunteers, answers, changes their mind, wanders, and calls things wrong (P3)."""

    @initialize(flow=decided())
    def begin(self, flow: tuple[Made, dict[str, str]]) -> None:
        """Of each slot, how often its question may be put is counted from what the customer does."""
        self.flow = flow
        self.comes_again()

    @precondition(lambda self: not self.customer.open)
    @rule()
    def comes_again(self) -> None:
        """When all is done."""
        self.customer, self.said = Customer(*self.flow), set[str]()
        self.may: Counter[str] = Counter(dict.fromkeys(self.flow[0].subjects, 1))
        self.customer.begin()

    @precondition(lambda self: self.customer.open and bool(unsaid(self.customer, self.said)))
    @rule(data=st.data(), joint=st.sampled_from(JOINTS))
    def tells(self, data: st.DataObject, joint: str) -> None:
        """What was not asked, and is not to be from now on."""
        names = data.draw(
            st.lists(st.sampled_from(unsaid(self.customer, self.said)), unique=True, min_size=1, max_size=3)
        )
        self.said |= set(names)
        self.may -= Counter({name: 1 for name in names if not self._asked()[name]})
        self.customer.say(joint.join(map(self.customer.fact, names)))

    @precondition(lambda self: self.customer.open)
    @rule()
    def answers(self) -> None:
        """What is asked."""
        self.said.add(self.customer.asked_for)
        self.customer.answer()

    @precondition(lambda self: self.customer.open and self.said & self.customer.wants.keys())
    @rule(data=st.data(), how=st.sampled_from(TAKING_BACK))
    def changes(self, data: st.DataObject, how: str) -> None:
        """Their mind of what was said: that asks for nothing but another yes."""
        name = data.draw(st.sampled_from(sorted(self.said & self.customer.wants.keys())))
        says = [one for one in self.customer.made.subjects[name].says if one != "D-9999"]
        self.customer.wants[name] = data.draw(st.sampled_from(says))
        waiting = self.customer.asked_for
        self.customer.say(how.format(self.customer.fact(name)))
        self.may += Counter({waiting: int(self._comes_behind_others(waiting))})

    def _comes_behind_others(self, waiting: str) -> bool:
        """Does another branch ask first? What nobody answered is put again, where the walk meets it (R31, R32)."""
        top = self.customer.conversation.top
        if top is None or self.customer.asked_for == waiting:
            return False
        return waiting not in top.slots or not top.slots[waiting].settled

    @precondition(lambda self: self.customer.open)
    @rule(text=st.sampled_from(BESIDE), sticker=st.booleans())
    def wanders(self, text: str, sticker: bool) -> None:
        """Beside the point."""
        if sticker:
            self.customer.send("sticker")
        else:
            self.customer.say(text)

    @precondition(lambda self: self.customer.open and self.said & self.customer.wants.keys())
    @rule(data=st.data())
    def disputes(self, data: st.DataObject) -> None:
        """Something is wrong: its question may be put once more (R35), and behind it the one that was open."""
        name = data.draw(st.sampled_from(sorted(self.said & self.customer.wants.keys())))
        self.may += Counter({name: 1, self.customer.asked_for: 1})
        self.customer.say(f"the {self.customer.made.subjects[name].slot['label']} is wrong")

    def _asked(self) -> Counter[str]:
        top = self.customer.conversation.top
        ended = self.customer.conversation.ended
        return Counter(top.asked if top is not None else ended.asked if ended is not None else {})

    @invariant()
    def no_reply_asks_for_what_is_known(self) -> None:
        """Not even in passing: a question of a settled slot stands in no reply."""
        top = self.customer.conversation.top
        if top is not None:
            for name in ASKED.findall(self.customer.replies[-1].text):
                assert name not in top.slots or not top.slots[name].settled

    @invariant()
    def no_question_is_put_more_often_than_there_was_a_reason(self) -> None:
        """Once for what nobody said, and once more for each time it was called wrong."""
        asked = self._asked()
        assert not {name: asked[name] for name in self.flow[0].subjects if asked[name] > self.may[name]}


TestNothingTwice = NothingTwice.TestCase
TestNothingTwice.settings = settings(max_examples=12, stateful_step_count=10, deadline=None)


def test_R31_R32_a_question_nobody_answered_is_put_again_behind_the_branch_that_asks_first() -> None:
    talk = Talk(LEAD)
    for text in ("I want to buy", "Acme", "12 people"):
        talk.say(text)
    assert talk.top.asked == {"company": 1, "team_size": 1, "budget": 1}
    assert "Which sign-on?" in talk.say("actually 80 people")
    assert "Which budget?" in talk.say("okta")
    assert talk.top.asked == {"company": 1, "team_size": 1, "sign_on": 1, "budget": 2}


class Progress(RuleBasedStateMachine):
    """A customer who says anything at all, and then answers plainly or talks nonsense (P11)."""

    @initialize(flow=decided())
    def begin(self, flow: tuple[Made, dict[str, str]]) -> None:
        """There is another flow to get lost in."""
        made, wants = flow
        self.customer = Customer(made, wants | PLAINLY, SIGNUP)
        self.customer.begin()

    @rule(data=st.data(), text=st.sampled_from(ANYTHING), how=st.sampled_from(("{}", *TAKING_BACK)))
    def says(self, data: st.DataObject, text: str, how: str) -> None:
        """Something sensible, or not."""
        subject = self.customer.made.subjects[data.draw(st.sampled_from(sorted(self.customer.made.subjects)))]
        fact = data.draw(st.sampled_from(list(subject.says.values())))
        self.customer.say(data.draw(st.sampled_from((text, how.format(fact)))))

    @rule(times=st.integers(1, 3))
    def answers(self, times: int) -> None:
        """Plainly."""
        for _ in range(times):
            if self.customer.open:
                self.customer.answer()

    @precondition(lambda self: not self.customer.open)
    @rule()
    def comes_again(self) -> None:
        """For the same."""
        self.customer.begin()

    @precondition(lambda self: self._is_strict())
    @rule(nonsense=st.sampled_from(NONSENSE))
    def could_talk_nonsense(self, nonsense: str) -> None:
        """At the third try there are ways out, and two tries later the run has ended; here nobody takes over (R22)."""
        lost = self.customer.as_it_stands()
        run = lost.top.run
        said = [lost.say(f"{nonsense} {number}z") for number in range(5) if self._goes_on(lost, run)]
        assert not self._goes_on(lost, run)
        assert any("never mind" in reply for reply in said)
        assert [one.reason for turn in lost.turns for one in turn.notes.archived if one.run == run] == ["gave_up"]

    def _goes_on(self, lost: Customer, run: str) -> bool:
        return run in {frame.run for frame in lost.conversation.stack}

    def _is_strict(self) -> bool:
        """A question of a run is open that nonsense cannot answer."""
        conversation, customer = self.customer.conversation, self.customer
        if conversation.question is None or conversation.pending is not None or conversation.top is None:
            return False
        slot = customer.world.book.of(conversation.top).slot(conversation.question.slot)
        return slot.type not in (SlotType.TEXT, SlotType.NAME) or slot.pattern is not None

    def teardown(self) -> None:
        """Whatever was said: plain answers end every run within its questions and two turns more."""
        if hasattr(self, "customer"):
            runs = self.customer.conversation.stack
            for _ in range(sum(self._asks(frame.flow) + 2 for frame in runs)):
                if self.customer.open:
                    self.customer.answer()
            assert not self.customer.open, f"still asked for {self.customer.asked_for} at the end"

    def _asks(self, flow: str) -> int:
        found = self.customer.world.book.current(flow)
        assert found is not None
        return sum(state.slot is not None for state in found.definition.states.values())


TestProgress = Progress.TestCase
TestProgress.settings = settings(max_examples=12, stateful_step_count=8, deadline=None)
