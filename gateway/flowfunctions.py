"""A flow's Python functions, looked at without running them: are they there, async, and called as we call them?"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.errors import Problem
from engine.flow import FlowDef
from engine.flowfile import FlowFile
from engine.flowfile.nearest import meant
from engine.lints.finding import Finding, problem
from gateway.textfile import read_text

FUNCTIONS_FILE = "actions.py"
LINT = "python-action"

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def function_problems(file: FlowFile, beside: Path) -> Iterator[Problem]:
    """What is wrong with the functions that a flow names, in the `actions.py` beside its file `beside`.

    A name that the module imports or assigns may hold anything, and is left to the start of the desk.
    """
    named = dict(_named(file.flow)) if file.flow is not None else {}
    if not named:
        return
    module = beside.parent / FUNCTIONS_FILE
    read = _module(module) if module.is_file() else {}
    if isinstance(read, Problem):
        yield read
        return
    for function, key in named.items():
        found = read.get(function, False)
        if fault := _fault(function, found, read):
            what, remedy = fault
            yield problem(Finding(key=key, what=what, remedy=remedy), LINT, file.lines)


def _named(flow: FlowDef) -> Iterator[tuple[str, str]]:
    """Each function with the key that names it."""
    judged = {name: f"slots.{slot.name}.validate" for slot in flow.slots.values() if (name := slot.validate)}
    judged |= {name: f"slots.{slot.name}.extract" for slot in flow.slots.values() if (name := slot.extract)}
    for name, action in flow.actions.items():
        if action.python is not None:
            yield action.python, judged.get(name, f"actions.{name}.python")


def _module(file: Path) -> Mapping[str, _Function | None] | Problem:
    """What a module defines: its functions, and None for a name of another kind."""
    text = read_text(file)
    if isinstance(text, Problem):
        return text
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None) or 1
        what = f"this is no Python: {getattr(error, 'msg', None) or error}"
        remedy = "mend it; `python -m py_compile` shows the place"
        return Problem(file=str(file), line=line, key="(file)", what=what, remedy=remedy, lint=LINT)
    found: dict[str, _Function | None] = {}
    for statement in ast.walk(tree):
        match statement:
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found |= {name.asname or name.name: None for name in names}
            case ast.Name(id=name, ctx=ast.Store()):
                found[name] = None
    return found | {one.name: one for one in tree.body if isinstance(one, _Function)}


def _fault(
    function: str, found: bool | _Function | None, read: Mapping[str, _Function | None]
) -> tuple[str, str] | None:
    written = f"`async def {function}(call: ActionCall) -> ActionResult`"
    if found is None or "*" in read:
        return None
    if isinstance(found, bool):
        what = f"{FUNCTIONS_FILE} beside this file has no function `{function}`"
        return what, meant(function, [name for name, one in read.items() if one], f"write {written} there")
    if isinstance(found, ast.FunctionDef):
        return f"`{function}` in {FUNCTIONS_FILE}, line {found.lineno}, is not async", f"write {written}"
    if not _takes_one(found.args):
        return (
            f"`{function}` in {FUNCTIONS_FILE}, line {found.lineno}, cannot be called with one value",
            f"write {written}",
        )
    return None


def _takes_one(arguments: ast.arguments) -> bool:
    places = [*arguments.posonlyargs, *arguments.args]
    needed = len(places) - len(arguments.defaults)
    keywords = sum(default is None for default in arguments.kw_defaults)
    return needed <= 1 and (bool(places) or arguments.vararg is not None) and not keywords
