"""The prompts of this deployment: our parts, and what FLOWS_DIR words in its own way (S21)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from engine.errors import FlowError, Problem
from engine.prompts import DESK, Prompts
from engine.templates import TemplateFault, Text
from gateway.textfile import read_text

OURS = Path(__file__).parent / "prompts"
FOLDER = "prompts"


def read_prompts(root: Path | None = None, flows: Mapping[str, Path] | None = None) -> Prompts:
    """Our parts; those of `root`/prompts and of each flow's own folder, by flow name, before them.

    Raises FlowError, with every file that is no template.
    """
    desk = [(DESK, file) for file in _files(root)] if root is not None else []
    own = [*desk, *((flow, file) for flow, folder in (flows or {}).items() for file in _files(folder))]
    parts = {(flow, file.stem): _read(file) for flow, file in own}
    if problems := tuple(part for part in parts.values() if isinstance(part, Problem)):
        raise FlowError(problems)
    ours = {file.stem: file.read_text("utf-8") for file in sorted(OURS.glob("*.md"))}
    return Prompts(ours, {place: part for place, part in parts.items() if isinstance(part, str)})


def prompt_problems(folders: Iterable[Path]) -> Iterator[Problem]:
    """Each prompt of these folders, the desk's and its flows', that is no template."""
    for folder in dict.fromkeys(folders):
        yield from (part for file in _files(folder) if isinstance(part := _read(file), Problem))


def own_parts(folders: Iterable[Path]) -> frozenset[str]:
    """The names of the parts that these folders word."""
    return frozenset(file.stem for folder in folders for file in _files(folder))


def _files(folder: Path) -> list[Path]:
    return sorted((folder / FOLDER).glob("*.md")) if folder.is_dir() else []


def _read(file: Path) -> str | Problem:
    text = read_text(file)
    if isinstance(text, Problem):
        return text
    try:
        Text(text)
    except TemplateFault as fault:
        line = getattr(fault, "lineno", None) or 1
        what, remedy = f"this is no template: {fault.message}", "mend it, or remove the file to use ours"
        return Problem(file=str(file), line=line, key="(prompt)", what=what, remedy=remedy, lint="wrong-prompt")
    return text
