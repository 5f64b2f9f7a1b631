"""The prompts of this deployment: our parts, and what FLOWS_DIR words in its own way (S21)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from engine.errors import FlowError, Problem
from engine.flowfile.nearest import meant
from engine.partfile import PartFault, read_part
from engine.prompts import DESK, Prompts
from engine.templates import TemplateFault, Text
from gateway.textfile import read_text

OURS = Path(__file__).parent / "prompts"
FOLDER = "prompts"


def read_prompts(root: Path | None = None, flows: Mapping[str, Path] | None = None) -> Prompts:
    """Our parts; those of `root`/prompts and of each flow's own folder, by flow name, before them.

    Raises FlowError, with every file that cannot be read as a part.
    """
    desk = [(DESK, file) for file in _files(root)] if root is not None else []
    own = [*desk, *((flow, file) for flow, folder in (flows or {}).items() for file in _files(folder))]
    parts = {(flow, file.stem): _read(file) for flow, file in own}
    if problems := tuple(part for part in parts.values() if isinstance(part, Problem)):
        raise FlowError(problems)
    ours = {file.stem: file.read_text("utf-8") for file in sorted(OURS.glob("*.md"))}
    return Prompts(ours, {place: part for place, part in parts.items() if isinstance(part, str)})


def prompt_problems(root: Path, states: Mapping[Path, Collection[str] | None]) -> Iterator[Problem]:
    """Each prompt file that cannot be read as a part, that no request is made of, or that speaks of what is not told.

    `states` are those of each flow, by its folder, None where they are not known; the desk's own prompts are under
    `root`. A name may say, behind a dot, which wording of a part or a state it is.
    """
    ours = {file.stem: file.read_text("utf-8") for file in OURS.glob("*.md")}
    spoken_of = frozenset(name for text in ours.values() for name in Text(read_part(text).text).names)
    every = {state for of_flow in states.values() for state in of_flow or ()}
    unsure = None in states.values()
    for folder in dict.fromkeys((root, *states)):
        own = every if folder == root else states[folder]
        known = not unsure if folder == root else own is not None
        named = ours.keys() | set(own or ())
        for file in _files(folder):
            text = _read(file)
            if isinstance(text, Problem):
                yield text
                continue
            if known and file.stem.partition(".")[0] not in named:
                yield _unused(file, named)
            for name in sorted(Text(read_part(text).text).names - spoken_of):
                yield _unknown(file, text, name, spoken_of)


def _unused(file: Path, names: Collection[str]) -> Problem:
    what = f"no request is made of this: `{file.stem}` is no part of a prompt and no state"
    remedy = meant(file.stem, names, "name the file after a state or a part (docs/prompts.md), or remove it")
    return Problem(file=str(file), line=1, key="(prompt)", what=what, remedy=remedy, lint="unused-prompt", warning=True)


def _unknown(file: Path, text: str, name: str, names: Collection[str]) -> Problem:
    line = next((n for n, one in enumerate(text.splitlines(), start=1) if re.search(rf"\b{name}\b", one)), 1)
    what = f"`{name}` is nothing that a prompt is told: it shows as nothing"
    remedy = meant(name, names, "use one of the names of docs/prompts.md, or remove it")
    return Problem(
        file=str(file), line=line, key="(prompt)", what=what, remedy=remedy, lint="unknown-prompt-name", warning=True
    )


def own_parts(folders: Iterable[Path]) -> frozenset[str]:
    """The names of the parts that these folders word."""
    return frozenset(file.stem for folder in folders for file in _files(folder))


def _files(folder: Path) -> list[Path]:
    return sorted((folder / FOLDER).glob("*.md")) if folder.is_dir() else []


def _read(file: Path) -> str | Problem:
    text = read_text(file)
    if isinstance(text, Problem):
        return text
    above = 0
    try:
        part = read_part(text)
        above = part.above
        Text(part.text)
    except PartFault as fault:
        key = fault.key or "(prompt)"
        return Problem(
            file=str(file), line=fault.line, key=key, what=fault.what, remedy=fault.remedy, lint="prompt-key"
        )
    except TemplateFault as fault:
        line = above + (getattr(fault, "lineno", None) or 1)
        what, remedy = f"this is no template: {fault.message}", "mend it, or remove the file to use ours"
        return Problem(file=str(file), line=line, key="(prompt)", what=what, remedy=remedy, lint="wrong-prompt")
    return text
