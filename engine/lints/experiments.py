"""Lints over experiments: that they can be told apart, and that no variant moves what stands before an effect (S35)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod

from engine.desk import DeskDef
from engine.experiments import CONTROL, Changes, ExperimentDef
from engine.flow import FlowDef
from engine.flowfile.nearest import listed, meant
from engine.lints.finding import Finding
from engine.lints.guards import Guard, guards
from engine.variants import alone, varied

MOST_VERSIONS = 24
"""Of one flow: each choice of variants is a version that is compiled and kept."""


def unsound_experiment(owner: FlowDef | DeskDef) -> Iterator[Finding]:
    """An experiment has a `control`, gives somebody every variant it changes something in, and shares nothing with
    another."""
    for name, one in owner.experiments.items():
        at = f"experiments.{name}"
        yield from _drawn(one, at)
        yield from _changed(one, at)
        if isinstance(owner, FlowDef):
            yield from _of_states(owner, one, at)
    yield from _shared(owner)
    versions = prod(len(one.variants) or 1 for one in owner.experiments.values())
    if isinstance(owner, FlowDef) and versions > MOST_VERSIONS:
        what = f"its experiments make {versions} versions of this flow, more than {MOST_VERSIONS}"
        yield Finding(key="experiments", what=what, remedy="try out less at a time, or in another flow")


def _drawn(one: ExperimentDef, at: str) -> Iterator[Finding]:
    if CONTROL not in one.variants:
        what = "nobody is left as they are: there is no variant `control`"
        yield Finding(key=f"{at}.variants", what=what, remedy="add `control` with its weight")
    elif len(one.variants) == 1:
        what = "everybody is in `control`, so nothing is tried out"
        yield Finding(key=f"{at}.variants", what=what, remedy="add a variant with its weight")
    elif not sum(one.variants.values()):
        what = "no variant has a weight, so nobody can be given one"
        yield Finding(key=f"{at}.variants", what=what, remedy="write weights such as {control: 50, its_name: 50}")
    if one.stopped and one.stopped not in one.variants:
        what = f"`{one.stopped}` is no variant of it"
        remedy = meant(one.stopped, one.variants, f"write true, or {listed(one.variants)}")
        yield Finding(key=f"{at}.stopped", what=what, remedy=remedy)


def _changed(one: ExperimentDef, at: str) -> Iterator[Finding]:
    for variant, changes in one.changes.items():
        here = f"{at}.changes.{variant}"
        if variant == CONTROL and changes != Changes():
            what = "`control` is what the others are held against, so it changes nothing"
            yield Finding(key=here, what=what, remedy="write the change into the file itself, or name another variant")
        elif variant not in one.variants:
            what = f"`{variant}` is no variant of it, so nobody ever sees this"
            yield Finding(key=here, what=what, remedy=meant(variant, one.variants, "give it a weight under `variants`"))
        if changes.file and (changes.lines or changes.states):
            what = f"`{changes.file}` says the whole flow, and here stand more changes to it"
            yield Finding(key=here, what=what, remedy="write them into that file")
    if all(changes == Changes() for changes in one.changes.values()):
        what = "no variant changes anything, so nobody would ever meet it"
        yield Finding(key=f"{at}.changes", what=what, remedy="say what a variant changes, or remove the experiment")


def _of_states(flow: FlowDef, one: ExperimentDef, at: str) -> Iterator[Finding]:
    for variant, changes in one.changes.items():
        for name in changes.states:
            key = f"{at}.changes.{variant}.states.{name}"
            state = flow.states.get(name)
            if state is None:
                remedy = meant(name, flow.states, "name a state of this flow")
                yield Finding(key=key, what=f"`{name}` is no state of this flow", remedy=remedy)
            elif not state.prompts:
                what = f"state `{name}` says nothing, so there is nothing to word in another way"
                yield Finding(key=key, what=what, remedy="name a state that has a `prompt`")


def _shared(owner: FlowDef | DeskDef) -> Iterator[Finding]:
    """What two experiments touch could not be told apart in either."""
    first: dict[str, str] = {}
    whole = next((name for name, one in owner.experiments.items() if any(c.file for c in one.changes.values())), None)
    for name, one in owner.experiments.items():
        places = {
            place: first.setdefault(place, name) for changes in one.changes.values() for place in _places(changes)
        }
        if whole is not None and any(map(_of_the_flow, one.changes.values())):
            places["what a flow file says"] = whole
        for place, known in sorted(places.items()):
            if known != name:
                what = f"experiment `{known}` changes {place} too, so neither can be told from the other"
                remedy = "make them variants of one experiment, or run them one after the other"
                yield Finding(key=f"experiments.{name}.changes", what=what, remedy=remedy)


def _places(changes: Changes) -> Iterator[str]:
    named = (("line", changes.lines), ("state", changes.states), ("prompt part", changes.prompts))
    for what, names in named:
        yield from (f"the {what} `{name}`" for name in names)


def _of_the_flow(changes: Changes) -> bool:
    return bool(changes.file or changes.states or changes.lines)


def moved_guard(flow: FlowDef) -> Iterator[Finding]:
    """No variant changes what a customer confirms before an irreversible action, nor what decides whether it runs."""
    ours = guards(alone(flow)) if flow.experiments else {}
    for name, one in flow.experiments.items():
        for variant, changes in one.changes.items():
            where = ".file" if changes.file else ".states" if changes.states else ""
            for what, remedy in _moved(ours, guards(varied(flow, {name: variant}))):
                yield Finding(key=f"experiments.{name}.changes.{variant}{where}", what=what, remedy=remedy)


def _moved(ours: Mapping[str, Guard], theirs: Mapping[str, Guard]) -> Iterator[tuple[str, str]]:
    for action in {**ours, **theirs}:
        mine, other = ours.get(action), theirs.get(action)
        if mine is None or other is None:
            if other is not None:
                yield f"it does `{action}`, which is irreversible, and `control` does not", "leave that to all, or none"
            continue
        if mine.does != other.does:
            yield f"`{action}` is irreversible, and here another action", "declare it as the flow does"
        if mine.confirmed != other.confirmed:
            what = f"what is confirmed before `{action}` is not what `control` has confirmed: {_shows(mine)}"
            yield what, "ask it with the same slot, and show the same values, in whatever words"
        elif mine.decided != other.decided:
            conditions = listed([f"`{one}`" for one in sorted(mine.decided ^ other.decided)], "and")
            what = f"between the confirmation and `{action}` it decides by other conditions: {conditions}"
            yield what, "decide there as the flow does"


def _shows(guard: Guard) -> str:
    asked = [
        f"`{one.slot.name}` beside {listed(sorted(one.shown), 'and') if one.shown else 'no value'}"
        for one in sorted(guard.confirmed, key=lambda one: one.slot.name)
    ]
    return "; ".join(asked) or "nothing"
