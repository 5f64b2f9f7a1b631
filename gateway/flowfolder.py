"""FLOWS_DIR: every flow of a folder compiled, what they share in desk.yaml, and the desk's knowledge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import flows
from engine.desk import DeskDef
from engine.errors import Problem
from engine.flow import FlowDef
from engine.flowfile import DeskFile, FlowFile, Lines, read_desk, read_flow
from engine.knowledge import Passage
from engine.lints import check_desk, check_flow, check_flows
from engine.lints.finding import Finding, problem
from engine.lints.rewording import only_theirs, rewordings
from gateway.flowexperiments import Files, file_problems, files_named, part_problems, with_files
from gateway.flowfunctions import FUNCTIONS_FILE, function_problems
from gateway.flowmedia import media_problems
from gateway.flowqueues import queue_problems
from gateway.flowvariables import desk_variables, flow_variables
from gateway.knowledgefolder import read_knowledge, unread_knowledge
from gateway.promptfolder import prompt_problems
from gateway.textfile import read_text
from handoff.hours import HoursFault, read_hours

FLOW_FILE = "flow.yaml"
DESK_FILE = "desk.yaml"
OURS = Path(flows.__file__).parent
"""The flows that ship, used while FLOWS_DIR is unset."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FlowFolder:
    """What a deployment can do. Only flows without an error are in `flows`; `problems` are in the files' order."""

    flows: tuple[FlowDef, ...]
    desk: DeskDef
    problems: tuple[Problem, ...]
    folders: Mapping[str, Path]
    knowledge: tuple[Path, ...]
    passages: tuple[Passage, ...]
    """What the files of `knowledge` say, as it can be quoted."""
    shipped: bool
    """Are these our own flows, whose demo systems answer while no back end is named?"""
    files: int
    """Flow files found, sound or not."""
    root: Path = OURS
    """Where desk.yaml stands, and what it needs."""

    def home(self, name: str) -> Path:
        """The folder a flow stands in, with its actions.py and prompts. Raises KeyError for a flow that is not here."""
        return self.folders[name]


def read_folder(path: Path | None, environ: Mapping[str, str], *, unset_ok: bool = False) -> FlowFolder:
    """Read `path`: a folder of flow folders, one flow's folder, or a single YAML file; None: the flows that ship.

    Never raises for what is in it or missing: `problems` says so. `environ` is what `${NAME}` in actions may name;
    with `unset_ok` they may also name what is not there.
    """
    root = path or OURS
    shipped = root.resolve() == OURS.resolve()
    found = {str(file): file for file in _flow_files(root)}
    reads = {name: _read(file) for name, file in found.items()}
    tried = {name: _tried(read, found[name]) for name, read in reads.items()}
    reads = {name: with_files(read, tried[name]) for name, read in reads.items()}
    desk = _desk(root / DESK_FILE, environ, unset_ok=unset_ok)
    shelf = read_knowledge(root, {file.parent.resolve(): reads[name] for name, file in found.items()})
    problems = [*_nothing(root, found), *desk.problems, *_across(root, reads)]
    for name, file in reads.items():
        problems += [*_folder_name(file, found[name]), *file_problems(file, tried[name])]
        for each in (file, *tried[name].values()):
            problems += [*each.problems, *check_flow(each), *_worded(each)]
            problems += flow_variables(each, environ, demo=shipped or unset_ok)
            problems += function_problems(each, found[name]) if found[name].name == FLOW_FILE else ()
            problems += queue_problems(each, environ)
        experiments = file.flow.experiments if file.flow is not None else {}
        problems += part_problems(experiments, file.lines, (root, found[name].parent))
    problems += part_problems(desk.desk.experiments, desk.lines, (root,))
    problems += unread_knowledge(reads.values(), shelf) if root.is_dir() else ()
    states = {found[name].parent: tuple(file.flow.states) if file.flow else None for name, file in reads.items()}
    problems += prompt_problems(root, states)
    problems += shelf.problems
    wrong = {one.file for one in problems if not one.warning}
    sound = {name: file.flow for name, file in reads.items() if file.flow is not None and name not in wrong}
    own = (text for file in found for text in (file, str(found[file].parent / FUNCTIONS_FILE)))
    first = (str(root), desk.lines.file, *own, *map(str, shelf.files))
    order = {name: place for place, name in enumerate(dict.fromkeys(first))}
    return FlowFolder(
        flows=tuple(sound.values()),
        desk=desk.desk,
        problems=tuple(sorted(problems, key=lambda one: (order.get(one.file, len(order)), one.line, one.column))),
        folders={flow.name: found[name].parent for name, flow in sound.items()},
        knowledge=shelf.files,
        passages=shelf.passages,
        shipped=shipped,
        files=len(found),
        root=root,
    )


