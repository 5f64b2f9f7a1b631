"""What one turn shows of the experiments: which variant is in force, and what of it the customer met (S35).

1. A variant is drawn when something first depends on it, and a run keeps what it began with.
2. An exposure is noted for every variant alike, `control` too, where the experiment first touches a reply or a path:
   who never came there has not taken part.
3. Each is noted once for a run, and once for a conversation outside of runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from engine.conversation import Conversation
from engine.extraction import Consultation
from engine.frame import Frame
from engine.lines import fill
from engine.machine import Compiled
from engine.memory import person_key
from engine.message import Address
from engine.prompts import DESK, Prompts
from engine.question import Question
from engine.runs import Runs
from engine.trials import Trial, Trials
from engine.walk import Walk


class Exposure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A customer met what an experiment touches, in a run or outside of any: a line of the journal."""

    experiment: str
    variant: str
    run: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Met:
    """What would be met if `text` is said; "" is met already."""

    exposure: Exposure
    text: str = ""


class Exposing:
    """One turn's look at the experiments; made only where there are any."""

    def __init__(self, runs: Runs, trials: Trials, before: Conversation, person: Callable[[], Address | None]) -> None:
        self._runs = runs
        self._trials = trials
        self._before = before
        self._address = person
        self._met: list[_Met] = []
        self.kept: dict[str, str] = before.variants
        """The variants met in this conversation, by experiment; after `close`, with this turn's."""
        self.variants: dict[str, str] = {}
        """Those in force in this turn."""
        self.exposed: tuple[Exposure, ...] = ()
        """What the customer first met in this turn, once it is closed."""

    def begin(self, flow: Compiled) -> tuple[Compiled, dict[str, str]]:
        """The version that a new run of a flow begins under, and the variants that make it."""
        trials = self._trials.of_flow.get(flow.name)
        if not trials:
            return flow, {}
        chosen = {name: self._drawn(trial) for name, trial in trials.items()}
        version = self._runs.book.varied(flow.name, tuple(chosen.values())) or flow
        tried = {trials[name].label: each for name, each in chosen.items() if not trials[name].definition.stopped}
        return version, tried

    def line(self, key: str, flow: Compiled | None, values: Mapping[str, object]) -> str:
        """One of our lines, as the variant in force words it."""
        text = self._line(key, flow, values)
        top = self._runs.top
        for trial, variant in self._under_way(top):
            if key in trial.touched.lines:
                self._meet(trial, variant, top, text)
        return text

    def _line(self, key: str, flow: Compiled | None, values: Mapping[str, object]) -> str:
        trial = self._trials.lines.get(key)
        text = self._runs.book.line(key, flow, **values)
        if trial is None or (flow and flow.definition.lines.get(key)):
            return text
        variant = self._in_force(trial)
        wording = trial.changes(variant).lines.get(key)
        text = text if wording is None else fill(wording, values)
        self._meet(trial, variant, self._runs.top, text)
        return text

    def parts(self, names: Sequence[str], prompts: Prompts) -> list[str]:
        """The prompt parts that stand in the places of these; one that is there no more stands in nobody's."""
        flow = self._runs.flow if self._runs.stack else None
        own = flow.definition.parts if flow is not None else {}
        instead = ((name, own.get(name) or self._part(name)) for name in names)
        return [part if prompts.knows(part, flow.name if flow else DESK) else name for name, part in instead]

    def _part(self, name: str) -> str:
        trial = self._trials.parts.get(name)
        return trial.changes(self._in_force(trial)).prompts.get(name, name) if trial else name

    def walked(self, rested: Walk) -> None:
        """A run went on: what it said, and which states it has left."""
        frame = rested.frame
        for trial, variant in self._under_way(frame):
            self.variants[trial.label] = variant
            touched = trial.touched
            for said in rested.said:
                if said.state in touched.wordings:
                    self._meet(trial, variant, frame, said.text)
            if touched.whole or not touched.ways.isdisjoint((*frame.trail, *frame.path[:-1])):
                self._meet(trial, variant, frame)

    def close(self, said: str, question: Question | None, asked: Sequence[Consultation]) -> None:
        """The turn is put together: `said` is what the customer reads, `question` what they are asked in it, `asked`
        what a model was asked. What they met of it is noted, and kept with the run."""
        self._put(question)
        self._read(asked)
        found = [met.exposure for met in self._met if met.text.strip() in said]
        self.exposed = tuple(dict.fromkeys(one for one in found if self._new(one)))
        for one in self.exposed:
            self.variants[one.experiment] = one.variant
            self._keep(one)
        if self.exposed:
            still = {label: one for label, one in self.kept.items() if label in self._trials.by_label}
            self.kept = still | {one.experiment: one.variant for one in self.exposed}

    def _put(self, question: Question | None) -> None:
        top = self._runs.top
        if question is None or top is None or question.run != top.run:
            return
        for trial, variant in self._under_way(top):
            if question.state in trial.touched.wordings:
                self._meet(trial, variant, top)

    def _read(self, asked: Sequence[Consultation]) -> None:
        """A model read the message by the parts of the run that it came in."""
        parts = frozenset().union(*(one.parts for one in asked))
        if not parts:
            return
        top = self._before.top
        for trial, variant in self._under_way(top):
            if not trial.touched.parts.isdisjoint(parts):
                self._meet(trial, variant, top)
        for trial in {id(one): one for name, one in self._trials.parts.items() if name in parts}.values():
            self._meet(trial, self._in_force(trial), top)

    def _under_way(self, frame: Frame | None) -> list[tuple[Trial, str]]:
        """The experiments of a run's own flow that go on, each with the run's variant."""
        own = self._trials.of_flow.get(frame.flow) if frame is not None and frame.variants else None
        if frame is None or not own:
            return []
        return [(trial, frame.variants[trial.label]) for trial in own.values() if trial.label in frame.variants]

    def _in_force(self, trial: Trial) -> str:
        """The variant of an experiment of the desk: the run's, else the person's."""
        top = self._runs.top
        variant = top.variants.get(trial.label) if top is not None else None
        return variant or self._drawn(trial)

    def _drawn(self, trial: Trial) -> str:
        address = self._address()
        return trial.variant(person_key(address) if address else self._before.id, self.kept)

    def _meet(self, trial: Trial, variant: str, frame: Frame | None, text: str = "") -> None:
        ended = trial.definition.stopped and not (frame is not None and trial.label in frame.variants)
        if ended or (frame is not None and trial.label in frame.exposed):
            return
        run = frame.run if frame is not None else ""
        self._met.append(_Met(exposure=Exposure(experiment=trial.label, variant=variant, run=run), text=text))

    def _new(self, exposure: Exposure) -> bool:
        return bool(exposure.run) or self.kept.get(exposure.experiment) != exposure.variant

    def _keep(self, exposure: Exposure) -> None:
        label = exposure.experiment
        for index, frame in enumerate(self._runs.stack):
            if frame.run == exposure.run:
                variants = frame.variants | {label: exposure.variant}
                self._runs.stack[index] = replace(frame, variants=variants, exposed=(*frame.exposed, label))
