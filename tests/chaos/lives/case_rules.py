"""What must hold of every commit, whatever came before it: one version, one owner, one case, its clocks, its runs.

Each rule gives a sentence for what it finds broken, and begins it with the rule's id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise

import msgspec

from engine.conversation import Conversation
from engine.flow import StateDef, StateKind
from engine.frame import Frame
from engine.lines import LINES
from engine.message import EventKind, Voice
from handoff.case import MAX_HISTORY, WAITING, WITH_AGENT, Case, CaseState, Entry
from handoff.hearing import BACK_WORDS
from handoff.lifecycle import next_state
from handoff.moves import Trigger
from handoff.policy import VERDICT_OPEN_S
from handoff.posts import CardUpdate, Whisper
from handoff.timers import CLOCKS, OF_AN_OUTAGE, next_due
from tests.chaos.lives.history import Committed, History
from tests.chaos.lives.life import book

Rule = Callable[[Committed], Iterator[str]]

ASKING = frozenset({EventKind.MESSAGE, EventKind.OPTION})
NOTICES = (LINES["connecting"], "will answer here. Meanwhile I can still help.")
"""What tells the customer that a case was opened, in opening hours and in closed ones."""
BACK = (CaseState.RETURNED, CaseState.CANCELLED, CaseState.FALSE_ALARM)
_RINGING = {*OF_AN_OUTAGE, *(clock for clocks in CLOCKS.values() for clock in clocks)}
MOST_BYTES = 64 * 1024


def same(c: Committed) -> tuple[Case, Case] | None:
    """The case before and after, where it is the same one."""
    return (c.was, c.now) if c.was and c.now and c.was.id == c.now.id else None


def news(was: Case, now: Case) -> tuple[Entry, ...] | None:
    """What its history says of the commit; None where a long history hides that."""
    return now.history[len(was.history) :] if len(now.history) < MAX_HISTORY else None


def version(c: Committed) -> Iterator[str]:
    """H1."""
    if c.after.version < c.before.version:
        yield f"H1: the version shrank from {c.before.version} to {c.after.version}"
    if c.now and c.after.version != c.now.version:
        yield f"H1: the conversation's version {c.after.version} is not its case's {c.now.version}"
    if not (cases := same(c)):
        return
    was, now = cases
    grown, entries = now.version - was.version, news(was, now)
    moved = (was.state, was.owner, was.claimed_by, was.queue) != (now.state, now.owner, now.claimed_by, now.queue)
    if entries is None:
        return
    states = [was.state, *(entry.state for entry in entries), now.state]
    changes = sum(one is not other for one, other in pairwise(states))
    if (grown > 0) != (moved or changes > 0) or not changes <= grown <= changes + 1:
        yield f"H1: {changes} changes of state, and the version grew by {grown}"


def size(c: Committed) -> Iterator[str]:
    """F33."""
    if (bytes_ := len(msgspec.json.encode(c.after))) > MOST_BYTES:
        yield f"F33: the record has {bytes_} bytes"


def owner(c: Committed) -> Iterator[str]:
    """H20."""
    expected = c.now.owner.value if c.now else "bot"
    if c.after.owner != expected:
        yield f"H20: the owner is {c.after.owner}, the case's state says {expected}"
    if c.now and (c.now.state in WITH_AGENT) != (c.now.owner == "agent"):
        yield f"H20: {c.now.state} belongs to {c.now.owner}"
    if c.now and c.now.state in WITH_AGENT and c.now.claimed_by is None:
        yield f"H20: {c.now.state} without anybody"


def opening(c: Committed) -> Iterator[str]:
    """H21, H23."""
    opened = c.now is not None and (c.was is None or c.was.id != c.now.id)
    told = sum(reply.text.count(notice) for reply in c.replies for notice in NOTICES)
    if not opened and told:
        yield "H23: a notice without a case that was opened"
    if not opened or c.now is None:
        return
    if not c.now.open:
        yield f"H21: a new case begins as {c.now.state}"
    if c.was and c.now.previous_id != c.was.id:
        yield "H21: the new case does not know the one before it"
    if c.was and c.was.open and not _seen_closed(c, c.was.id):
        yield f"H21: a second case is opened while {c.was.id} is {c.was.state}"
    if told != 1 and not c.after.opted_out:
        yield f"H23: {told} notices of a new case"


def _seen_closed(c: Committed, case: str) -> bool:
    return any(isinstance(row, CardUpdate) and row.case.id == case and not row.case.open for row in c.rows)


def claims(c: Committed) -> Iterator[str]:
    """H29."""
    cases = same(c)
    if not cases or len(c.events) != 1:
        return
    (was, now), event = cases, c.events[0]
    action = event.fields.get("words") or event.fields.get("action", "")
    if action not in ("claim", "handoff_claim") or was.claimed_by is None or event.address is None:
        return
    if event.fields.get("case") != was.id:
        return
    if was.state in WITH_AGENT and now.claimed_by != was.claimed_by:
        yield f"H29: {event.address.person} claims what {was.claimed_by.id} has"
    other = event.address.person in ("anna", "tom") and event.address.person != was.claimed_by.id
    told = any(isinstance(row, Whisper) and "lready claimed by" in row.text for row in c.rows)
    if was.state in WITH_AGENT and other and action == "claim" and not told:
        yield f"H29: {event.address.person} is not told who has it"


def ended(c: Committed) -> Iterator[str]:
    """H33."""
    cases = same(c)
    if not cases or cases[0].open:
        return
    was, now = cases
    kinds = {event.kind for event in c.events}
    if any(reply.voice is Voice.AGENT for reply in c.replies) and not now.open:
        yield f"H33: an agent's words leave from a case that is {was.state}"
    if now.open:
        reopened = was.state is CaseState.RESOLVED and kinds <= {EventKind.MESSAGE, EventKind.OPTION}
        taken_up = was.state is CaseState.EXPIRED and kinds <= {EventKind.AGENT_MESSAGE, EventKind.AGENT_ACTION}
        if not reopened and not taken_up:
            yield f"H33: {was.state} becomes {now.state} by {sorted(kinds)}"
        return
    if _essence(was) != _essence(now):
        yield f"H33: a closed case changes: {_essence(was)} is now {_essence(now)}"
    late = was.closed_at is None or c.at - was.closed_at > timedelta(seconds=VERDICT_OPEN_S)
    if was.verdict != now.verdict and late:
        yield "H33: a verdict after its time"


def _essence(case: Case) -> tuple[object, ...]:
    """All but the verdict, its line of the history, and what became of rows."""
    told = [entry for entry in case.history if entry.trigger not in (Trigger.VERDICT, Trigger.TICKET)]
    stands = (case.state, case.version, case.claimed_by, case.queue, case.revision, case.outcome, case.closed_at)
    return (*stands, case.held, case.notes, case.transfers, case.timers, case.fired, told)


def clocks(c: Committed) -> Iterator[str]:
    """H28. A run's own clock may come before the case's, never instead of it."""
    wanted = next_due(c.now) if c.now else None
    if wanted is not None and (c.timer is None or c.timer > wanted):
        yield f"H28: the store is to wake it at {c.timer}, its case at {wanted}"
    if c.now is None:
        return
    outage = {clock.value for clock in OF_AN_OUTAGE} if c.now.state in WAITING else set[str]()
    own = {clock.value for clock in CLOCKS.get(c.now.state, ())}
    if stray := set(c.now.timers) - own - outage:
        yield f"H28: {stray} still runs in {c.now.state}"
    exits = [clock for clock in c.now.timers if next_state(c.now.state, Trigger(clock)) is not c.now.state]
    if c.now.open and not exits:
        yield f"H28: no clock leads out of {c.now.state}"
    if not c.events and c.notes and (overdue := [name for name, at in c.now.timers.items() if at <= c.notes.at]):
        yield f"H28: {overdue} was due and did not ring"
    yield from _rung(c)


def _rung(c: Committed) -> Iterator[str]:
    """A clock rings when it is due; one that went away without that belonged to another state."""
    cases = same(c)
    entries = news(*cases) if cases else None
    if not cases or entries is None:
        return
    was, now = cases
    rung = [entry for entry in entries if entry.trigger in _RINGING]
    for entry in rung:
        due = was.timers.get(entry.trigger)
        if due is None or due > entry.at:
            yield f"H28: {entry.trigger} rang at {entry.at}, due {due}"
    if len({entry.trigger for entry in rung}) != len(rung):
        yield f"H28: a clock rang twice: {[entry.trigger for entry in rung]}"
    gone = set(was.timers) - set(now.timers) - {entry.trigger for entry in rung}
    back_up = {clock.value for clock in OF_AN_OUTAGE} if any(one.trigger == "desk_up" for one in entries) else set()
    if now.state is was.state and now.version == was.version and gone - back_up:
        yield f"H28: {gone} was lost in {now.state}"


class Freezer:
    """H27: what a person was asked in the middle of stands as it stood, until they give it back."""

    def __init__(self) -> None:
        self._asked: set[int] = set()
        """Turns in which a person was asked for: what their own words brought is walked with on return."""

    def broken(self, c: Committed) -> Iterator[str]:
        """Nothing moves while a person has the conversation, and nothing is missing when the bot has it again."""
        taken, owned = c.after.owner != "bot", c.before.owner != "bot"
        new = c.was is None or c.now is None or c.was.id != c.now.id
        if not owned and c.notes and c.notes.desk and c.events and c.events[0].kind in ASKING:
            self._asked.add(c.after.turn)
        if taken and owned and not new and (c.before.stack, c.before.question) != (c.after.stack, c.after.question):
            yield "H27: a run moves while a person has the conversation"
        elif owned and (new or (c.now and c.now.state in BACK)):
            yield from self._returned(c)

    def _returned(self, c: Committed) -> Iterator[str]:
        before, after = runs(c.before), runs(c.after)
        over = c.after.ended.run if c.after.ended else ""
        for run, frame in before.items():
            if run not in after and run != over and not _stood_at_a_person(frame):
                yield f"H27: the run of {frame.flow} at {frame.state} is gone"
        for run, frame in after.items():
            stood = before.get(run)
            if stood is None:
                yield f"H27: a run of {frame.flow} that was not there"
                continue
            if frame.tries or frame.clarify:
                yield f"H27: {frame.tries} tries of {frame.flow} are remembered"
            brought = any(slot.turn in self._asked for slot in stood.slots.values())
            if brought or state_of(stood).kind is StateKind.ACTION:
                continue  # the walk goes on from there, and may end elsewhere
            if frame.slots != stood.slots:
                yield f"H27: slots of {frame.flow} were {stood.slots}, are {frame.slots}"
            if not stood.facts.items() <= frame.facts.items():
                yield f"H27: facts of {frame.flow} were {stood.facts}, are {frame.facts}"


def runs(conversation: Conversation) -> dict[str, Frame]:
    """By their ids."""
    return {frame.run: frame for frame in conversation.stack}


def state_of(frame: Frame) -> StateDef:
    """Where the run stands."""
    return book().of(frame).state(frame.state)


def _stood_at_a_person(frame: Frame) -> bool:
    return frame.uncertain or state_of(frame).kind is StateKind.HANDOFF


def again(c: Committed, second_clicks: set[str]) -> Iterator[str]:
    """H57: a double click is one effect."""
    cases = same(c)
    if not cases or not any(event.id in second_clicks for event in c.events):
        return
    was, now = cases
    if (was.version, was.timers, was.notes) != (now.version, now.timers, now.notes) or c.replies:
        action = c.events[0].fields.get("action")
        yield f"H57: the second click of {action} takes {was.state} ({was.version}) to {now.state} ({now.version})"


def went_back(c: Committed) -> bool:
    """Did the customer go back to the bot in this turn?"""
    said = [event.text.strip(" !.").lower() in BACK_WORDS or event.option is not None for event in c.events]
    return any(said) and c.was is not None and (c.now is None or c.now.id != c.was.id or not c.now.open)


RULES: tuple[Rule, ...] = (version, size, owner, opening, claims, ended, clocks)
"""In the order in which they are told."""


class Eye:
    """Looks at every commit once."""

    def __init__(self, history: History, second_clicks: set[str]) -> None:
        self._history, self._second_clicks = history, second_clicks
        self._freezer = Freezer()
        self._seen = 0

    def broken(self) -> Iterator[str]:
        """Everything that does not hold of what was committed since it looked last."""
        commits = self._history.commits[self._seen :]
        self._seen += len(commits)
        for commit in commits:
            for rule in RULES:
                yield from rule(commit)
            yield from self._freezer.broken(commit)
            yield from again(commit, self._second_clicks)