def _flow_files(root: Path) -> list[Path]:
    if root.is_file():
        return [root]
    own = root / FLOW_FILE
    return [own] if own.is_file() else sorted(root.glob(f"*/{FLOW_FILE}"))


def _nothing(root: Path, found: Mapping[str, Path]) -> list[Problem]:
    if found:
        return []
    what = "there is no flow in this folder" if root.is_dir() else "there is no such file or folder"
    remedy = f"put a flow at {root / 'its_name' / FLOW_FILE}, or name another folder"
    return [Problem(file=str(root), line=1, key="(folder)", what=what, remedy=remedy, lint="no-flow")]


def _across(root: Path, reads: Mapping[str, FlowFile]) -> tuple[Problem, ...]:
    """A single file may call flows that are not in sight."""
    return check_flows(list(reads.values())) if root.is_dir() else ()


def _read(file: Path) -> FlowFile:
    text = read_text(file)
    if isinstance(text, Problem):
        return FlowFile(flow=None, lines=Lines(str(file), {}), problems=(text,))
    return read_flow(text, str(file))


def _tried(read: FlowFile, file: Path) -> Files:
    """The files that variants of the flow run, those that are there."""
    beside = {name: file.parent / name for name in files_named(read)}
    return {name: _read(path) for name, path in beside.items() if path.is_file()}


def _worded(read: FlowFile) -> list[Problem]:
    """What the flow's words become on the channels, as its own and as its variants'."""
    own = list(media_problems(read))
    return [*own, *only_theirs(own, ((one, media_problems(one)) for one in rewordings(read)))]


def _folder_name(read: FlowFile, file: Path) -> list[Problem]:
    """A flow's folder carries its name, so that a stranger finds it."""
    folder = file.absolute().parent.name
    if read.flow is None or file.name != FLOW_FILE or folder == read.flow.name:
        return []
    what = f"the folder is named `{folder}`, the flow `{read.flow.name}`"
    return [
        problem(Finding(key="flow", what=what, remedy="give both one name", warning=True), "folder-name", read.lines)
    ]


def _desk(file: Path, environ: Mapping[str, str], *, unset_ok: bool) -> DeskFile:
    text = read_text(file) if file.is_file() else "{}"
    if isinstance(text, Problem):
        return DeskFile(desk=DeskDef(), lines=Lines(str(file), {}), problems=(text,))
    read = read_desk(text, str(file))
    variables = desk_variables(read, environ, unset_ok=unset_ok)
    problems = (*read.problems, *check_desk(read), *variables, *_timezone(read), *_hours(read))
    return DeskFile(desk=read.desk, lines=read.lines, problems=problems)


def _timezone(read: DeskFile) -> list[Problem]:
    try:
        ZoneInfo(read.desk.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        what = f"`{read.desk.timezone}` is no time zone"
        remedy = "write its name in the IANA list, such as `Europe/Berlin` or `UTC`"
        return [problem(Finding(key="timezone", what=what, remedy=remedy), "unknown-timezone", read.lines)]
    return []


def _hours(read: DeskFile) -> list[Problem]:
    try:
        read_hours(read.desk.hours)
    except HoursFault as fault:
        what = f"`{fault.part}` {fault.what}"
        return [problem(Finding(key="hours", what=what, remedy=fault.remedy), "wrong-hours", read.lines)]
    return []
