"""docs/lints.md: what each lint asks for, an example that breaks it, and what the compiler says to it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import Problem
from engine.flowfile.nearest import meant
from gateway.flowfolder import read_folder
from gateway.reference.meanings import meanings

EXAMPLES = Path(__file__).parent / "examples"
HEAD = "frontdesk: 1\nflow: tried\ntitle: Try it\n"
"""Stands above every example that does not begin with it."""

_USUAL = "tried/flow.yaml"
_ENVIRONMENT = "environment"
_SOUND = HEAD + 'states:\n  done: {prompt: "Bye.", terminal: true}\n'

_TOP = """\
# Lints

What `frontdesk check` refuses, or warns of. An error keeps a flow from being served; a warning does not, unless
`--strict` says so. `frontdesk check --explain LINT` shows one of these entries.

This page is written by `make pages`; a test compiles every example and expects exactly its lint. Above an example that
shows no `frontdesk: 1`, these three lines stand:

```yaml
{head}```
"""


@dataclass(frozen=True, kw_only=True)
class Example:
    """A small folder of flows that one lint refuses: its files, and what the environment sets."""

    files: Mapping[str, str]
    environ: Mapping[str, str]

    def problems(self) -> tuple[Problem, ...]:
        """What the compiler says to it, its files named as in the example."""
        with tempfile.TemporaryDirectory() as place:
            root = Path(place)
            for name, text in self.files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text, encoding="utf-8")
            found = read_folder(root, self.environ).problems
        return tuple(_bare(one, f"{root}") for one in found)


def _bare(problem: Problem, root: str) -> Problem:
    said = [one.replace(f"{root}/", "").replace(root, "flows") for one in (problem.file, problem.what, problem.remedy)]
    return replace(problem, file=said[0], what=said[1], remedy=said[2])


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """What a lint's name stands for, or which names there are."""

    text: str
    known: bool


def names() -> tuple[str, ...]:
    """Every lint there is."""
    return tuple(name for group in meanings().values() for name in group)


def example(lint: str) -> Example:
    """The example that breaks this lint, and no other."""
    parts = dict(_parts(_written(lint)))
    environ = dict(line.split("=", 1) for line in parts.pop(_ENVIRONMENT, "").splitlines())
    files = {
        name: text if name != _USUAL or text.startswith("frontdesk") else HEAD + text for name, text in parts.items()
    }
    if not any(name.endswith("flow.yaml") for name in files) and lint != "no-flow":
        files[_USUAL] = _SOUND
    return Example(files=files, environ=environ)


def explained(lint: str) -> Explanation:
    """One entry of the page, for a terminal."""
    entries = {name: said for group in meanings().values() for name, said in group.items()}
    if lint not in entries:
        return Explanation(
            text=f"there is no lint `{lint}`: {meant(lint, entries, 'docs/lints.md lists them')}", known=False
        )
    return Explanation(text=f"{lint}: {entries[lint]}\n\n{_written(lint)}\n{_answer(lint)}", known=True)


def page() -> str:
    """The whole of docs/lints.md."""
    parts = [_TOP.format(head=HEAD)]
    for title, group in meanings().items():
        parts.append(f"\n## {title}\n")
        for name, said in group.items():
            parts.append(f"\n### {name}\n\n{said}\n\n{_blocks(name)}\n```text\n{_answer(name)}\n```\n")
    return "".join(parts)


def _written(lint: str) -> str:
    return (EXAMPLES / f"{lint}.txt").read_text(encoding="utf-8")


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """The files of an example: a line `--- name` begins the next one, what stands above the first is the flow."""
    name, lines = _USUAL, list[str]()
    for line in text.splitlines(keepends=True):
        if line.startswith("--- "):
            if lines or name != _USUAL:
                yield name, "".join(lines)
            name, lines = line[4:].strip(), []
        else:
            lines.append(line)
    yield name, "".join(lines)


def _blocks(lint: str) -> str:
    """An example as Markdown, a block for each of its files."""
    parts = list(_parts(_written(lint)))
    alone = len(parts) == 1 and parts[0][0] == _USUAL
    heads = {name: "" if alone else f"`{name}`:\n\n" for name, _ in parts}
    said = [f"{heads[name]}```{_language(name)}\n{text}```\n" for name, text in parts]
    return "\n".join(said)


def _language(name: str) -> str:
    return {".yaml": "yaml", ".py": "python", ".md": "markdown"}.get(Path(name).suffix, "text")


def _answer(lint: str) -> str:
    return "\n".join(map(str, example(lint).problems()))
