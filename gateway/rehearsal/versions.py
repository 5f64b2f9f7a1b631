"""A version of a flow in a file of its own, as `@ deploy FILE` names it."""

from __future__ import annotations

from pathlib import Path

from engine.flow import FlowDef
from gateway.flowfolder import read_folder
from gateway.rehearsal.script import Line, ScriptError


def version_in(file: Path, line: Line) -> FlowDef:
    """The flow of a file that compiles. Raises ScriptError with its first problem."""
    read = read_folder(file, {}, unset_ok=True)
    wrong = next((problem for problem in read.problems if not problem.warning), None)
    if wrong is not None:
        raise ScriptError(line.number, f"{wrong.file}:{wrong.line}: {wrong.key}: {wrong.what}; {wrong.remedy}")
    if len(read.flows) != 1:
        raise ScriptError(line.number, f"{file} is a folder; name one flow file")
    return read.flows[0]
