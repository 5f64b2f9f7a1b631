"""Chance at the wheel: what happens next, in what manner it comes, and what goes wrong meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from engine.conversation import Conversation
from engine.message import Event, EventKind
from gateway.failpoints import PLACES
from handoff.case import Case
from tests.chaos.lives import customer
from tests.chaos.lives.agents import Office
from tests.chaos.lives.life import Life
from tests.chaos.lives.world import ANNA, TOM

AT_WORK = tuple(place for place in PLACES if place not in ("received", "accepted"))
"""The places that a worker reaches; the other two are the door's."""
MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0

CUSTOMERS: Mapping[str, tuple[Callable[[Life], Event], Mapping[str, int]]] = {
    "rambles": (customer.rambles, {"bot": 8, "queue": 14, "agent": 14}),
    "asks for a person": (customer.asks, {"bot": 16, "queue": 4, "agent": 3}),
    "wants the bot": (customer.goes_back, {"bot": 2, "queue": 4, "agent": 2}),
    "presses": (customer.presses, {"bot": 10, "queue": 3, "agent": 3}),
    "shows": (customer.shows, {"bot": 3, "queue": 2, "agent": 2}),
    "edits": (customer.edits, {"bot": 2, "queue": 2, "agent": 2}),
    "opts out": (customer.stops, {"bot": 1, "queue": 1, "agent": 2}),
    "opts in": (customer.comes_back, {"bot": 1, "queue": 1, "agent": 1}),
}
AGENTS: Mapping[str, tuple[Callable[[Office, Case], Event], Mapping[str, int]]] = {
    "writes": (Office.writes, {"bot": 4, "queue": 5, "agent": 26}),
    "writes explicitly": (Office.writes_explicitly, {"bot": 1, "queue": 2, "agent": 6}),
    "notes": (Office.notes, {"bot": 1, "queue": 2, "agent": 5}),
    "meddles": (Office.meddles, {"bot": 1, "queue": 1, "agent": 2}),
    "presses": (Office.presses, {"bot": 6, "queue": 18, "agent": 9}),
    "retries": (Office.retries, {"bot": 1, "queue": 1, "agent": 3}),
    "chooses": (Office.chooses, {"bot": 1, "queue": 3, "agent": 6}),
    "commands": (Office.commands, {"bot": 1, "queue": 2, "agent": 4}),
    "corrects": (Office.corrects, {"bot": 1, "queue": 1, "agent": 2}),
}


