"""What must be looked up or done: the walk goes on, look-ups run in the turn, an irreversible call ends it."""

from __future__ import annotations

from hashlib import blake2b

from msgspec.structs import replace

from engine.account import Came, steps
from engine.answering import answer
from engine.beginning import start
from engine.conversation import Waiting
from engine.delegated import take_work
from engine.delegation import Contributions
from engine.draft import Draft
from engine.frame import Found, FrameKind
from engine.heard import Hearing
from engine.judged import refuse
from engine.memory import Memories
from engine.outside import came_to, requested
from engine.ports import ERROR, Actions
from engine.position import accepts, judged_key
from engine.question import Question
from engine.recalling import introduce, recall
from engine.remembering import learned
from engine.rules.ordered import Rules
from engine.rules.registry import Stage
from engine.say import changes
from engine.walk import Need, Walk, walk

_NOTHING: frozenset[str] = frozenset()


async def act(draft: Draft, hearing: Hearing, rules: Rules, actions: Actions, memories: Memories | None = None) -> None:
    """Walk the active run until it rests: at a question, a committed call, or with no run left."""
    if draft.halted:
        return
    while draft.stack and draft.waiting is None:
        if not draft.stack[-1].path:
            await recall(draft, memories)
            await introduce(draft, actions)
            rules.run(Stage.BEGIN, draft, hearing)
        rested = _go_on(draft)
        rules.arrive(rested.need, draft, hearing)
        if draft.stopped or draft.failed or draft.overrun:
            return
        if draft.walk is None:
            rules.run(Stage.END, draft, hearing)
            continue
        match draft.walk.need:
            case Need.LOOK_UP:
                await _look_up(draft, hearing, rules, actions)
            case Need.JUDGE:
                await _judge(draft, hearing, rules, actions)
            case Need.CALL | Need.DELEGATE:
                _commit_call(draft, draft.walk.lookup)
            case Need.PUSH:
                _push(draft)
            case Need.END:
                _end(draft)
                rules.run(Stage.END, draft, hearing)
            case Need.ASK:
                _ask(draft)
                return
            case Need.HAND_OFF | Need.STUCK:
                return


def _go_on(draft: Draft) -> Walk:
    frame, book = draft.stack[-1], draft.book
    before, anew = draft.before.top, draft.time.anew
    stood_on_top = before is not None and before.run == frame.run and frame.run not in anew
    anew.discard(frame.run)
    # What changed below an interruption was noted in other turns: a run that comes back to the top is walked anew.
    changed = draft.touched.pop(frame.run, _NOTHING) if stood_on_top else None
    most = book.desk.max_steps_per_turn
    draft.walk = rested = walk(book.of(frame), frame, draft.person, changed=changed, max_steps=most)
    draft.walked += steps(frame, rested.frame)
    draft.stack[-1] = rested.frame
    draft.speech.said += [said.text for said in rested.said]
    draft.unseen |= rested.unseen
    if draft.exposing is not None:
        draft.exposing.walked(rested)
    return rested


async def _look_up(draft: Draft, hearing: Hearing, rules: Rules, actions: Actions) -> None:
    """One look-up; its outcome is remembered by its inputs (W8). A failure that no edge takes is left to R59."""
    state, key = draft.flow.state(draft.stack[-1].state), draft.walk.lookup if draft.walk else ""
    action = state.action or ""
    if action not in draft.flow.questions:
        await _ask_outside(draft, actions, action, key, failure_leads_on=bool(state.on_error))
        return
    outcome = await answer(draft, hearing, rules, action)
    came_to(draft, action, outcome)
    draft.change(lookups=draft.stack[-1].lookups | {key: Found(outcome=outcome.outcome, facts=outcome.facts)})


async def _judge(draft: Draft, hearing: Hearing, rules: Rules, actions: Actions) -> None:
    """Have a value judged, once for each value and visit; one that is refused was never taken (R24)."""
    frame, flow = draft.stack[-1], draft.flow
    slot = flow.slot(flow.state(frame.state).slot or "")
    judge = slot.validate or ""
    key = judged_key(judge, slot.name, frame.slots[slot.name].value)
    found = frame.lookups.get(key) or await _ask_outside(draft, actions, judge, key)
    if found is not None and accepts(flow, judge, found):
        draft.change(tries=0, clarify=0, offers=0)
    elif found is not None:
        hearing.values = [refuse(draft, slot, found)]
        rules.run(Stage.TRIES, draft, hearing)


