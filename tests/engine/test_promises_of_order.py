"""However a customer comes to say it: any order and split, and a change of mind, lead to the same (P1, P2)."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.engine.customers import Customer, comes_to, unsaid
from tests.engine.flows_at_random import Made, flows_at_random

JOINTS = (", ", " and ", ". ", ", also ")
TAKING_BACK = ("sorry, {}", "sorry, I meant {}", "actually {}", "no, {}", "change that: {}")


def wishes(draw: Callable[[st.SearchStrategy[str]], str], made: Made) -> dict[str, str]:
    """What somebody wants in every slot of a flow."""
    return {name: draw(st.sampled_from(subject.answers)) for name, subject in sorted(made.subjects.items())}


@st.composite
def decided(draw: st.DrawFn, *, sealed: bool = False) -> tuple[Made, dict[str, str]]:
    """A flow, and what a customer wants of it."""
    made = draw(flows_at_random(sealed=sealed))
    wants = wishes(draw, made)
    if wants.get("design") == "D-9999":
        wants["design"] = "D-1001"
    return made, wants


class AnyOrder(RuleBasedStateMachine):
    """Two customers want the same. One says it as it comes, the other only answers what is asked (P1)."""

    @initialize(flow=decided(), data=st.data())
    def begin(self, flow: tuple[Made, dict[str, str]], data: st.DataObject) -> None:
        """One of them says some of it at once."""
        self._begin(flow, data)

    def _begin(self, flow: tuple[Made, dict[str, str]], data: st.DataObject) -> None:
        self.flow, self.free, self.terse = flow, Customer(*flow), Customer(*flow)
        some = st.lists(st.sampled_from(unsaid(self.free, ()) or ["-"]), unique=True, max_size=3)
        self.said = [name for name in data.draw(some) if name != "-"]
        self.free.begin(*self.said)
        self.terse.begin()

    @precondition(lambda self: self.free.open and bool(unsaid(self.free, self.said)))
    @rule(data=st.data(), joint=st.sampled_from(JOINTS), at_once=st.booleans())
    def tells(self, data: st.DataObject, joint: str, at_once: bool) -> None:
        """Some more of it, in one message or in several that wait together."""
        names = data.draw(st.lists(st.sampled_from(unsaid(self.free, self.said)), unique=True, min_size=1, max_size=4))
        facts = [self.free.fact(name) for name in names]
        self.said += names
        if at_once:
            self.free.say(*facts)
        else:
            self.free.say(joint.join(facts))

    @precondition(lambda self: self.free.open)
    @rule()
    def answers(self) -> None:
        """What is asked."""
        self.said.append(self.free.asked_for)
        self.free.answer()

    @precondition(lambda self: not self.free.open)
    @rule()
    def comes_again(self) -> None:
        """When all is done; and says it in another order."""
        self._compare()
        self.free, self.terse, self.said = Customer(*self.flow), Customer(*self.flow), []
        self.free.begin()
        self.terse.begin()

    def _compare(self) -> None:
        assert comes_to(self.free) == comes_to(self.terse)

    def teardown(self) -> None:
        """However far it came, plain answers lead to the same end."""
        if hasattr(self, "free"):
            self._compare()


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=15, stateful_step_count=8, deadline=None)


class ChangeOfMind(RuleBasedStateMachine):
    """Two customers want the same. One says other things first and takes them back before they count (P2)."""

    sealed = True
    """Is nothing done but behind a confirmation? Else any answer may be the last."""

    @initialize(flow=decided(sealed=True), data=st.data())
    def begin(self, flow: tuple[Made, dict[str, str]], data: st.DataObject) -> None:
        """What the hasty one says first is drawn for every slot."""
        self._begin(flow, data)

    def _begin(self, flow: tuple[Made, dict[str, str]], data: st.DataObject) -> None:
        self.flow, self.meant = flow, flow[1]
        self._both_begin(data)

    def _both_begin(self, data: st.DataObject) -> None:
        made = self.flow[0]
        says = {name: subject.says for name, subject in made.subjects.items()}
        self.unsure = {name for name in says if self.meant[name] in says[name] and all(says[name].values())}
        first = {name: said for name, said in wishes(data.draw, made).items() if name in self.unsure}
        self.hasty, self.sure = Customer(made, self.meant | first), Customer(*self.flow)
        self.said: set[str] = set()
        self.hasty.begin()
        self.sure.begin()

    @property
    def wrong(self) -> list[str]:
        """What was said and is not meant."""
        return [name for name in sorted(self.said) if self.hasty.wants[name] != self.meant[name]]

    @precondition(
        lambda self: self.hasty.open and bool(unsaid(self.hasty, self.said)) and (self.sealed or not self.wrong)
    )
    @rule(data=st.data())
    def tells(self, data: st.DataObject) -> None:
        """Some of it unasked."""
        name = data.draw(st.sampled_from(unsaid(self.hasty, self.said)))
        self.said.add(name)
        if self.hasty.done() or (not self.sealed and name == self.hasty.asked_for):
            self.hasty.wants[name] = self.meant[name]  # it could not be taken back any more (R39)
        self.hasty.say(self.hasty.fact(name))

    @precondition(lambda self: self.hasty.open and not (self.wrong and self._counts()))
    @rule()
    def answers(self) -> None:
        """What is asked; but says no yes to what is not meant, and does not insist on what was refused (R22)."""
        asked = self.hasty.asked_for
        if asked in self.wrong or (self.hasty.done() and asked in self.meant):
            self.hasty.wants[asked] = self.meant[asked]
        self.said |= {asked} & self.meant.keys()
        if not self.sealed:
            self.hasty.wants |= {name: self.meant[name] for name in self.said & {asked}}
        self.hasty.answer()

    @precondition(lambda self: self.hasty.open and bool(self.said & self.unsure) and not self.hasty.done())
    @rule(data=st.data(), how=st.sampled_from(TAKING_BACK))
    def changes(self, data: st.DataObject, how: str) -> None:
        """Their mind, of something that was said and not used yet (R39): to what is meant, or to a third thing."""
        name = data.draw(st.sampled_from(sorted(self.said & self.unsure)))
        says = [one for one in self.hasty.made.subjects[name].says if one != self.hasty.wants[name]]
        self._say_instead(name, data.draw(st.sampled_from(says)), how)

    def _counts(self) -> bool:
        return self.hasty.at_a_confirmation or not self.sealed

    def _say_instead(self, name: str, value: str, how: str) -> None:
        self.hasty.wants[name] = value
        self.hasty.say(how.format(self.hasty.fact(name)))

    @precondition(lambda self: not self.hasty.open)
    @rule(data=st.data())
    def comes_again(self, data: st.DataObject) -> None:
        """When all is done; with other second thoughts."""
        self._compare()
        self._both_begin(data)

    def _compare(self) -> None:
        for _ in range(2 * self.hasty.made.asks + 4):
            if self.hasty.open and self.wrong:
                self._say_instead(self.wrong[0], self.meant[self.wrong[0]], TAKING_BACK[0])
            elif self.hasty.open:
                self.hasty.wants = {**self.meant, **{one: self.hasty.wants[one] for one in self.said}}
                self.answers()
        assert comes_to(self.hasty) == comes_to(self.sure)

    def teardown(self) -> None:
        """What is still wrong is put right before the yes that it would count for."""
        if hasattr(self, "hasty"):
            self._compare()


TestChangeOfMind = ChangeOfMind.TestCase
TestChangeOfMind.settings = settings(max_examples=15, stateful_step_count=8, deadline=None)
