"""What has been read of a file so far: on which line each key stands, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.errors import Problem
from engine.flowfile.tree import Node, Scalar, Series, Table


def under(at: str, key: str | int) -> str:
    """The dotted key of `key` inside `at`: `states.start.prompt`, `states.check.branches.0.when`."""
    return f"{at}.{key}" if at else str(key)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where something stands: line and column count from 1, `width` is how many characters of that line it takes."""

    line: int = 1
    column: int = 1
    width: int = 0


class Lines(Mapping[str, int]):
    """Dotted key -> 1-based line of one file. A key that is not written has its parent's line, at last line 1."""

    def __init__(self, file: str, written: Mapping[str, Place]) -> None:
        self.file = file
        self._written = written

    def __getitem__(self, key: str) -> int:
        return self.place(key).line

    def place(self, key: str) -> Place:
        """The key with its value, as far as both stand on one line."""
        while key and key not in self._written:
            key = key.rpartition(".")[0]
        return self._written.get(key, Place())

    def __contains__(self, key: object) -> bool:
        return key in self._written

    def __iter__(self) -> Iterator[str]:
        return iter(self._written)

    def __len__(self) -> int:
        return len(self._written)


class Page:
    """One file while it is read: collects problems, so that an author hears of all of them at once."""

    def __init__(self, file: str, root: Node) -> None:
        written: dict[str, Place] = {}
        self.lines = Lines(file, written)
        self.problems: list[Problem] = []
        self._number(root, "", written)

    def fault(self, at: str, lint: str, what: str, remedy: str) -> None:
        """Note an error at the dotted key `at`."""
        place = self.lines.place(at)
        self.problems.append(
            Problem(
                file=self.lines.file,
                line=place.line,
                column=place.column,
                width=place.width,
                key=at or "(file)",
                what=what,
                remedy=remedy,
                lint=lint,
            )
        )

    def _number(self, node: Node, at: str, written: dict[str, Place]) -> None:
        match node:
            case Scalar():
                return
            case Series(items=items):
                for index, item in enumerate(items):
                    key = under(at, index)
                    written.setdefault(key, _place(item, item))
                    self._number(item, key, written)
            case Table(entries=entries):
                first: dict[str, int] = {}
                for name, value in entries:
                    if name.text in first:
                        self._twice(under(at, name.text), name, first[name.text])
                        continue
                    first[name.text] = name.line
                    written.setdefault(under(at, name.text), _place(name, value))
                    self._number(value, under(at, name.text), written)

    def _twice(self, at: str, name: Scalar, first: int) -> None:
        self.problems.append(
            Problem(
                file=self.lines.file,
                line=name.line,
                column=name.column,
                width=name.end - name.column,
                key=at,
                what=f"`{name.text}` is here twice (first on line {first}), and only one can count",
                remedy="remove one of them, or give one another name",
                lint="duplicate-key",
            )
        )


def _place(first: Node, last: Node) -> Place:
    """From the first character of `first` to the last of `last`, where that is the same line."""
    whole = last if isinstance(last, Scalar) and last.line == first.line and last.end > last.column else first
    end = whole.end if isinstance(whole, Scalar) else whole.column + 1
    return Place(line=first.line, column=first.column, width=end - first.column)
