"""What experiments name beside their flow's file: the files of variants, and the prompt parts in place of others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from msgspec.structs import replace as with_

from engine.errors import Problem
from engine.experiments import ExperimentDef
from engine.flowfile import FlowFile, Lines
from engine.flowfile.nearest import meant
from engine.lints.finding import Finding, problem
from engine.variants import alone
from gateway.promptfolder import OURS, own_parts

Files = Mapping[str, FlowFile]
"""The files that a flow's variants run, as they were read, by their names in the flow's folder."""


def files_named(read: FlowFile) -> list[str]:
    """The names of those files, each once."""
    experiments = read.flow.experiments.values() if read.flow is not None else ()
    return list(dict.fromkeys(one.file for each in experiments for one in each.changes.values() if one.file))


def with_files(read: FlowFile, files: Files) -> FlowFile:
    """The flow with those of its variants' files that hold a flow."""
    if read.flow is None or not files:
        return read
    found = {name: alone(file.flow) for name, file in files.items() if file.flow is not None}
    return replace(read, flow=with_(read.flow, files=found))


def file_problems(read: FlowFile, files: Files) -> Iterator[Problem]:
    """A variant's file is the same flow, and tries out nothing itself."""
    for at, name in _named(read):
        file = files.get(name)
        if file is None:
            finding = Finding(key=at, what=f"there is no `{name}` in this folder", remedy="add it, or name another")
            yield problem(finding, "variant-file", read.lines)
        elif file.flow is not None and read.flow is not None:
            yield from _another(file, read.flow.name)


def _named(read: FlowFile) -> Iterator[tuple[str, str]]:
    for name, one in read.flow.experiments.items() if read.flow is not None else ():
        for variant, changes in one.changes.items():
            if changes.file:
                yield f"experiments.{name}.changes.{variant}.file", changes.file


def _another(file: FlowFile, name: str) -> Iterator[Problem]:
    flow = file.flow
    if flow is not None and flow.name != name:
        what = f"a variant of `{name}` runs this file, and it says `{flow.name}`"
        yield problem(Finding(key="flow", what=what, remedy=f"write `flow: {name}`"), "variant-file", file.lines)
    if flow is not None and flow.experiments:
        what = "a variant of an experiment runs this file, and it would try out more"
        remedy = "move its experiments into the flow's own file"
        yield problem(Finding(key="experiments", what=what, remedy=remedy), "variant-file", file.lines)


def part_problems(experiments: Mapping[str, ExperimentDef], lines: Lines, folders: Iterable[Path]) -> Iterator[Problem]:
    """Each prompt part that a variant puts in another's place is a file of these folders."""
    own = own_parts(folders)
    ours = {file.stem for file in OURS.glob("*.md")}
    for name, one in experiments.items():
        for variant, changes in one.changes.items():
            for part, instead in changes.prompts.items():
                key = f"experiments.{name}.changes.{variant}.prompts.{part}"
                if part not in ours | own:
                    what, remedy = f"there is no prompt part `{part}`", meant(part, ours, "name a part that is used")
                    yield problem(Finding(key=key, what=what, remedy=remedy), "variant-file", lines)
                elif instead not in own:
                    what = f"there is no `prompts/{instead}.md`"
                    remedy = "add it beside the other prompts, or name another"
                    yield problem(Finding(key=key, what=what, remedy=remedy), "variant-file", lines)
