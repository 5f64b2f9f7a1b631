"""What the variants of an experiment make of a flow: a version each, and where a customer can tell them apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from msgspec.structs import asdict, replace

from engine.experiments import CONTROL, Changes, ExperimentDef
from engine.flow import FlowDef, StateDef

_SEEN_IN_STATES = frozenset({"states", "slots", "actions", "lines", "parts"})
_NOT_OF_THE_RUN = frozenset({"name", "description", "triggers", "experiments", "files", "migrations"})
"""Keys of a variant's file that no run shows: routing goes by the flow's own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Touched:
    """What an experiment touches: a customer who meets none of it cannot tell which variant they have."""

    lines: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    """Prompt parts, and those that stand in their place."""
    wordings: frozenset[str] = frozenset()
    """States that are worded, or asked, in another way."""
    ways: frozenset[str] = frozenset()
    """States that lead on in another way: a run differs once it has left them."""
    whole: bool = False
    """Any turn of a run may differ."""


def alone(flow: FlowDef) -> FlowDef:
    """The flow without its experiments: what `control` runs."""
    return replace(flow, experiments={}, files={}) if flow.experiments else flow


def varied(flow: FlowDef, variants: Mapping[str, str]) -> FlowDef:
    """The flow as a run has it that was given these variants, experiment by experiment."""
    made = alone(flow)
    chosen = [flow.experiments[name].changes.get(variant, Changes()) for name, variant in variants.items()]
    for changes in sorted(chosen, key=lambda one: not one.file):
        if changes.file and changes.file in flow.files:
            made = alone(flow.files[changes.file])
        made = _reworded(made, changes)
    return made


def _reworded(flow: FlowDef, changes: Changes) -> FlowDef:
    if not (changes.lines or changes.states or changes.prompts):
        return flow
    states = {name: replace(state, prompts=_worded(state, changes)) for name, state in flow.states.items()}
    return replace(flow, states=states, lines=flow.lines | changes.lines, parts=flow.parts | changes.prompts)


def _worded(state: StateDef, changes: Changes) -> dict[str, tuple[str, ...]]:
    return changes.states.get(state.name, state.prompts)


def combinations(flow: FlowDef) -> Iterator[dict[str, str]]:
    """Every choice of one variant from each experiment of a flow, all `control` among them."""
    names = list(flow.experiments)
    for variants in product(*(flow.experiments[name].variants or {CONTROL: 1} for name in names)):
        yield dict(zip(names, variants, strict=True))


def definitions(flow: FlowDef) -> tuple[FlowDef, ...]:
    """Every version that a run of this flow may begin under, that of `control` first."""
    if not flow.experiments:
        return (flow,)
    return (alone(flow), *(varied(flow, chosen) for chosen in combinations(flow)))


def touched(flow: FlowDef, experiment: ExperimentDef) -> Touched:
    """What an experiment of a flow touches, whatever its other experiments do."""
    plain = alone(flow)
    files = [flow.files[one.file] for one in experiment.changes.values() if one.file in flow.files]
    apart = [_apart(plain, alone(other)) for other in files]
    return _together([reworded(experiment), *apart])


def reworded(experiment: ExperimentDef) -> Touched:
    """What it touches by other lines, wordings and prompt parts."""
    changes = experiment.changes.values()
    return Touched(
        lines=frozenset(line for one in changes for line in one.lines),
        parts=frozenset(part for one in changes for pair in one.prompts.items() for part in pair),
        wordings=frozenset(state for one in changes for state in one.states),
    )


def _apart(flow: FlowDef, other: FlowDef) -> Touched:
    """Where two whole flows differ."""
    mine, theirs = asdict(flow), asdict(other)
    rest = {key for key in mine if key not in _SEEN_IN_STATES | _NOT_OF_THE_RUN and mine[key] != theirs[key]}
    names = flow.states.keys() | other.states.keys()
    pairs = {name: (flow.states.get(name), other.states.get(name)) for name in names}
    slots, actions = _differing(flow.slots, other.slots), _differing(flow.actions, other.actions)
    return Touched(
        lines=frozenset(_differing(flow.lines, other.lines)),
        wordings=frozenset(name for name, pair in pairs.items() if _asked_apart(pair, slots)),
        ways=frozenset(name for name, pair in pairs.items() if _leads_apart(pair, actions)),
        whole=bool(rest) or flow.first != other.first,
    )


def _asked_apart(pair: tuple[StateDef | None, StateDef | None], slots: set[str]) -> bool:
    one, other = pair
    return one is None or other is None or one.prompts != other.prompts or one.slot in slots


def _leads_apart(pair: tuple[StateDef | None, StateDef | None], actions: set[str]) -> bool:
    one, other = pair
    if one is None or other is None:
        return True
    return replace(one, prompts={}) != replace(other, prompts={}) or one.action in actions


def _differing(mine: Mapping[str, object], theirs: Mapping[str, object]) -> set[str]:
    return {name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name)}


def _together(parts: Iterable[Touched]) -> Touched:
    every = list(parts)
    return Touched(
        lines=frozenset().union(*(one.lines for one in every)),
        parts=frozenset().union(*(one.parts for one in every)),
        wordings=frozenset().union(*(one.wordings for one in every)),
        ways=frozenset().union(*(one.ways for one in every)),
        whole=any(one.whole for one in every),
    )
