"""What the journal and the runs tell a summary: the transcript, and what the bot tried (H71, H72)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from msgspec.structs import replace

from engine.archive import Archived
from engine.conversation import Conversation
from engine.frame import Ended, Found, Frame
from engine.machine import Compiled
from engine.notes import Notes
from engine.ports import ERROR
from handoff.facts import Attempt, Said

_WRONG_ANSWERS = frozenset({"R19", "R21", "R22"})
_ALTERNATIVES = "R22"


def transcript_of(journal: Sequence[Notes], conversation: Conversation) -> tuple[Said, ...]:
    """What customer, bot and agents said, oldest first. A turn without the customer's words in which a slot was
    answered was a pressed choice: its label stands for it."""
    pressed = {
        slot.turn: slot.words or str(slot.value)
        for frame in conversation.stack
        for slot in frame.slots.values()
        if slot.settled
    }
    said: list[Said] = []
    for notes in journal:
        said += [Said(turn=notes.turn, at=notes.at, who="customer", text=text) for text in notes.heard]
        if not notes.heard and notes.turn in pressed:
            said.append(Said(turn=notes.turn, at=notes.at, who="customer", text=pressed[notes.turn], pressed=True))
        if notes.said:
            said.append(Said(turn=notes.turn, at=notes.at, who="bot", text=notes.said))
        if notes.answered:
            said.append(Said(turn=notes.turn, at=notes.at, who="agent", text=notes.answered))
    return tuple(said)


def attempts_of(
    journal: Sequence[Notes], conversation: Conversation, flows: Mapping[str, Compiled]
) -> tuple[Attempt, ...]:
    """Look-ups, committed calls, wrong answers and offered alternatives, oldest first; repeats in a row are one."""
    found = [attempt for notes in journal for attempt in _of_turn(notes, conversation, flows)]
    found += _of_earlier_runs(journal, conversation, flows)
    found += [attempt for run in _runs(conversation) for attempt in _calls(run, journal, conversation, flows)]
    found.sort(key=lambda attempt: attempt.at)
    together = groupby(found, key=lambda one: (one.kind, one.flow, one.name, one.outcome, one.result, one.key))
    return tuple(_one(list(same)) for _, same in together)


def _runs(conversation: Conversation) -> Iterator[Frame | Ended]:
    if conversation.ended is not None:
        yield conversation.ended
    yield from conversation.stack


def _of_turn(notes: Notes, conversation: Conversation, flows: Mapping[str, Compiled]) -> Iterator[Attempt]:
    for action, outcome in notes.calls:
        found = _remembered(conversation, action) if outcome == ERROR else None
        attempt = _attempt(notes, action, outcome, certain=found is not None and found.certain)
        yield replace(attempt, flow=_whose(notes, action, flows))
    flow = flows.get(notes.version or "")
    if flow is None or notes.state is None or not _WRONG_ANSWERS & set(notes.rules):
        return
    slot = flow.state(notes.state).slot
    if slot:
        yield Attempt(at=notes.at, kind="slot_retry", name=slot, outcome="rejected", turn=notes.turn)
        if _ALTERNATIVES in notes.rules:
            yield Attempt(at=notes.at, kind="alternative_offered", name=slot, outcome="ok", turn=notes.turn)


def _whose(notes: Notes, action: str, flows: Mapping[str, Compiled]) -> str:
    """The flow whose action a turn called: of a run that ended in the turn, else of the one that it went on with."""
    ran = [(run.flow, run.version) for run in notes.archived] + [(notes.flow or "", notes.version or "")]
    declared = (name for name, version in ran if version in flows and action in flows[version].definition.actions)
    return next(declared, notes.flow or "")


def _of_earlier_runs(
    journal: Sequence[Notes], conversation: Conversation, flows: Mapping[str, Compiled]
) -> Iterator[Attempt]:
    """Effects of runs that the conversation holds no more: they stay done, however long ago that was."""
    held = {run.run for run in _runs(conversation)}
    for place, notes in enumerate(journal):
        for came in notes.came:
            ran = [run for later in journal[place:] for run in later.archived if _has_effect(run, came.action, flows)]
            if not ran or ran[0].run in held or (came.action, came.outcome) in notes.calls:
                continue
            failed = came.outcome == ERROR
            outcome = "unknown" if not came.certain else "failed" if failed else "ok"
            yield Attempt(
                at=notes.at,
                kind="action",
                name=came.action,
                outcome=outcome,
                certain=came.certain,
                result="" if failed else came.outcome,
                irreversible=True,
                flow=ran[0].flow,
            )


def _has_effect(run: Archived, action: str, flows: Mapping[str, Compiled]) -> bool:
    flow = flows.get(run.version)
    declared = flow.definition.actions.get(action) if flow else None
    return declared is not None and declared.irreversible


def _attempt(notes: Notes, action: str, outcome: str, *, certain: bool) -> Attempt:
    """The journal's `error` may have been a time-out: only what is remembered as certain has failed (H72)."""
    if outcome != ERROR:
        return Attempt(at=notes.at, kind="action", name=action, outcome="ok", result=outcome, turn=notes.turn)
    if certain:
        return Attempt(at=notes.at, kind="action", name=action, outcome="failed", turn=notes.turn)
    return Attempt(at=notes.at, kind="action", name=action, outcome="unknown", certain=False, turn=notes.turn)


def _remembered(conversation: Conversation, action: str) -> Found | None:
    kept = [
        found
        for frame in conversation.stack
        for key, found in frame.lookups.items()
        if key.split(":", 1)[0] == action and found.outcome == ERROR
    ]
    return kept[-1] if kept else None


def _calls(
    run: Frame | Ended, journal: Sequence[Notes], conversation: Conversation, flows: Mapping[str, Compiled]
) -> Iterator[Attempt]:
    """Irreversible calls, by the key each was made with. No result, or an uncertain one, is unknown (H72)."""
    version = run.version if isinstance(run, Frame) else _version_of(run, journal)
    flow = flows.get(version)
    for state, visits in run.visits.items():
        at = [notes.at for notes in journal if notes.flow == run.flow and notes.state == state]
        action = flow.state(state).action if flow else None
        for visit in range(1, visits + 1):
            outcome, certain, result = _came_to(run, state, conversation, last=visit == visits)
            yield Attempt(
                at=at[-1] if at else journal[-1].at,
                kind="action",
                name=action or state,
                outcome=outcome,
                certain=certain,
                result=result,
                key=f"{run.run}:{state}:{visit}",
                irreversible=True,
                flow=run.flow,
            )


def _version_of(run: Ended, journal: Sequence[Notes]) -> str:
    versions = [notes.version for notes in journal if notes.flow == run.flow and notes.version]
    return versions[-1] if versions else ""


def _came_to(run: Frame | Ended, state: str, conversation: Conversation, *, last: bool) -> tuple[str, bool, str]:
    """Outcome, whether it is certain, and its word. A run that went on from an effect had its answer."""
    if not last or isinstance(run, Ended):
        return "ok", True, ""
    waiting = conversation.waiting
    if waiting is not None and (waiting.run, waiting.state) == (run.run, state):
        return "unknown", False, ""
    found = run.results.get(state)
    if run.uncertain or (found is not None and not found.certain):
        return "unknown", False, ""
    if found is not None and found.outcome == ERROR:
        return "failed", True, ""
    return "ok", True, found.outcome if found else ""


def _one(same: list[Attempt]) -> Attempt:
    return replace(same[-1], times=sum(attempt.times for attempt in same))
