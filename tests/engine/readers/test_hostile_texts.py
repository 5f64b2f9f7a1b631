"""Texts made to be slow: every reader bounds what it looks at, and no pattern runs away on what is left."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.flow import FlowDef, SlotDef, SlotType
from engine.readers.answer import read_answer, revises
from engine.readers.control import is_question, read_control, read_greeting
from engine.readers.corrections import correction_marker, may_dispute
from engine.readers.lists import list_verb
from engine.readers.options import pick
from engine.readers.reading import Reading
from engine.readers.routing import Router
from engine.readers.values import find_values
from engine.readers.words import MAX_READ_CHARS

ROOT = Path(__file__).parents[3]
CHARS = 50_000
WITHIN_CPU_S = 90
"""For all readers over all texts, which take a tenth of that; a pattern that runs away takes years."""
PIECES = (
    *(
        "a",
        " ",
        "1",
        "1 ",
        "0 ",
        "no ",
        "not ",
        "1,000,",
        "12/",
        "- ",
        "(((",
        "a@",
        "a.",
        "+1 ",
        "(1) ",
        "$1 ",
        "1:1",
        "?",
    ),
    *("don't want ", "can you tell me what ", "half of a ", "the first ", "next ", "1 day ", "twenty one ", "yes,"),
    *("change it ", "talk to ", "speak to the a ", "at 1 ", "\n", "é", "stop. ", "and ", " dot ", "a dot ", "monday "),
    *(
        "back to ",
        "what are the kinds of things you can ",
        "i want a human ",
        "thanks for the ",
        "... ",
        " 1 000",
        "is ",
        "me and my wife and ",
        "2 days and ",
        "a week before ",
        "friday 12 ",
        "send it to ",
        "under x y ",
        "find A-B in C ",
        "end of ",
        "at 1.1",
        "twenty ",
        "1 hour ",
        "march twenty ",
        "I think ",
    ),
)
READING = Reading(now=datetime(2026, 3, 2, 15, 15, tzinfo=UTC))
ROUTER = Router([FlowDef(name="refund", title="Refund an order", triggers=("refund", "money back"))])


def _slot(kind: SlotType) -> SlotDef:
    values: dict[str, tuple[str, ...]] = {"plus": (), "basic": ("plain one",)} if kind is SlotType.ENUM else {}
    return SlotDef(name="value", type=kind, of=SlotType.TEXT if kind is SlotType.LIST else None, values=values)


def _values(kind: SlotType) -> Callable[[str], object]:
    return lambda text: find_values(_slot(kind), text, READING, asked=True)


READERS: Mapping[str, Callable[[str], object]] = {
    **{kind.value: _values(kind) for kind in SlotType},
    "control": lambda text: read_control(text, READING),
    "answer": lambda text: read_answer(text, READING),
    "revises": revises,
    "greeting": read_greeting,
    "question": is_question,
    "route": ROUTER.route,
    "near": ROUTER.near,
    "pick": lambda text: pick(text, ["plus", "basic"]),
    "correction": correction_marker,
    "dispute": may_dispute,
    "list verb": list_verb,
}


def hostile(piece: str) -> str:
    """The piece again and again, with an end that spoils a match."""
    return (piece * (CHARS // len(piece) + 1))[: CHARS - 1] + "~"


@pytest.mark.parametrize("name", [*SlotType, "route", "near", "greeting", "pick"])
def test_nothing_is_read_beyond_the_bound(name: str) -> None:
    read = READERS[name]
    for piece in PIECES:
        assert read(hostile(piece)) == read(hostile(piece)[:MAX_READ_CHARS])


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on a process's time here -> run it on Linux or macOS")
def test_no_text_keeps_a_reader_busy() -> None:
    code = (
        f"import resource; resource.setrlimit(resource.RLIMIT_CPU, ({WITHIN_CPU_S}, {WITHIN_CPU_S}))\n"
        "from tests.engine.readers.test_hostile_texts import PIECES, READERS, hostile\n"
        "print(sum(1 for piece in PIECES for read in READERS.values() if read(hostile(piece)) is not NotImplemented))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == str(len(PIECES) * len(READERS)), f"exit {done.returncode}: {done.stderr[-400:]}"
