"""Is the summary true to the conversation? Dialogues with the facts that a summary must and must not hold, played here.

    python -m tests.handoff.faithfulness --data ROWS.jsonl --flows FOLDER [--show N]

Each row of ROWS.jsonl has `id`, `user_turns` and `expected`: `service`, `intent`, `slots_user_gave`, `missing_required`,
`superseded_values` (slot -> values that were corrected) and `completed_calls` (`service`, `method`, `parameters`, `transactional`).
FOLDER holds a flow for each service and intent, named like `restaurants_2__find_restaurants`, whose values are texts.
A scripted model reads each value in the turn that speaks of it, as far as that can be found; then a person is asked for.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from msgspec.structs import replace

from engine.flow import FlowDef
from engine.model import Answered, ModelRequest, Purpose, T, Understanding
from engine.ports import ActionOutcome
from engine.prompts import Prompts
from gateway.flowfolder import read_folder
from tests.engine.adviser import PROMPTS
from tests.engine.talk import Talk
from tests.handoff.documents import case_of, document, of_talk
from tests.handoff.random_cases import facts_of

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
        """What is worked on, in order, and whether it was done; the last is what was under way."""
        expected = self.expected
        now = Call(service=expected.service, method=expected.intent, parameters=expected.slots_user_gave)
        done = [(call, True) for call in expected.completed_calls]
        return (
            done if done and done[-1][0].flow == now.flow and not expected.missing_required else [*done, (now, False)]
        )


@dataclass
class Reader:
    """The scripted model: says what the turn at hand is planned to say."""

    flow: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    understanding: Understanding = Understanding.MODEL
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


@dataclass
class Found:
    """What a summary got right and wrong, by kind; and what was wrong, in words."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def see(self, kind: str, true: bool, what: str) -> None:
        """Count one thing."""
        self.right[kind] += true
        self.right[f"all {kind}"] += 1
        self.wrong += [] if true else [f"{kind}: {what}"]


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
            model.flow = call.flow if (model.values or last) and not (started and not last) else None
            known |= {(call.service, slot): value for slot, value in model.values.items()}
            talk.say(texts.pop() if texts else "Please go on.")
            if done and last and talk.conversation.stack and talk.top.state == CONFIRM:
                model.flow, model.values = None, {}
                talk.say("Yes.")
        if texts:
            model.flow, model.values = None, {}
            talk.say(texts.pop())
    return talk


def checked(row: Row, talk: Talk) -> Found:
    """The summary of the conversation against what is expected of it."""
    expected, found = row.expected, Found()
    made = document(of_talk(talk, replace(facts_of(1), case=case_of("explicit_request"))))
    slots = {slot["name"]: slot for slot in made["slots"]}
    for name, value in expected.slots_user_gave.items():
        slot = slots.get(name, {})
        held = slot.get("value", slot.get("value_masked"))
        found.see(
            "current values", slot.get("status") == "filled" and _same(held, value), f"{name}: {value}, not {held}"
        )
    for name, values in expected.superseded_values.items():
        for value in values:
            held = slots.get(name, {}).get("value")
            found.see("superseded values gone", not _same(held, value), f"{name}: {value}")
    for name in expected.missing_required:
        found.see("missing values listed", slots.get(name, {}).get("status") == "missing", name)
    titles = {flow.definition.name: flow.definition.title for flow in talk.world.book.flows}
    ok = {one["name"] for one in made["attempts"] if one["outcome"] == "ok"}
    current = made["flow"]["active"]["flow"] if made["flow"]["active"] else _last(talk)
    for call in expected.completed_calls:
        named = f"{titles[call.flow]}: call"
        found.see("completed calls named", named in ok or (call.flow == current and "call" in ok), named)
    return found


def rows_in(path: Path) -> list[Row]:
    """The rows of a file."""
    return [msgspec.json.decode(line, type=Row) for line in path.read_bytes().splitlines() if line.strip()]


def _last(talk: Talk) -> str:
    ended = talk.conversation.ended
    return ended.flow if ended else ""


def _same(held: object, value: str) -> bool:
    return str(held).casefold() == value.casefold()


def _ends(row: Row) -> Iterator[int]:
    """For each stage the turn in which the last of its values is said."""
    last, known = -1, dict[tuple[str, str], str]()
    final = len(row.user_turns) - 1
    stages = row.stages
    for place, (call, _) in enumerate(stages):
        new = {slot: value for slot, value in call.parameters.items() if known.get((call.service, slot)) != value}
        said = [at for slot, value in new.items() if (at := _mention(row, value, last + 1, slot)) is not None]
        last = min(max([last + 1, *said]), final)
        if place == len(stages) - 1 and row.expected.superseded_values:
            last = max(last, *(_corrected(row, slot) for slot in row.expected.superseded_values))
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


def main() -> int:
    """Play every row and print what was found."""
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--data", type=Path, required=True, help="rows, one JSON object a line")
    told.add_argument("--flows", type=Path, required=True, help="a folder with the flows of the rows' services")
    told.add_argument("--show", type=int, default=5, help="how many faulty rows to print")
    args = told.parse_args()
    flows = read_folder(args.flows, {"ACTION_URL": "http://127.0.0.1:1"}).flows
    total, faulty = Counter[str](), list[tuple[str, list[str]]]()
    rows = rows_in(args.data)
    for row in rows:
        found = checked(row, played(row, flows))
        total += found.right
        faulty += [(row.id, found.wrong)] if found.wrong else []
    for kind in sorted(one.removeprefix("all ") for one in total if one.startswith("all ")):
        print(f"{kind}: {total[kind]} of {total[f'all {kind}']}")
    for id, wrong in faulty[: args.show]:
        print(id, *wrong, sep="\n  ")
    print(f"{len(rows) - len(faulty)} of {len(rows)} summaries are true")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
