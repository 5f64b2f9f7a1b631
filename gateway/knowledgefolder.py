"""The knowledge of a flow folder: every knowledge/*.md in it, cut into passages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import Problem
from engine.flowfile import FlowFile
from engine.knowledge import Passage, Section, cut
from engine.lints.finding import Finding, problem
from engine.lints.knowledge import check_knowledge
from gateway.textfile import read_text


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """The files found, what they say, and what is wrong with them."""

    files: tuple[Path, ...] = ()
    passages: tuple[Passage, ...] = ()
    problems: tuple[Problem, ...] = ()


def unread_knowledge(files: Iterable[FlowFile], shelf: Written) -> Iterator[Problem]:
    """A warning for every action that asks our own texts where there are none: it always comes to nothing."""
    for file in files if not shelf.passages else ():
        for name, action in file.flow.actions.items() if file.flow is not None else ():
            if action.knowledge is not None:
                finding = Finding(
                    key=f"actions.{name}.knowledge",
                    what="there is no knowledge to ask: no text under `knowledge/` says anything",
                    remedy="write what may be told into knowledge/*.md, beside this file or in the desk's folder",
                    warning=True,
                )
                yield problem(finding, "no-knowledge", file.lines)


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
