"""P13: a flow that is edited under a run never loses an answer that is still valid, nor the thread."""

from __future__ import annotations

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.book import Book
from engine.flow import FlowDef
from engine.ports import ActionRequest
from engine.readers.values import check
from tests.engine.customers import Customer, unsaid
from tests.engine.edits_at_random import edited
from tests.engine.flows_at_random import Made
from tests.engine.test_promises_of_order import TAKING_BACK, decided


class Edited(RuleBasedStateMachine):
    """A customer who goes on plainly, whatever is deployed meanwhile (P13)."""

    @initialize(flow=decided(sealed=True))
    def begin(self, flow: tuple[Made, dict[str, str]]) -> None:
        """The first version."""
        self.made = flow
        self.comes_again()

    @precondition(lambda self: not self.customer.open)
    @rule()
    def comes_again(self) -> None:
        """When all is done: to the first version."""
        self.customer, self.said = Customer(*self.made), set[str]()
        self.flow = self.made[0].flow
        self.customer.begin()

    @precondition(lambda self: self.customer.open and bool(unsaid(self.customer, self.said)))
    @rule(data=st.data())
    def tells(self, data: st.DataObject) -> None:
        """Something that was not asked."""
        name = data.draw(st.sampled_from(unsaid(self.customer, self.said)))
        self.said.add(name)
        self.customer.say(self.customer.fact(name))

    @precondition(lambda self: self.customer.open)
    @rule()
    def answers(self) -> None:
        """What is asked."""
        self.said.add(self.customer.asked_for)
        self.customer.answer()

    @precondition(lambda self: self.customer.open)
    @rule(text=st.sampled_from(("back", "summarise so far", "start over", "no", "that is wrong", "the email is wrong")))
    def disputes(self, text: str) -> None:
        """What was said."""
        self.customer.say(text)

    @precondition(lambda self: self.customer.open and self.said & self.customer.made.subjects.keys())
    @rule(data=st.data(), how=st.sampled_from(TAKING_BACK))
    def changes(self, data: st.DataObject, how: str) -> None:
        """Their mind."""
        name = data.draw(st.sampled_from(sorted(self.said & self.customer.made.subjects.keys())))
        self.customer.say(how.format(data.draw(st.sampled_from(list(self.customer.made.subjects[name].says.values())))))

    @precondition(lambda self: self.customer.open)
    @rule(data=st.data(), kept=st.booleans(), answers=st.booleans())
    def is_deployed(self, data: st.DataObject, kept: bool, answers: bool) -> None:
        """An edited flow; the one the run began under is kept, or lost. The next message finds it so."""
        before, asked = self.customer.conversation.stack[-1], self.customer.asked_for
        began_under = self.customer.world.book.of(before).definition
        self.flow = edited(data.draw, self.flow, (*before.trail, *before.path))
        self.customer.world.book = Book([self.flow], pinned={before.version: began_under} if kept else {})
        self._wants_what_there_is()
        if answers:
            self.customer.answer()
        else:
            self.customer.say("what time is it?")
        after = self.customer.conversation.top
        if after is None or after.run != before.run:
            return
        moved = self.customer.world.book.of(after).definition
        assert moved == (began_under if kept else self.flow)
        for name, slot in before.slots.items():
            if slot.settled and name in moved.slots and not moved.slots[name].ask_only:
                assert check(moved.slots[name], slot.value) or after.slots[name].value == slot.value
        still = moved.slots.get(asked)
        if answers and still is not None and not still.ask_only and self._is_asked(moved, asked):
            assert after.slots[asked].settled, "the answer was dropped"

    def _wants_what_there_is(self) -> None:
        """What is wanted in a slot that is new, or that takes less now."""
        for name, slot in self.flow.slots.items():
            if name not in self.customer.made.subjects:
                self.customer.wants[name] = "5"
            elif slot.max == 100:
                self.customer.wants[name] = "12"
            elif slot.values and not slot.optional and self.customer.wants[name] not in slot.values:
                self.customer.wants[name] = next(iter(slot.values))

    def _is_asked(self, flow: FlowDef, slot: str) -> bool:
        return any(state.slot == slot for state in flow.states.values())

    @invariant()
    def there_is_always_a_next_question(self) -> None:
        assert not self.customer.open or self.customer.asked_for

    @invariant()
    def no_version_does_again_what_another_has_done(self) -> None:
        done = Counter((_run(one), one.action) for one in self.customer.done())
        assert all(times == 1 for times in done.values())

    @invariant()
    def an_effect_is_given_what_is_known(self) -> None:
        """No answer falls asleep because its question has another name, or none."""
        run = self.customer.conversation.top or self.customer.conversation.ended
        for one in self.customer.done()[-1:]:
            if run is not None and run.run == _run(one):
                known = {name for name, slot in run.slots.items() if slot.settled and slot.value is not None}
                assert not known & {name for name, value in self.customer.parameters(one).items() if value is None}

    def teardown(self) -> None:
        """Plain answers still lead to an end."""
        if hasattr(self, "customer"):
            for _ in range(len(self.flow.states) + 4):
                if self.customer.open:
                    self.customer.answer()
            assert not self.customer.open, f"still asked for {self.customer.asked_for}"
            self.no_version_does_again_what_another_has_done()


def _run(done: ActionRequest) -> str:
    return done.key.split(":", 1)[0]


TestEdited = Edited.TestCase
TestEdited.settings = settings(max_examples=15, stateful_step_count=8, deadline=None)
