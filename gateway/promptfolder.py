"""The prompts of this deployment: our parts, and what FLOWS_DIR words in its own way (S21)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from engine.errors import FlowError, Problem
from engine.prompts import DESK, Prompts
from engine.templates import TemplateFault, Text

OURS = Path(__file__).parent / "prompts"
FOLDER = "prompts"


def read_prompts(root: Path | None = None, flows: Mapping[str, Path] | None = None) -> Prompts:
    """Our parts; those of `root`/prompts and of each flow's own folder, by flow name, before them.

    Raises FlowError, with every file that is no template.
    """
    desk = [(DESK, file) for file in _files(root)] if root is not None else []
    own = [*desk, *((flow, file) for flow, folder in (flows or {}).items() for file in _files(folder))]
    if problems := tuple(problem for _, file in own for problem in _problems(file)):
        raise FlowError(problems)
    ours = {file.stem: file.read_text("utf-8") for file in sorted(OURS.glob("*.md"))}
    return Prompts(ours, {(flow, file.stem): file.read_text("utf-8") for flow, file in own})


def prompt_problems(folders: Iterable[Path]) -> Iterator[Problem]:
    """Each prompt of these folders, the desk's and its flows', that is no template."""
    for folder in dict.fromkeys(folders):
        for file in _files(folder):
            yield from _problems(file)


def _files(folder: Path) -> list[Path]:
    return sorted((folder / FOLDER).glob("*.md")) if folder.is_dir() else []


def _problems(file: Path) -> Iterator[Problem]:
    try:
        Text(file.read_text("utf-8"))
    except UnicodeDecodeError:
        yield _problem(file, 1, "this file is not UTF-8 text", "save it as UTF-8")
    except OSError as error:
        yield _problem(file, 1, f"this file cannot be read: {error.strerror}", "mend its permissions")
    except TemplateFault as fault:
        line = getattr(fault, "lineno", None) or 1
        yield _problem(file, line, f"this is no template: {fault.message}", "mend it, or remove the file to use ours")


def _problem(file: Path, line: int, what: str, remedy: str) -> Problem:
    return Problem(file=str(file), line=line, key="(prompt)", what=what, remedy=remedy, lint="wrong-prompt")
