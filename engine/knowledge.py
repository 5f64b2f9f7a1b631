"""Knowledge as it is written: Markdown cut by its headings into passages that can be quoted to a customer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from engine.paragraphs import bare, blocks, in_sentences, is_listed

_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.+?)\s*#*\s*")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})\s*")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_COMMENT = re.compile(r"<!--.*?(-->|\Z)", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """One paragraph, list or item: what an answer is quoted from.

    `file` and `line` (of its heading: `section`) say where it stands; `flow` whose folder that is, None for the
    desk's. `source` is what a customer is told: the headings above it. `item`: one of many under its heading.
    """

    file: str
    line: int
    section: int
    source: str
    sentences: tuple[str, ...]
    flow: str | None = None
    item: bool = False

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(self.sentences)

    @property
    def place(self) -> str:
        """Where an operator finds it."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A heading with what stands under it before the next one; `titles` are the headings above it and its own.

    A text before any heading is a section of line 0, named after its file. `has_parts`: deeper headings follow.
    """

    line: int
    titles: tuple[str, ...]
    passages: tuple[Passage, ...]
    has_parts: bool = False


@dataclass(frozen=True, slots=True)
class _Open:
    """A section while it is read."""

    line: int
    titles: tuple[str, ...]
    lines: list[tuple[int, str]] = field(default_factory=list)


def cut(text: str, file: str, flow: str | None = None) -> tuple[Section, ...]:
    """A file's sections in order. Comments, images and fenced code are nothing a customer is told."""
    sections = [_section(one, file, flow) for one in _opened(_COMMENT.sub(_same_lines, text), file)]
    deeper = [len(after.titles) > len(one.titles) for one, after in pairwise(sections)]
    named = [replace(one, has_parts=part) for one, part in zip(sections, [*deeper, False], strict=True)]
    return tuple(one for one in named if one.line or one.passages)


def _same_lines(comment: re.Match[str]) -> str:
    return "\n" * comment[0].count("\n")


def _opened(text: str, file: str) -> Iterator[_Open]:
    """Sections as lines of text, each with its number; the first is what stands before any heading."""
    stem = file.rsplit("/", 1)[-1].rsplit(".", 1)[0].replace("_", " ").replace("-", " ")
    path: list[tuple[int, str]] = []
    current, fenced = _Open(0, (stem,)), False
    for number, line in enumerate(text.splitlines(), start=1):
        if _FENCE.match(line):
            fenced = not fenced
            continue
        if fenced:
            continue
        heading = _heading(line, current)
        if heading is None:
            current.lines.append((number, line))
            continue
        yield current
        level, title, at = heading
        path = [*(one for one in path if one[0] < level), (level, bare(title))]
        current = _Open(at or number, tuple(name for _, name in path))
    yield current


def _heading(line: str, current: _Open) -> tuple[int, str, int] | None:
    """A heading's level, title and line; 0 for this one. An underlined title is taken back from the text above."""
    if found := _HEADING.fullmatch(line):
        return len(found[1]), found[2], 0
    underline = _UNDERLINE.fullmatch(line)
    above = current.lines[-1][1].strip() if current.lines else ""
    alone = len(current.lines) < 2 or not current.lines[-2][1].strip()
    if underline is None or not above or not alone or is_listed(above):
        return None
    number, title = current.lines.pop()
    return 1 if underline[1][0] == "=" else 2, title.strip(), number


def _section(opened: _Open, file: str, flow: str | None) -> Section:
    source = ", ".join(opened.titles)
    passages = tuple(
        Passage(
            file=file, line=line, section=opened.line, source=source, sentences=in_sentences(said), flow=flow, item=item
        )
        for line, said, item in blocks(opened.lines)
        if said
    )
    return Section(line=opened.line, titles=opened.titles, passages=passages)
