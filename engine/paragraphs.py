"""Markdown below its headings: paragraphs, lists and tables as plain text, and the sentences of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

SHORT_LIST_CHARS = 240
"""A list up to here is one passage; of a longer one each item is, and must be asked for by its own words."""

_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+(.*)")
_RULE = re.compile(r"[\s|:*_-]+")
_MARKS = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1|(?<!\w)([*_])(?=\S)([^*_]+?)(?<=\S)\3(?!\w)")
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]+)\]\(\s*([^)\s]+)[^)]*\)")
_SENTENCE_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"')\u201d]))\s+(?=[\"'(\u201c]?[^\Wa-z_])")
_SHORTENED = re.compile(r"\b(?:e\.g|i\.e|approx|incl|excl|st|dr|mr|mrs|ms|vs)\.$", re.IGNORECASE)
_NUMBERED = re.compile(r"\b(?:no|nr)\.$", re.IGNORECASE)


def in_sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text; a point behind an abbreviation or inside a number ends none."""
    found: list[str] = []
    for part in filter(None, _SENTENCE_END.split(text.strip())):
        if found and (_SHORTENED.search(found[-1]) or (part[0].isdigit() and _NUMBERED.search(found[-1]))):
            found[-1] += f" {part}"
        else:
            found.append(part)
    return tuple(found)


def blocks(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str, bool]]:
    """Paragraphs, short lists behind the line that leads to them, else their items, and rows of tables."""
    block: list[tuple[int, str]] = []
    lead: tuple[int, str] | None = None
    for number, line in [*lines, (0, "")]:
        if line.strip():
            block.append((number, line))
            continue
        if not block:
            continue
        first = block[0][0]
        before = _paragraph(block)
        behind = block[len(before) :]
        if before:
            if lead:
                yield *lead, False
            lead = (first, _joined(said for _, said in before))
        if behind:
            yield from _listed(behind, lead)
            lead = None
        elif lead and not lead[1].endswith(":"):
            yield *lead, False
            lead = None
        block = []
    if lead:
        yield *lead, False


def is_listed(line: str) -> bool:
    """Does a list item or a table row begin here?"""
    return bool(_ITEM.match(line)) or _is_row(line)


def bare(text: str) -> str:
    """A line without Markdown's marks; a link keeps its address, a quotation its words."""
    text = _LINK.sub(r"\1 (\2)", _IMAGE.sub("", text)).strip().removeprefix(">").strip()
    text = "" if _RULE.fullmatch(text) else text
    while (plain := _MARKS.sub(lambda found: found[2] or found[4], text)) != text:
        text = plain
    return text


def _paragraph(block: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """The lines of a block before its first list item or table row."""
    until = next((at for at, (_, line) in enumerate(block) if is_listed(line)), len(block))
    return list(block[:until])


def _listed(block: Sequence[tuple[int, str]], lead: tuple[int, str] | None) -> Iterator[tuple[int, str, bool]]:
    if _is_row(block[0][1]):
        if lead:
            yield *lead, False
        yield from _rows(block)
        return
    items: list[tuple[int, str]] = []
    for number, line in block:
        if found := _ITEM.match(line):
            items.append((number, bare(found[1])))
        elif items:
            items[-1] = (items[-1][0], f"{items[-1][1]} {bare(line)}")
    if sum(len(said) for _, said in items) <= SHORT_LIST_CHARS:
        joined = "; ".join(said.rstrip(".;") for _, said in items) + "."
        yield (lead[0], f"{lead[1]} {joined}", False) if lead else (items[0][0], joined, False)
        return
    if lead and not lead[1].endswith(":"):
        yield *lead, False
    for number, said in items:
        yield number, said, True


def _rows(block: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str, bool]]:
    """A table's rows, each cell behind its column's name."""
    cells = [(number, [bare(cell) for cell in line.strip().strip("|").split("|")]) for number, line in block]
    columns = cells[0][1]
    for number, row in cells[1:]:
        if not _RULE.fullmatch("|".join(row)):
            yield number, ", ".join(f"{name}: {cell}" for name, cell in zip(columns, row, strict=False) if cell), True


def _is_row(line: str) -> bool:
    return line.lstrip().startswith("|")


def _joined(lines: Iterator[str]) -> str:
    return " ".join(filter(None, map(bare, lines)))
