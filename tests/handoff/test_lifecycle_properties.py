"""Whatever happens, in whatever order: H1, H20, H21, H23, H28, H29, H33 at the level of the case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoff.case import ENDS, OPEN, WITH_AGENT, Agent, Case, CaseState, Owner
from handoff.hours import read_hours
from handoff.lifecycle import next_state
from handoff.moves import CardWork, Refused, Trigger
from handoff.policy import DeskPolicy, ReplyPolicy, Tickets
from handoff.timers import CLOCKS, OF_AN_OUTAGE
from tests.handoff.desk import ANNA, TOM, Desk

AGENTS = st.sampled_from((ANNA, TOM))
MOVES = st.fixed_dictionaries(
    {
        "trigger": st.sampled_from(Trigger),
        "agent": AGENTS,
        "behind": st.one_of(st.none(), st.integers(0, 3)),
        "held": st.sampled_from(("", "h1", "h2")),
        "explicit": st.booleans(),
        "hours": st.integers(-1, 30),
    }
)
HAPPENINGS = st.lists(
    st.one_of(
        MOVES,
        st.fixed_dictionaries({"minutes": st.sampled_from((1, 5, 16, 31, 90, 1500, 4500))}),
        st.fixed_dictionaries({"asks": st.sampled_from(("explicit_request", "keyword", "engine_error"))}),
    ),
    max_size=40,
)
POLICIES = st.builds(
    DeskPolicy,
    hours=st.sampled_from((read_hours(""), read_hours("Mon-Fri 09:00-17:00", "Europe/Berlin"))),
    reply_policy=st.sampled_from(ReplyPolicy),
    ticket=st.sampled_from(Tickets),
)
NOTICES = {"connecting", "parked"}


def happen(desk: Desk, event: dict[str, Any]) -> None:
    """One thing of the list; nothing happens to a case that does not exist."""
    if "asks" in event:
        desk.ask(event["asks"])
    elif "minutes" in event and desk.known is not None:
        desk.wait(minutes=event["minutes"])
    elif "minutes" not in event and desk.known is not None:
        behind = event["behind"]
        seen = None if behind is None else max(0, desk.case.version - behind)
        until = desk.now + timedelta(hours=event["hours"])
        fields = {
            "held": event["held"],
            "explicit": event["explicit"],
            "until": until,
            "text": "words",
            "queue": "billing",
        }
        desk.do(event["trigger"], event["agent"], seen=seen, **fields)


def clocks_of(case: Case) -> set[str]:
    """The clocks that may run in the state it is in."""
    outage = {clock.value for clock in OF_AN_OUTAGE} if case.state in (*OPEN,) else set()
    return {clock.value for clock in CLOCKS.get(case.state, ())} | outage


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HAPPENINGS, POLICIES)
def test_a_case_stays_a_case_whatever_happens(events: list[dict[str, Any]], policy: DeskPolicy) -> None:
    desk = Desk(policy)
    cases: list[Case] = []
    for event in events:
        taken = len(desk.steps)
        before = desk.known
        happen(desk, event)
        for one in desk.steps[taken:]:
            if before is not None:
                follows(before, one.case, refused=one.refused)
            before = one.case
            stands(one.case)
            if one.case.id not in [case.id for case in cases]:
                cases.append(one.case)
    told = [line.key for line in desk.ever_said if line.key in NOTICES]
    assert len(told) == len(cases), "H23: one notice for each case, and none besides"


def follows(before: Case, after: Case, *, refused: Refused | None) -> None:
    """What must hold between a case and the next."""
    if refused is not None:
        assert after == before
        return
    if after.id != before.id:
        assert not before.open, "H21: at most one open case of a conversation"
        assert after.version > before.version
        return
    moved = (before.state, before.owner, before.claimed_by, before.queue) != (
        after.state,
        after.owner,
        after.claimed_by,
        after.queue,
    )
    assert after.version == before.version + moved, "H1"
    assert after.fresh_from <= after.version
    assert after.revision >= before.revision
    if before.state in ENDS:
        back = {CaseState.RESOLVED: CaseState.WAITING_AGENT, CaseState.EXPIRED: CaseState.WAITING_CUSTOMER}
        assert after.state in (before.state, back.get(before.state)), "H33"
    if before.claimed_by and after.claimed_by and before.claimed_by != after.claimed_by:
        assert after.history[-1].trigger in (Trigger.TAKE_OVER, Trigger.REPLY, Trigger.CLAIM), "H29"


def stands(case: Case) -> None:
    """What must hold of every case."""
    assert set(case.timers) <= clocks_of(case), "H28: no clock of another state is left"
    assert (case.owner is Owner.AGENT) == (case.state in WITH_AGENT), "H20"
    assert case.claimed_by is not None or case.state not in WITH_AGENT
    assert case.open or not case.timers, "H33: nothing rings at an end"
    if case.open:
        exits = [clock for clock in case.timers if next_state(case.state, Trigger(clock)) is not case.state]
        assert exits, "H7: an open case never waits for ever"
    assert len(msgspec.json.encode(case)) < 40_000, "F33"
    assert msgspec.json.decode(msgspec.json.encode(case), type=Case) == case, "P7"


@settings(max_examples=100, deadline=None)
@given(HAPPENINGS, POLICIES)
def test_H20_two_voices_never_answer_the_same_message(events: list[dict[str, Any]], policy: DeskPolicy) -> None:
    desk = Desk(policy)
    for event in events:
        happen(desk, event)
        if desk.known is None:
            continue
        written = desk.do(Trigger.CUSTOMER_WRITES)
        bot_answers = written.case.owner is Owner.BOT
        if written.case.open:
            assert written.effects.relay, "H25: it reaches the thread whoever answers"
            assert not (bot_answers and written.case.claimed_by and written.case.state in WITH_AGENT)
        else:
            assert bot_answers, "H146: after an end the bot answers"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(AGENTS, st.sampled_from((Trigger.CLAIM, Trigger.CLAIM, Trigger.RELEASE))), max_size=12))
def test_H29_a_case_is_claimed_by_one_agent_at_a_time(presses: list[tuple[Agent, Trigger]]) -> None:
    desk = Desk()
    desk.ask()
    for agent, trigger in presses:
        holder = desk.case.claimed_by
        taken = desk.do(trigger, agent)
        if trigger is Trigger.CLAIM and holder is not None:
            assert taken.refused is (Refused.DONE_ALREADY if holder == agent else Refused.ALREADY_CLAIMED)
            assert desk.case.claimed_by == holder


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(("explicit_request", "keyword", "safety")), min_size=1, max_size=6))
def test_H21_asking_again_while_open_creates_nothing_and_repeats_no_notice(primaries: list[str]) -> None:
    desk = Desk()
    desk.ask()
    id = desk.case.id
    for primary in primaries:
        desk.ask(primary)
        assert desk.case.id == id
        assert not desk.effects.say
        assert desk.effects.card is not CardWork.POST
    assert {one.code for one in desk.case.fired} == {"explicit_request", *primaries}


@settings(max_examples=100, deadline=None)
@given(HAPPENINGS, st.integers(1, 200))
def test_H28_a_long_sleep_rings_the_same_clocks_as_a_short_one(events: list[dict[str, Any]], hours: int) -> None:
    """A process that was away finds every due time in the record, and takes them in their order."""
    desk = Desk()
    desk.ask()
    for event in events:
        happen(desk, event)
    twin = Desk(desk.policy, now=desk.now)
    twin.known, twin.version = desk.known, desk.version
    at_once = desk.wait(hours=hours)
    bit_by_bit = [clock for _ in range(hours) for clock in twin.wait(hours=1)]
    assert at_once == bit_by_bit
    assert desk.case == twin.case
