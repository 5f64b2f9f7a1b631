"""Lints over knowledge: what a customer can never be told, or not in two sentences. None of them stops a desk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.errors import Problem
from engine.knowledge import Section

LONG_PASSAGE_CHARS = 800
LONG_SENTENCE_CHARS = 300


def check_knowledge(file: str, sections: Sequence[Section]) -> tuple[Problem, ...]:
    """Everything there is to say of a file's sections, by line."""
    if not sections:
        what, remedy = "there is nothing in this file", "write a heading and a paragraph under it, or remove the file"
        return (_warning(file, 1, "(file)", "empty-knowledge", (what, remedy)),)
    found = [*_untitled(file, sections), *_bare(file, sections), *_twice(file, sections), *_long(file, sections)]
    return tuple(sorted(found, key=lambda one: one.line))


def _untitled(file: str, sections: Sequence[Section]) -> Iterator[Problem]:
    for section in sections:
        if not section.line:
            what = f"this text stands under no heading; customers are told `{section.titles[0]}` as its source"
            said = (what, "write a heading above it: `# What it is about`")
            yield _warning(file, section.passages[0].line, "(text)", "untitled-knowledge", said)


def _bare(file: str, sections: Sequence[Section]) -> Iterator[Problem]:
    for section in sections:
        if not section.passages and not section.has_parts:
            said = ("nothing stands under this heading", "write what it promises, or remove it")
            yield _warning(file, section.line, section.titles[-1], "heading-without-text", said)


def _twice(file: str, sections: Sequence[Section]) -> Iterator[Problem]:
    first: dict[tuple[str, ...], int] = {}
    for section in (section for section in sections if section.line):
        known = first.setdefault(tuple(map(str.casefold, section.titles)), section.line)
        if known != section.line:
            what = f"line {known} has the same heading: a customer cannot tell the two sources apart"
            said = (what, "put both texts under one heading, or name what sets them apart")
            yield _warning(file, section.line, section.titles[-1], "duplicate-heading", said)


def _long(file: str, sections: Sequence[Section]) -> Iterator[Problem]:
    for passage in (passage for section in sections for passage in section.passages):
        longest = max(map(len, passage.sentences))
        if longest > LONG_SENTENCE_CHARS:
            what = f"a sentence of {longest} characters is too long for a chat (at most {LONG_SENTENCE_CHARS})"
            said = (what, "make it two, the fact first")
            yield _warning(file, passage.line, passage.source, "long-sentence", said)
        elif len(passage.text) > LONG_PASSAGE_CHARS:
            what = f"a paragraph of {len(passage.text)} characters, of which two sentences are quoted"
            said = (what, f"cut it into paragraphs of at most {LONG_PASSAGE_CHARS}, each on one question")
            yield _warning(file, passage.line, passage.source, "long-passage", said)


def _warning(file: str, line: int, key: str, lint: str, said: tuple[str, str]) -> Problem:
    what, remedy = said
    return Problem(file=file, line=line, key=key, what=what, remedy=remedy, lint=lint, warning=True)
