"""The knowledge of a flow folder: every knowledge/*.md in it, cut into passages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import Problem
from engine.flowfile import FlowFile
from engine.knowledge import Passage, Section, cut
from engine.lints.knowledge import check_knowledge
from gateway.textfile import read_text


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """The files found, what they say, and what is wrong with them."""

    files: tuple[Path, ...] = ()
    passages: tuple[Passage, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_knowledge(root: Path, flows: Mapping[Path, FlowFile]) -> Written:
    """Read what stands under `root`; `flows` by their resolved folder. A flow's own folder makes a text the flow's.

    Passages name their file as seen from `root`. Never raises for what is in a file.
    """
    if not root.is_dir():
        return Written()
    problems: list[Problem] = []
    read: dict[Path, tuple[Section, ...]] = {}
    for file in sorted(root.rglob("knowledge/*.md")):
        text = read_text(file)
        if isinstance(text, Problem):
            problems.append(text)
            read[file] = ()
            continue
        home = flows.get(file.resolve().parent.parent)
        flow = home.flow.name if home and home.flow else None
        read[file] = cut(text, file.relative_to(root).as_posix(), flow)
        problems += check_knowledge(str(file), read[file])
    passages = tuple(passage for sections in read.values() for section in sections for passage in section.passages)
    return Written(files=tuple(read), passages=passages, problems=tuple(problems))
