"""A folder's conversations: which there are, and how each goes on a stage of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.desk import DeskDef
from engine.errors import FlowError
from engine.ports import Knowledge
from gateway.flowfolder import FLOW_FILE, read_folder
from gateway.knowledge import Shelf
from gateway.plans import FlowHome
from gateway.rehearsal.earlier import earlier
from gateway.rehearsal.play import Failure, play
from gateway.rehearsal.script import ScriptError, read_script
from gateway.rehearsal.stage import Setting, Stage
from gateway.rehearsal.trying import chosen

SUFFIX = ".txt"


@dataclass(frozen=True, kw_only=True, slots=True)
class Repertoire:
    """The flows a stage knows, and the files to be played on it."""

    homes: tuple[FlowHome, ...]
    desk: DeskDef
    knowledge: Knowledge
    files: tuple[Path, ...]
    root: Path
    """Where their desk's own files are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """How a file went. At most one of `failure` (a line that does not hold) and `fault` (one that means nothing)."""

    file: Path
    title: str = ""
    failure: Failure | None = None
    fault: ScriptError | None = None

    @property
    def passed(self) -> bool:
        """Does every line hold?"""
        return self.failure is None and self.fault is None


def repertoire(path: Path | None, *, flows: Path | None = None) -> Repertoire:
    """The conversations of a folder of flows, of one flow, or one file beside a flow; None: of our own flows.
    A file that stands beside no flow, and a folder of such files, is played with those of `flows`, or with ours.

    A flow is played with those of its desk around it. Raises FlowError when they do not compile; variables of their
    actions may be unset, for a rehearsal never reaches the back ends of a deployment.
    """
    if path is not None and (alone := _alone(path)):
        return replace(repertoire(flows), files=alone)
    flow = _flow_around(path) if path else None
    folder = read_folder(flow.parent if flow else path, {}, unset_ok=True)
    errors = tuple(problem for problem in folder.problems if not problem.warning)
    if errors:
        raise FlowError(errors)
    homes = tuple(FlowHome(flow=one, folder=folder.home(one.name), shipped=folder.shipped) for one in folder.flows)
    shelf = Shelf(folder.passages)
    if path is not None and path.suffix == SUFFIX:
        return Repertoire(homes=homes, desk=folder.desk, knowledge=shelf, files=(path,), root=folder.root)
    played = [home.folder for home in homes if flow is None or home.folder.samefile(flow)]
    files = tuple(file for one in played for file in sorted(one.glob(f"conversations/*{SUFFIX}")))
    return Repertoire(homes=homes, desk=folder.desk, knowledge=shelf, files=files, root=folder.root)


def _alone(path: Path) -> tuple[Path, ...]:
    """The files of a path with no flow near it."""
    if path.is_file():
        return (path,) if path.suffix == SUFFIX and _flow_around(path) is None else ()
    if (path / FLOW_FILE).is_file() or any(path.glob(f"*/{FLOW_FILE}")) or _flow_around(path) is not None:
        return ()
    return tuple(sorted(path.glob(f"*{SUFFIX}")))


def _flow_around(path: Path) -> Path | None:
    """The folder of the one flow that a path is, or stands beside; None for a folder of flows."""
    here = path.absolute() if path.is_dir() else path.absolute().parent
    return next((folder for folder in (here, here.parent) if (folder / FLOW_FILE).is_file()), None)


async def rehearse(
    file: Path, played: Repertoire, *, without: Sequence[str] = (), stage: type[Stage] = Stage
) -> Verdict:
    """Play one file from its first line, in a temporary folder; `without` are ids of rules to switch off."""
    try:
        text = _text(file)
    except ScriptError as fault:
        return Verdict(file=file, fault=fault)
    return await rehearse_text(text, played, file=file, without=without, stage=stage)


async def rehearse_text(
    text: str,
    played: Repertoire,
    *,
    file: Path = Path("promoted.txt"),
    without: Sequence[str] = (),
    stage: type[Stage] = Stage,
) -> Verdict:
    """Play the text of a file."""
    try:
        script = read_script(text)
    except ScriptError as fault:
        return Verdict(file=file, fault=fault)
    flows = tuple(home.flow for home in played.homes)
    try:
        memory = earlier(script.earlier, (flows, played.desk), now=script.now, channel=script.channel)
        variants = chosen(script.variants, flows, played.desk)
    except ScriptError as fault:
        return Verdict(file=file, title=script.title, fault=fault)
    setting = Setting(
        now=script.now,
        channel=script.channel,
        person=script.person,
        root=played.root,
        memory=memory,
        environ=script.environ,
        variants=variants,
        without=without,
    )
    with tempfile.TemporaryDirectory(prefix="frontdesk-") as folder:
        async with stage(played.homes, played.desk, Path(folder), setting=setting, knowledge=played.knowledge) as desk:
            try:
                failure = await play(script, desk, folder=file.parent)
            except ScriptError as fault:
                return Verdict(file=file, title=script.title, fault=fault)
    return Verdict(file=file, title=script.title, failure=failure)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ScriptError(1, "this file is not UTF-8 text") from None
    except OSError as error:
        raise ScriptError(1, f"this file cannot be read: {error.strerror}") from None
