"""The experiments of a desk, compiled once: what each touches, and which variant a person is given (S35)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from engine.desk import DeskDef
from engine.experiments import Changes, ExperimentDef, drawn, labelled
from engine.flow import FlowDef
from engine.variants import Touched, reworded, touched

Steer = Callable[[str, ExperimentDef], ExperimentDef]
"""Given an experiment and its label: how it is to go on instead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """One experiment as it stands now."""

    label: str
    definition: ExperimentDef
    touched: Touched

    def changes(self, variant: str) -> Changes:
        """What a variant changes; `control`, and one that is no more, nothing."""
        return self.definition.changes.get(variant, _NOTHING)

    def variant(self, person: str, kept: Mapping[str, str]) -> str:
        """The variant of somebody's next run: the one they were given before, while there is one of that name."""
        if self.definition.stopped:
            return self.definition.stopped
        met = kept.get(self.label, "")
        return met if met in self.definition.variants else drawn(person, self.label, self.definition.variants)


_NOTHING = Changes()


class Trials:
    """Every experiment of a desk: those of its flows, by flow, and its own, by what they touch."""

    def __init__(self, flows: Iterable[FlowDef], desk: DeskDef) -> None:
        own = [_of_desk(name, one) for name, one in desk.experiments.items()]
        self.of_flow: Mapping[str, Mapping[str, Trial]] = {
            flow.name: {name: _of_flow(flow, name) for name in flow.experiments} for flow in flows if flow.experiments
        }
        """Flow -> its experiments by their names in it."""
        self.lines: Mapping[str, Trial] = {line: trial for trial in own for line in trial.touched.lines}
        self.parts: Mapping[str, Trial] = {part: trial for trial in own for part in trial.touched.parts}
        every = [*own, *(trial for trials in self.of_flow.values() for trial in trials.values())]
        self.by_label: Mapping[str, Trial] = {trial.label: trial for trial in every}

    def __bool__(self) -> bool:
        """Is anything tried out here at all?"""
        return bool(self.by_label)


def _of_desk(name: str, experiment: ExperimentDef) -> Trial:
    return Trial(label=labelled(name, experiment), definition=experiment, touched=reworded(experiment))


def _of_flow(flow: FlowDef, name: str) -> Trial:
    experiment = flow.experiments[name]
    label = labelled(name, experiment, flow.name)
    return Trial(label=label, definition=experiment, touched=touched(flow, experiment))


def labels(flows: Iterable[FlowDef], desk: DeskDef) -> tuple[str, ...]:
    """What the experiments of a desk are called."""
    return tuple(Trials(flows, desk).by_label)


def steered(flows: Iterable[FlowDef], desk: DeskDef, steer: Steer) -> tuple[tuple[FlowDef, ...], DeskDef]:
    """The same flows and desk with each experiment as `steer` wants it."""
    return tuple(_steered_flow(flow, steer) for flow in flows), replace(
        desk, experiments=_each(desk.experiments, steer)
    )


def stopping(named: Sequence[str], to: str) -> Steer:
    """Those experiments, by label or by name without salt, stop with the variant `to`."""
    return lambda label, one: replace(one, stopped=to) if {label, label.partition("@")[0]} & {*named} else one


def given(variants: Mapping[str, str], otherwise: str) -> Steer:
    """Everybody is given these variants, by label, and elsewhere `otherwise`."""
    return lambda label, one: _only(one, variants.get(label, otherwise))


def _only(experiment: ExperimentDef, variant: str) -> ExperimentDef:
    return replace(experiment, variants={name: int(name == variant) for name in experiment.variants}, stopped="")


def _steered_flow(flow: FlowDef, steer: Steer) -> FlowDef:
    return replace(flow, experiments=_each(flow.experiments, steer, flow.name)) if flow.experiments else flow


def _each(experiments: Mapping[str, ExperimentDef], steer: Steer, flow: str = "") -> dict[str, ExperimentDef]:
    return {name: steer(labelled(name, one, flow), one) for name, one in experiments.items()}