async def _ask_outside(
    draft: Draft, actions: Actions, action: str, key: str, *, failure_leads_on: bool = False
) -> Found | None:
    """One look-up, remembered under `key`; None when it failed or was one too many."""
    frame = draft.stack[-1]
    draft.actions += 1
    if draft.actions > draft.book.desk.max_actions_per_turn:
        draft.overrun = True
        return None
    request = requested(draft, action, key=f"{frame.run}:{frame.state}:look:{draft.turn}:{draft.actions}")
    outcome = await actions.run(request)
    came_to(draft, action, outcome)
    if outcome.outcome == ERROR and not failure_leads_on:
        draft.failed = action
        return None
    found = Found(outcome=outcome.outcome, facts=outcome.facts, certain=outcome.certain)
    still = {name: count for name, count in frame.failures.items() if name != request.action}
    draft.change(lookups=frame.lookups | {key: found}, failures=still)
    return found


def _commit_call(draft: Draft, lookup: str) -> None:
    """The decision to do what cannot be undone, or takes others a while (S36), ends the turn; its result comes back
    as an event (I11, W9)."""
    if draft.again:
        draft.again = False
        return
    frame = draft.stack[-1]
    visit = frame.visits.get(frame.state, 0) + 1
    key = f"{frame.run}:{frame.state}:{visit}"
    draft.call = replace(requested(draft, draft.flow.state(frame.state).action or "", key=key), visit=visit)
    speech = draft.speech
    draft.waiting = Waiting(
        key=key,
        run=frame.run,
        state=frame.state,
        action=draft.call.action,
        lookup=lookup,
        held=(*speech.acks, *changes(draft), *speech.answers, *speech.notices, *speech.said),
        got=() if speech.together else tuple(speech.got),
    )
    draft.change(visits=frame.visits | {frame.state: visit}, acted=frame.acted or not lookup)
    draft.question = None


def take_result(
    draft: Draft, outcome: str, facts: dict[str, object], *, certain: bool, given: Contributions | None = None
) -> None:
    """A committed call's result goes on the walk; `given` is what each task of a plan gave (S36)."""
    waiting = draft.waiting
    if waiting is None:
        return
    draft.waiting = None
    draft.came.append(Came(action=waiting.action, outcome=outcome, facts=dict(facts), certain=certain))
    draft.speech.acks += waiting.held
    draft.speech.got += waiting.got
    for index, frame in enumerate(draft.stack):
        if frame.run == waiting.run:
            found = Found(outcome=outcome, facts=dict(facts), certain=certain)
            if waiting.lookup:
                draft.stack[index] = take_work(draft, frame, waiting, found, given or {})
                continue
            results = frame.results | {waiting.state: found}
            draft.stack[index] = replace(frame, results=results, uncertain=not certain)
    draft.base = tuple(draft.stack)


def _push(draft: Draft) -> None:
    flow = draft.flow
    called = draft.book.current(flow.state(draft.stack[-1].state).call or "")
    if called is None:
        frame = draft.stack[-1]
        draft.change(results=frame.results | {frame.state: Found(outcome=ERROR)})
        return
    start(draft, called, FrameKind.CALL)


def _end(draft: Draft) -> None:
    """A terminal: the run is done; a called run gives its outcome to the one that called it (W11)."""
    frame = draft.stack[-1]
    outcome = draft.flow.state(frame.state).outcome
    called = frame.kind is FrameKind.CALL
    if draft.address is not None:
        draft.learned.append(learned(frame, draft.book, draft.address, now=draft.now))
    draft.end("called" if called else "done", outcome)
    if called and draft.stack:
        parent = draft.stack[-1]
        found = Found(outcome=outcome)
        draft.change(results=parent.results | {parent.state: found})


def _ask(draft: Draft) -> None:
    """The run waits at a question: it becomes the open one, with its choices and what it is bound to."""
    frame, flow = draft.stack[-1], draft.flow
    state = flow.state(frame.state)
    slot = flow.slot(state.slot or "")
    digest = draft.walk.digest if draft.walk else ""
    question = Question(
        run=frame.run,
        state=state.name,
        slot=slot.name,
        mark=mark(state.name, digest),
        digest=digest,
        choices=flow.choices[slot.name],
    )
    draft.question = question


def mark(state: str, digest: str) -> str:
    """What the buttons of a question are bound to: its state and what it showed."""
    return blake2b(f"{state}:{digest}".encode(), digest_size=4).hexdigest()
