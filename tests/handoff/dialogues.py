"""Dialogues with what must be known at their end, played with the engine and a model that reads what is planned.

A value is said in the turn that speaks of it, as far as that can be found, else in the last one it is needed in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from engine.flow import FlowDef
from engine.model import Answered, ModelRequest, Phrasing, Purpose, T, Understanding
from engine.ports import ActionOutcome
from engine.prompts import Prompts
from tests.engine.adviser import PROMPTS
from tests.engine.talk import Talk

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
CONFIRM = "confirm"
"""The state in which a flow with an effect asks whether everything is right."""


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A call that was made, or is being prepared."""

    service: str
    method: str
    parameters: dict[str, str]
    transactional: bool = False

    @property
    def flow(self) -> str:
        """The flow that makes it."""
        return "__".join(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower() for name in (self.service, self.method))


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What is known at the end."""

    service: str
    intent: str
    slots_user_gave: dict[str, str]
    missing_required: tuple[str, ...] = ()
    superseded_values: dict[str, tuple[str, ...]] = {}
    completed_calls: tuple[Call, ...] = ()


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A dialogue up to the point where a person takes over."""

    id: str
    user_turns: tuple[str, ...]
    expected: Expected

    @property
    def stages(self) -> list[tuple[Call, bool]]:
        """What is worked on, in order, and whether it was done; the last is what was under way, or what was said of a
        task that is over."""
        expected = self.expected
        now = Call(service=expected.service, method=expected.intent, parameters=expected.slots_user_gave)
        return [*((call, True) for call in expected.completed_calls), (now, False)]

    @property
    def over(self) -> bool:
        """Was the task that they speak of at the end done already?"""
        calls, now = self.expected.completed_calls, self.stages[-1][0]
        return bool(calls) and calls[-1].flow == now.flow and not self.expected.missing_required


@dataclass
class Reader:
    """The scripted model: says what the turn at hand is planned to say."""

    flow: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    understanding: Understanding = Understanding.MODEL
    phrasing: Phrasing = Phrasing.AUTHOR
    name: str = "reader"
    prompts: Prompts = PROMPTS

    def mask(self, text: str) -> str:
        """Nothing here is secret."""
        return text

    async def ask(self, request: ModelRequest, read: Callable[[str], T]) -> Answered[T] | None:
        """The planned values that the request asks for."""
        if request.purpose is not Purpose.EXTRACTION:
            return None
        asked = request.schema["properties"]["slots"]["properties"]
        answer = {"flow": self.flow, "slots": {name: value for name, value in self.values.items() if name in asked}}
        return Answered(value=read(json.dumps(answer)), model=self.name)


def played(row: Row, flows: Sequence[FlowDef]) -> Talk:
    """The dialogue, up to its check point."""
    model = Reader()
    talk = Talk(*flows, answers={"call": ActionOutcome(outcome="done")}, model=model)
    ends = list(_ends(row))
    known: dict[tuple[str, str], str] = {}
    for turn, text in enumerate(row.user_turns):
        texts = [text]
        for place, (call, done) in enumerate(row.stages):
            begins = ends[place - 1] if place else -1
            if not (begins < turn <= ends[place] or (turn == ends[place] and begins == turn)):
                continue
            last = turn == ends[place]
            model.values = dict(_values(row, call, turn, known, last=last))
            started = bool(talk.conversation.stack) and talk.top.flow == call.flow
            begins_now = (
                bool(model.values)
                or last
                or (done and turn == begins + 1)
                or (turn == ends[place] - 1 and _is_answer(row.user_turns[ends[place]]))
            ) and not (started and not last)
            model.flow = call.flow if begins_now and not (row.over and not done) else None
            known |= {(call.service, slot): value for slot, value in model.values.items()}
            talk.say(texts.pop() if texts else "Please go on.")
            if done and last and talk.conversation.stack and talk.top.state == CONFIRM:
                model.flow, model.values = None, {}
                talk.say("Yes.")
        if texts:
            model.flow, model.values = None, {}
            talk.say(texts.pop())
    return talk


def _ends(row: Row) -> Iterator[int]:
    """For each stage the turn in which the last of its values is said; of what is under way, the last turn."""
    last, known = -1, dict[tuple[str, str], str]()
    final = len(row.user_turns) - 1
    stages = row.stages
    for place, (call, _) in enumerate(stages):
        new = {slot: value for slot, value in call.parameters.items() if known.get((call.service, slot)) != value}
        said = [at for slot, value in new.items() if (at := _mention(row, value, last + 1, slot)) is not None]
        said += [_corrected(row, slot) for slot in new if _settles(row, call, slot)]
        last = min(max([last + 1, *said]), final)
        last = final if place == len(stages) - 1 else last
        known |= {(call.service, slot): value for slot, value in new.items()}
        yield last


def _values(
    row: Row, call: Call, turn: int, known: Mapping[tuple[str, str], str], *, last: bool
) -> Iterator[tuple[str, str]]:
    """What a turn says of a call: values that stand in it, first those that are corrected later; at its end, all."""
    for slot, value in call.parameters.items():
        old = row.expected.superseded_values.get(slot, ()) if call.service == row.expected.service else ()
        before = known.get((call.service, slot))
        if before == value:
            continue
        wrong = next((one for one in old if one != before and before not in old), None)
        if wrong is not None and turn < _corrected(row, slot):
            at = _mention(row, wrong, 0, slot)
            if at == turn or (at is None and turn == _corrected(row, slot) - 1):
                yield slot, wrong
        elif last or (not wrong and _mention(row, value, turn, slot) == turn):
            yield slot, value


def _is_answer(text: str) -> bool:
    """Is it so short that it answers a question, which the task must have asked before?"""
    return len(text.split()) == 1


def _settles(row: Row, call: Call, slot: str) -> bool:
    """Is it the call with the value that a correction ended in?"""
    now = row.expected
    return (
        call.service == now.service
        and slot in now.superseded_values
        and (call.parameters[slot] == now.slots_user_gave.get(slot))
    )


def _corrected(row: Row, slot: str) -> int:
    """The turn in which the value that counts was said, after the one it replaced."""
    old, new = row.expected.superseded_values[slot][-1], row.expected.slots_user_gave.get(slot, "")
    first = _mention(row, old, 0, slot)
    said = _mention(row, new, (first if first is not None else 0) + 1, slot)
    return said if said is not None else len(row.user_turns) - 1


def _mention(row: Row, value: str, since: int, slot: str) -> int | None:
    forms = [re.escape(value.casefold())]
    if value.isdigit() and int(value) < len(WORDS):
        forms.append(WORDS[int(value)])
    if day := re.fullmatch(r"\d{4}-(\d\d)-(\d\d)", value):
        forms.append(rf"{int(day[2])}(?:st|nd|rd|th)?")
    if hour := re.fullmatch(r"(\d\d):(\d\d)", value):
        forms += [rf"{int(hour[1]) % 12 or 12}(?::{hour[2]})?"]
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)")
    turns = enumerate(row.user_turns)
    return next((at for at, text in turns if at >= since and pattern.search(text.casefold())), None)
