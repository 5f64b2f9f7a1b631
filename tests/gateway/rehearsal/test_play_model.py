"""`~` lines: what a model answers in a rehearsal, and that nobody is asked without one."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from gateway.rehearsal.conversations import Verdict, rehearse, repertoire

pytestmark = pytest.mark.anyio


async def played(folder: Path, text: str) -> Verdict:
    """A script on our own flows."""
    file = folder / "talk.txt"
    file.write_text(dedent(text).strip("\n"), encoding="utf-8")
    return await rehearse(file, repertoire(None))


async def test_a_models_answer_counts_in_the_next_turn_and_in_no_other(tmp_path: Path) -> None:
    verdict = await played(
        tmp_path,
        """
        ~ {"flow": "refund", "slots": {"reason": "defective"}}
        > it came yesterday and is not what it was meant to be
        < order number
        = slots.reason=defective; rules has S16
        > it was a lovely parcel with a lovely bow
        <! headphones
        = rules!=S16; slots.order_number=-
        """,
    )
    assert verdict.passed, verdict


@pytest.mark.parametrize("answer", ["timeout", "garbage", "null"])
async def test_no_answer_in_time_or_none_that_is_one_changes_nothing(answer: str, tmp_path: Path) -> None:
    verdict = await played(tmp_path, f"~ {answer}\n> my lovely bow came off\n= flow=-")
    assert verdict.passed, verdict


async def test_an_answer_that_was_not_asked_for_is_gone(tmp_path: Path) -> None:
    verdict = await played(tmp_path, '~ {"flow": "refund"}\n> hello\n= flow=-\n> my lovely bow came off\n= flow=-')
    assert verdict.passed, verdict
