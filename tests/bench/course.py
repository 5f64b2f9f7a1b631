"""Everything that is driven in one run of the benchmark: who, under which load, and against whom."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.bench.contestants import (
    AIOGRAM,
    ALWAYS,
    APPOINTMENTS,
    CAREFUL,
    CAREFUL_HERE,
    FLOOR,
    FLOOR_HERE,
    OURS,
    OURS_HERE,
    aiogram,
    apart,
    floor,
    frontdesk,
    on_redis,
)
from tests.bench.figures import RATE, middle
from tests.bench.load import Load
from tests.bench.talks import appointment
from tests.bench.trials import Maker, Trial, World

WITHIN_S = 30.0
"""No load begins new conversations for longer."""
PACE = 300.0
"""Turns a second."""

HERE: tuple[Maker, ...] = (
    lambda places: floor(places, careful=False),
    lambda places: floor(places, careful=True),
    frontdesk,
)
SHARED: tuple[Maker, ...] = (
    lambda places: on_redis(floor(places, careful=False)),
    lambda places: on_redis(floor(places, careful=True)),
    aiogram,
    lambda places: on_redis(frontdesk(places)),
    lambda places: apart(on_redis(frontdesk(places)), 1),
    lambda places: apart(on_redis(frontdesk(places)), 2),
)
CLOSE: tuple[Maker, ...] = (SHARED[1], SHARED[3])
FSYNCED: tuple[Maker, ...] = (
    lambda places: on_redis(floor(places, careful=True), fsync=ALWAYS),
    lambda places: on_redis(frontdesk(places), fsync=ALWAYS),
)

BOOKED: tuple[Maker, ...] = (
    lambda places: on_redis(floor(places, careful=True, talk="appointment")),
    lambda places: on_redis(frontdesk(places, flows=APPOINTMENTS)),
)


@dataclass(frozen=True, kw_only=True)
class Course:
    """`here` is without Redis. Pushed: as fast as it goes. Paced: PACE turns a second."""

    here_pushed: Trial
    here_paced: Trial
    pushed: Trial
    paced: Trial
    half: Trial
    booked: Trial
    always: Trial

    def trials(self) -> tuple[Trial, ...]:
        """In the order of the page."""
        return (self.pushed, self.paced, self.half, self.booked, self.always, self.here_pushed, self.here_paced)


async def run_course(world: World, *, repeats: int, conversations: int) -> Course:
    """Contestants in turn within each repeat."""
    pushed_load = Load(conversations=conversations, at_once=64, within_s=WITHIN_S)
    paced_load = Load(conversations=conversations // 2, at_once=128, within_s=WITHIN_S, turns_per_s=PACE)
    ours_here = ((OURS_HERE, FLOOR_HERE), (OURS_HERE, CAREFUL_HERE))
    ours = ((OURS, FLOOR), (OURS, CAREFUL), (OURS, AIOGRAM))
    here = [
        Trial(title="In one process without Redis, as fast as it goes", load=pushed_load, against=ours_here),
        Trial(title=f"In one process without Redis, at {PACE:.0f} turns a second", load=paced_load, against=ours_here),
    ]
    await world.run(HERE, here, repeats)
    shared = [
        Trial(title="On Redis, as fast as it goes", load=pushed_load, against=ours),
        Trial(title=f"On Redis, at {PACE:.0f} turns a second", load=paced_load, against=ours),
    ]
    await world.run(SHARED, shared, repeats)
    rate = middle(RATE, shared[0].samples, OURS) / 2
    half_load = Load(conversations=conversations, at_once=256, within_s=WITHIN_S, turns_per_s=rate)
    half = Trial(title=f"On Redis, at {rate:,.0f} turns a second", load=half_load, against=ours[1:2])
    await world.run(CLOSE, (half,), repeats)
    booked = Trial(
        title="Eight slots, on Redis, as fast as it goes",
        load=replace(pushed_load, conversations=conversations // 2, talk=appointment),
        against=ours[1:2],
    )
    await world.run(BOOKED, (booked,), repeats)
    always = Trial(
        title=f"With `appendfsync {ALWAYS}`, as fast as it goes",
        load=pushed_load,
        against=((f"{OURS}, {ALWAYS}", f"{CAREFUL}, {ALWAYS}"),),
    )
    await world.run(FSYNCED, (always,), repeats)
    return Course(
        here_pushed=here[0],
        here_paced=here[1],
        pushed=shared[0],
        paced=shared[1],
        half=half,
        booked=booked,
        always=always,
    )
