"""A desk for tests: one conversation's cases, a clock that moves, and everything that was said and shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from handoff.case import Agent, Case, CaseState, Firing
from handoff.lifecycle import step
from handoff.moves import Effects, Line, Move, Step, Trigger
from handoff.opening import Request, ask_for_person
from handoff.policy import DeskPolicy
from handoff.timers import due, next_due

ANNA = Agent(id="U1", alias="Anna")
TOM = Agent(id="U2", alias="Tom")
MONDAY = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


class Desk:
    """Takes steps on the newest case of one conversation."""

    def __init__(self, policy: DeskPolicy | None = None, *, now: datetime = MONDAY) -> None:
        self.policy = policy or DeskPolicy()
        self.now = now
        self.known: Case | None = None
        self.steps: list[Step] = []
        self.version = 0
        self._requests = 0

    @property
    def case(self) -> Case:
        """The newest case."""
        assert self.known is not None, "no case was opened"
        return self.known

    @property
    def state(self) -> CaseState:
        return self.case.state

    @property
    def effects(self) -> Effects:
        """Of the newest step."""
        return self.steps[-1].effects

    @property
    def said(self) -> list[str]:
        """Keys of the customer's lines of the newest step."""
        return [line.key for line in self.effects.say]

    @property
    def ever_said(self) -> list[Line]:
        """Every line the customer heard."""
        return [line for taken in self.steps for line in taken.effects.say]

    def ask(self, primary: str = "explicit_request", **fields: Any) -> Step:
        """A person is asked for."""
        self._requests += 1
        fired = (Firing(code=primary),)
        request = Request(seed=f"c:{self._requests}", version=self.version, primary=primary, fired=fired, **fields)
        return self._took(ask_for_person(self.known, request, now=self.now, policy=self.policy))

    def do(self, trigger: Trigger, agent: Agent | None = None, **fields: Any) -> Step:
        """Something happens."""
        return self._took(
            step(self.case, Move(trigger=trigger, agent=agent, **fields), now=self.now, policy=self.policy)
        )

    def wait(self, **time: float) -> list[Trigger]:
        """Time passes; every clock that falls due rings in its order. Gives the clocks that rang."""
        end = self.now + timedelta(**time)
        rang = []
        while (at := next_due(self.case)) is not None and at <= end:
            self.now = max(self.now, at)
            clock = due(self.case, self.now)
            assert clock is not None
            assert self.do(clock).refused is None, f"{clock} is due and is not taken"
            rang.append(clock)
        self.now = end
        return rang

    def _took(self, taken: Step) -> Step:
        self.steps.append(taken)
        self.known = taken.case
        self.version = taken.case.version
        return taken


def queued(policy: DeskPolicy | None = None) -> Desk:
    """A desk whose customer waits."""
    desk = Desk(policy)
    desk.ask()
    return desk


def claimed(policy: DeskPolicy | None = None) -> Desk:
    """A desk on which Anna has the case."""
    desk = queued(policy)
    desk.do(Trigger.CLAIM, ANNA)
    return desk


def talking(policy: DeskPolicy | None = None) -> Desk:
    """A desk on which Anna has answered."""
    desk = claimed(policy)
    desk.do(Trigger.REPLY, ANNA)
    return desk
