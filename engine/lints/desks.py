"""Lints over desk.yaml: the lines it rewords, and the action that fetches what a CRM knows of a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.desk import DeskDef
from engine.flow import FlowDef
from engine.lints import experiments, names, slots
from engine.lints.finding import Finding
from engine.lints.reading import PERSON, action_sources
from engine.templates import TemplateFault


def desk_findings(desk: DeskDef) -> Iterator[tuple[Finding, str]]:
    """Everything that is wrong with a desk, each with its lint's name."""
    yield from ((one, "unknown-line") for one in names.unknown_line(desk))
    yield from ((one, "unknown-placeholder") for one in names.unknown_placeholder(desk))
    yield from ((one, "wrong-profile") for one in _wrong_profile(desk))
    yield from ((one, "unsound-experiment") for one in experiments.unsound_experiment(desk))
    yield from _in_other_words(desk)


def _in_other_words(desk: DeskDef) -> Iterator[tuple[Finding, str]]:
    """The lines of every variant, as if the desk had them."""
    for name, experiment in desk.experiments.items():
        for variant, changes in experiment.changes.items():
            at = f"experiments.{name}.changes.{variant}"
            reworded = DeskDef(lines=changes.lines)
            found = [(one, "unknown-line") for one in names.unknown_line(reworded)]
            found += [(one, "unknown-placeholder") for one in names.unknown_placeholder(reworded)]
            yield from ((replace(one, key=f"{at}.{one.key}"), lint) for one, lint in found)


def _wrong_profile(desk: DeskDef) -> Iterator[Finding]:
    """The profile is a look-up for one person, before any flow has asked anything."""
    profile = desk.profile
    if profile is None:
        return
    if profile.irreversible:
        what = "the profile is fetched in every run, and nobody confirms that: it may have no effect"
        yield Finding(key="profile.irreversible", what=what, remedy="remove `irreversible`, or name another action")
    if not profile.outcomes:
        alone = FlowDef(name="desk", title="desk", actions={"profile": profile})
        for finding in slots.action_without_outcomes(alone):
            yield Finding(key="profile", what=finding.what, remedy=finding.remedy)
    for source in action_sources("profile", profile):
        try:
            read = sorted(source.names() - {PERSON})
        except (TemplateFault, RecursionError) as error:
            what = f"this template does not compile: {names.because(error)}"
            yield Finding(key=source.key, what=what, remedy="write `{{ person.id }}`, with both braces, for a value")
            continue
        for name in read:
            what = f"`{name}` is not known when the profile is fetched: no flow has asked for it yet"
            yield Finding(key=source.key, what=what, remedy="use `person.id`, `person.channel` or `person.address`")
