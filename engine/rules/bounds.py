"""Where a task leads and where it ends: its goal (S29), what "done" is and how long that takes (S32), its recap."""

from __future__ import annotations

from engine.delegation import SYNTHESISER
from engine.draft import Draft
from engine.frame import Frame, FrameKind, Slot, SlotState
from engine.heard import Hearing
from engine.question import Choice, PendingKind
from engine.readers.answer import Answer, read_answer
from engine.readers.control import RECAP
from engine.recap import so_far
from engine.rules.given import Given
from engine.rules.registry import Only, Stage, rule
from engine.steps import steps_to_the_end
from engine.stopping import stop_top
from engine.views import to_speech
from engine.walk import Need
from engine.wanted import Wanted

RETURN_EVERY = 3
"""Turns in a row that settled nothing, after which the goal is named again."""
LONG_RUN = 10
"""Turns after which a recap is offered."""
_MOST_BOUNDS = 2
_FINISH, _GO_ON, _PERSON = "finish", "go_on", "person"


def _goal(draft: Draft) -> str:
    """The active task's goal in words; "" while it names what is not known yet."""
    goal, frame = draft.flow.goal, draft.stack[-1]
    if goal is None:
        return ""
    known = to_speech(goal.names, draft.flow.definition, frame.slots, frame.facts, draft.person)
    return goal.render(known) if goal.names <= known.keys() else ""


def _begins(frame: Frame) -> bool:
    """Is its first question put now?"""
    return not (frame.turns or frame.asked) and frame.kind is not FrameKind.CALL


@rule("S29", Stage.ARRIVE, 40, given=(Need.ASK, Only.BOUNDED), consumed_too=True)
def what_it_is_for(draft: Draft, hearing: Hearing) -> bool:
    """A task with a goal names it when it begins; one that also says how long it takes does both at once (S32)."""
    frame = draft.top
    if frame is None or draft.flow.goal is None or draft.flow.definition.max_turns or not _begins(frame):
        return False
    goal = _goal(draft)
    draft.speech.notices += [draft.line("goal_named", goal=goal)] if goal else []
    return bool(goal)


@rule("S32", Stage.ARRIVE, 41, given=(Need.ASK, Only.BOUNDED), consumed_too=True)
def what_done_means(draft: Draft, hearing: Hearing) -> bool:
    """A task with `max_turns` says when it begins what there will be at its end, and after how many steps."""
    frame = draft.top
    if frame is None or not draft.flow.definition.max_turns or not _begins(frame):
        return False
    count = steps_to_the_end(draft.flow)
    steps = draft.line("one_step") if count == 1 else draft.line("some_steps", n=count)
    goal = _goal(draft)
    draft.speech.notices.append(draft.line("done_defined" if goal else "done_in", steps=steps, goal=goal))
    return True


@rule("S37", Stage.ARRIVE, 42, given=(Need.ASK, Only.BOUNDED), consumed_too=True)
def it_takes_a_moment(draft: Draft, hearing: Hearing) -> bool:
    """Work for several agents is announced when the task begins."""
    frame = draft.top
    if frame is None or not draft.flow.delegates or not _begins(frame):
        return False
    draft.speech.notices.append(draft.line("takes_a_moment"))
    return True


@rule("S29.return", Stage.ARRIVE, 43, given=(Need.ASK, Only.BOUNDED), consumed_too=True)
def back_to_the_goal(draft: Draft, hearing: Hearing) -> bool:
    """After every third turn in a row that settled nothing the question comes with the goal."""
    frame = draft.top
    if frame is None or draft.flow.goal is None or draft.time.heard is None:
        return False
    before = next((one for one in draft.before.stack if one.run == frame.run), None)
    if before is None:
        return False
    answered = any(heard.asked and not heard.fault for heard in hearing.used)  # a loop empties its slot again (W3)
    adrift = 0 if answered or _settled_more(before, frame) else before.adrift + 1
    if adrift != frame.adrift:
        draft.change(adrift=adrift)
    goal = "" if adrift % RETURN_EVERY else _goal(draft)
    if not (adrift and goal):
        return False
    draft.speech.lead = ("goal_return", {"goal": goal})
    return True