class Drive:
    """Takes a life from step to step; `again` holds the ids of second clicks."""

    def __init__(self, life: Life) -> None:
        self.life, self.office = life, Office(life)
        self.chance = life.chance
        self.again: set[str] = set()
        self._sent: list[Event] = []

    async def step(self) -> None:
        """One thing happens, and what follows from it is done."""
        life, drawn = self.life, self.chance.random() * 100
        self._weather()
        life.clock.move(self.chance.uniform(0.0, 3.0))
        if drawn < 9:
            await self._time()
        elif drawn < 12:
            self._tell("time runs back")
            life.clock.move(-self.chance.uniform(1, 10 * MINUTE))
            await life.rests()
        elif drawn < 13:
            self._tell("a deployment")
            await life.restarts()
            await life.rests()
        elif drawn < 16 and self._known():
            event = self.chance.choice(self._known())
            self._tell(f"{event.id} comes once more")
            await life.takes(event)
            await life.rests()
        else:
            await self._happens(await life.conversation())

    async def _time(self) -> None:
        span = self.chance.choice((5.0, 40.0, 3 * MINUTE, 7 * MINUTE, 16 * MINUTE, 2 * HOUR, 20 * HOUR, 2 * DAY))
        seconds = span * self.chance.uniform(0.5, 1.5)
        if self.chance.random() < 0.5:
            self._tell(f"{seconds:.0f} s pass")
            await self.life.passes(seconds)
        else:
            self._tell(f"{seconds:.0f} s pass in a sleep")
            self.life.clock.move(seconds)
            await self.life.rests()

    async def _happens(self, conversation: Conversation) -> None:
        """Something in its own manner: alone, with others at once, in the middle of something, or with a crash."""
        life, manner = self.life, self.chance.random() * 100
        if manner < 12:
            await self._at_once(conversation)
            return
        if manner < 26:
            self._trouble()
        if manner < 34:
            await self._in_flight(conversation)
        event = self._something(conversation)
        await life.takes(event)
        await self._worked_off()

    async def _worked_off(self) -> None:
        """Until nothing is due; who stumbles again and again at the same place is given the time for it."""
        life = self.life
        await life.rests()
        if any(process.mortal.goes_on for process in life.processes):
            await life.passes(10.0)
        for process in life.processes:
            process.mortal.disarm()

    async def _at_once(self, conversation: Conversation) -> None:
        """Several wait before anybody looks; those of one side may come in another order than they were sent in."""
        events = [self._something(conversation) for _ in range(self.chance.randint(2, 4))]
        seen = self.office.sees
        if seen and self.chance.random() < 0.3:
            events = [self.office.claims(seen[-1], agent) for agent in (ANNA, TOM)]
        elif self.chance.random() < 0.3:
            events.reverse()
        if self.chance.random() < 0.3:
            self._trouble()
        self._tell(f"{len(events)} at once: {' '.join(event.id for event in events)}")
        for event in events:
            await self.life.takes(event, work=False)
            if event.kind is EventKind.AGENT_ACTION and "inputs" not in event.fields and self.chance.random() < 0.3:
                await self.life.takes(self._twin(event), work=False)
        await self._worked_off()

    async def _in_flight(self, conversation: Conversation) -> None:
        event = self._something(conversation)
        life = self.life

        async def comes() -> None:
            self._tell(f"while somebody waits comes {event.id}")
            await life.takes(event)

        async def stalls() -> None:
            """Whoever waits is taken for dead, and another goes on in its place."""
            self._tell("somebody stalls")
            life.leases_end()
            for process in life.processes:
                if not process.mortal.dead:
                    await process.worker.sweep_once()

        life.while_waiting(stalls if self.chance.random() < 0.15 else comes)

    def _something(self, conversation: Conversation) -> Event:
        """By whoever has most to do now."""
        owner, seen = conversation.owner, self.office.sees
        choices: list[tuple[str, Callable[[], Event], int]] = [
            (f"customer {name}", lambda does=does: does(self.life), weights[owner])  # type: ignore[misc] # bound now
            for name, (does, weights) in CUSTOMERS.items()
        ]
        slot = conversation.question.slot if conversation.question else ""
        choices.append(("customer answers", lambda: customer.answers(self.life, slot), 40 if owner == "bot" else 12))
        if conversation.opted_out:
            choices.append(("customer opts in", lambda: customer.comes_back(self.life), 15))
        if seen:
            card = seen[-1] if self.chance.random() < 0.85 else self.chance.choice(seen)
            choices += [
                (f"agent {name}", lambda does=does: does(self.office, card), weights[owner])  # type: ignore[misc]
                for name, (does, weights) in AGENTS.items()
            ]
        name, does, _ = self.chance.choices(choices, [weight for _, _, weight in choices])[0]
        event = does()
        self._sent.append(event)
        self._tell(f"{event.id} {name} {_told(event)}")
        return event

    def _twin(self, event: Event) -> Event:
        """The second click of a double one."""
        twin = msgspec.structs.replace(event, id=f"{event.id}again")
        self.life.stamps[twin.id] = self.life.clock.now()
        self.again.add(twin.id)
        return twin

    def _trouble(self) -> None:
        """A process dies or stumbles at one of the places; once in a while it stumbles there again and again."""
        place, dies = self.chance.choice(AT_WORK), self.chance.random() < 0.6
        visit = self.chance.choice((1, 1, 2, 3))
        times = 3 if not dies and self.chance.random() < 0.2 else 1
        self._tell(f"{'death' if dies else 'fault'} at {place}@{visit}" + (" thrice" if times > 1 else ""))
        self.chance.choice(self.life.processes).mortal.arm(place, visit=visit, dies=dies, times=times)

    def _weather(self) -> None:
        weather, drawn = self.life.weather, self.chance.random()
        if weather.away:
            weather.away = drawn > 0.25
        elif drawn < 0.015:
            self._tell("the desk's face goes away")
            weather.away = True
        elif drawn > 0.95:
            weather.calm = not weather.calm

    def _known(self) -> list[Event]:
        return [event for event in self._sent[-20:] if self.life.known(event)]

    def _tell(self, deed: str) -> None:
        self.life.history.deeds.append(f"{self.life.clock.now():%a %H:%M:%S} {deed}")


def _told(event: Event) -> str:
    """What it is, shortly."""
    shown = [event.address.person if event.address else "", event.text[:40], event.option or ""]
    shown += [event.fields.get(name, "") for name in ("action", "value", "words")]
    return " ".join(filter(None, shown))
