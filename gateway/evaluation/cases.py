"""One case at a time: a conversation file whose lines hold or not, or a dialogue whose turns are understood or not."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from engine.conversation import Conversation
from engine.frame import Ended, Frame
from engine.model import Model
from gateway.evaluation.counting import CountedStage, Counts, Fates, counted
from gateway.evaluation.dialogues import Dialogue, Said
from gateway.evaluation.result import Outcome
from gateway.rehearsal.conversations import Repertoire, rehearse
from gateway.rehearsal.script import NOW
from gateway.rehearsal.stage import Setting
from gateway.rehearsal.state import shown

Case = Path | Dialogue


@dataclass(frozen=True, kw_only=True, slots=True)
class Examiner:
    """Plays cases with a model."""

    played: Repertoire
    model: Model
    fates: Fates

    async def examine(self, case: Case, repeat: int = 0) -> Outcome:
        """What comes of it."""
        counts, before = Counts(), Counter(self.fates.counted)
        stage = counted(self.model, counts)
        outcome = await (self._promise(case, stage) if isinstance(case, Path) else self._dialogue(case, stage))
        return msgspec.structs.replace(
            outcome,
            repeat=repeat,
            turns=counts.turns,
            asking=counts.asking,
            calls=counts.calls,
            tokens_in=counts.tokens_in,
            tokens_out=counts.tokens_out,
            fates=dict(self.fates.counted - before),
            seconds=tuple(counts.seconds),
        )

    async def _promise(self, file: Path, stage: type[CountedStage]) -> Outcome:
        verdict = await rehearse(file, self.played, stage=stage)
        why = ""
        if verdict.fault is not None:
            why = f"line {verdict.fault.line} cannot be played: {verdict.fault.what}"
        elif verdict.failure is not None:
            why = f"line {verdict.failure.line.number}: {verdict.failure.line}"
        return Outcome(case=name_of(file), wording=wording_of(file), held=verdict.passed, why=why)

    async def _dialogue(self, dialogue: Dialogue, stage: type[CountedStage]) -> Outcome:
        played, setting = self.played, Setting(now=NOW, root=self.played.root)
        marks = _Marks()
        with tempfile.TemporaryDirectory(prefix="frontdesk-") as folder:
            async with stage(
                played.homes, played.desk, Path(folder), setting=setting, knowledge=played.knowledge
            ) as desk:
                titles = {flow.name: flow.title for flow in desk.flows}
                if dialogue.flow:
                    await desk.hear([desk.customer.text(titles.get(dialogue.flow, dialogue.flow))])
                for number, turn in enumerate(dialogue.turns, start=1):
                    await desk.hear([desk.customer.text(turn.say)])
                    marks.judge(number, turn, await desk.conversation())
        why = marks.wrong[0] if marks.wrong else ""
        return Outcome(
            case=dialogue.id,
            wording=wording_of(dialogue),
            promise=False,
            held=not why,
            why=why,
            slots=(marks.right["slots"], marks.of["slots"]),
            flows=(marks.right["flows"], marks.of["flows"]),
            reasks=marks.reasks,
        )


class _Marks:
    """What of a dialogue was understood."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.of: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.reasks = 0
        self._given: set[str] = set()

    def judge(self, number: int, turn: Said, now: Conversation) -> None:
        """Compare what is settled after a turn with what should be."""
        self._given |= turn.slots.keys()
        self.reasks += now.question is not None and now.question.slot in self._given
        for name, value in turn.slots.items():
            self._mark("slots", shown(value) in _held(now, name), f"turn {number}: {name} is not {shown(value)}")
        if turn.flow is not None:
            self._mark("flows", turn.flow in _active(now), f"turn {number}: the flow is not {turn.flow}")

    def _mark(self, what: str, good: bool, why: str) -> None:
        self.of[what] += 1
        self.right[what] += good
        self.wrong += [] if good else [why]


def name_of(case: Case) -> str:
    """As results call it."""
    return case.id if isinstance(case, Dialogue) else f"{case.absolute().parts[-3]}/{case.stem}"


def wording_of(case: Case) -> str:
    """A hash of what is played: another wording is another case."""
    raw = msgspec.json.encode(case) if isinstance(case, Dialogue) else case.read_bytes()
    return blake2b(raw, digest_size=6).hexdigest()


def _runs(now: Conversation) -> list[Frame | Ended]:
    return [*reversed(now.stack), *([now.ended] if now.ended else [])]


def _held(now: Conversation, name: str) -> list[str]:
    values: list[Any] = [one.slots[name].value for one in _runs(now) if name in one.slots]
    return [shown(value) for value in values if value is not None]


def _active(now: Conversation) -> list[str]:
    return [one.flow for one in _runs(now)][:1]