def _settled_more(before: Frame, now: Frame) -> bool:
    held = before.slots
    return any(
        slot.settled and (name not in held or held[name].value != slot.value) for name, slot in now.slots.items()
    )


@rule("S30.offer", Stage.ARRIVE, 44, given=(Need.ASK,), consumed_too=True)
def a_recap_is_offered(draft: Draft, hearing: Hearing) -> bool:
    """A run of over ten turns offers its recap once."""
    frame = draft.top
    if frame is None or frame.turns < LONG_RUN or frame.recap_offered or draft.time.heard is None:
        return False
    draft.change(recap_offered=True)
    draft.speech.notices.append(draft.line("recap_offer"))
    return True


@rule("S32.limit", Stage.ARRIVE, 45, given=(Need.ASK, Only.BOUNDED), consumed_too=True)
def far_enough(draft: Draft, hearing: Hearing) -> bool:
    """At `max_turns`: the best result so far or a recap; finish, go on once for half as many, or a person."""
    frame = draft.top
    most = draft.flow.definition.max_turns if frame else None
    if frame is None or most is None or draft.time.heard is None or draft.pending is not None:
        return False
    limit = most if frame.bounds == 0 else most + 1 + -(-most // 2)  # the turn of the answer counts for neither
    if frame.bounds >= _MOST_BOUNDS or frame.turns + 1 < limit:
        return False
    if hearing.control is None or hearing.control.what != RECAP:
        draft.speech.notices += _best(draft, frame)
    words = [(_FINISH, "finish_now"), *([(_GO_ON, "go_on")] if frame.bounds == 0 else [])]
    words += [(_PERSON, "a_person")] if draft.book.people else []
    choices = tuple(Choice(label=draft.line(line), value=value) for value, line in words)
    draft.change(bounds=frame.bounds + 1)
    draft.ask_system(PendingKind.DEFINE_DONE, draft.line("far_enough"), choices)
    return True


def _best(draft: Draft, frame: Frame) -> list[str]:
    """What the agents wrote last, unless this very turn says it; where none did, the recap."""
    plans = [action.delegate for action in draft.flow.definition.actions.values()]
    writers = [task.id for plan in plans for task in plan if task.agent == SYNTHESISER]
    written = [frame.context[id].text for id in writers if id in frame.context]
    if not written:
        return so_far(draft)
    return [text for text in written[-1:] if not any(text in said for said in draft.speech.said)]


@rule("S32.answer", Stage.SYSTEM, 35, given=(Given.SYSTEM,))
def finish_or_go_on(draft: Draft, hearing: Hearing) -> bool:
    """finish, or yes: an optional question is left out, and the flow's own end follows; else the task is stopped. go
    on, or no: the question returns. a person: R60."""
    pending, asked = draft.pending, draft.asked
    if pending is None or pending.kind is not PendingKind.DEFINE_DONE:
        return False
    chosen = hearing.pressed or _said(draft, hearing)
    if chosen is None:
        return False
    draft.pending = None
    draft.done = draft.explained = True
    if chosen == _PERSON:
        draft.want_person(Wanted(trigger="explicit_request", quote=hearing.text))
    elif chosen == _GO_ON:
        draft.speech.acks.append(draft.line("kept_going"))
    elif asked is not None and asked.optional:
        draft.put(len(draft.stack) - 1, asked.name, Slot(state=SlotState.SKIPPED, turn=draft.turn))
    elif draft.stack:
        stop_top(draft, "cancelled")
    return True


def _said(draft: Draft, hearing: Hearing) -> str | None:
    """A yes or no answers what was asked, and never the question of the task that stands unseen behind it (R14)."""
    if hearing.control is not None:
        return None
    answer = read_answer(hearing.text, draft.reading).answer
    return _FINISH if answer is Answer.AFFIRM else _GO_ON if answer is Answer.DENY else None
