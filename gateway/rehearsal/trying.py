"""Which variants of the experiments a script plays: those it names, and `control` of all others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.desk import DeskDef
from engine.flow import FlowDef
from engine.flowfile.nearest import listed, meant
from engine.trials import Trials
from gateway.past import Past
from gateway.rehearsal.script import Line, ScriptError


def chosen(lines: Sequence[Line], flows: Sequence[FlowDef], desk: DeskDef) -> Mapping[str, str]:
    """Experiment -> variant, of the `% variant EXPERIMENT VARIANT` lines. Raises ScriptError for what is not there."""
    trials = Trials(flows, desk).by_label
    found: dict[str, str] = {}
    for line in lines:
        words = line.rest.split()
        if len(words) != 3:
            raise ScriptError(line.number, f"`{line}` is not `% variant EXPERIMENT VARIANT`")
        label, variant = words[1:]
        if label not in trials:
            raise ScriptError(line.number, f"`{label}` is no experiment here; {meant(label, trials, 'there is none')}")
        variants = trials[label].definition.variants
        if variant not in variants:
            raise ScriptError(line.number, f"`{label}` has no variant `{variant}`; there are {listed(variants, 'and')}")
        found[label] = variant
    return found


def tried(past: Past) -> Mapping[str, str]:
    """Experiment -> the variant that a kept conversation had of it."""
    return {label: variant for notes in past.turns for label, variant in notes.variants.items()}
