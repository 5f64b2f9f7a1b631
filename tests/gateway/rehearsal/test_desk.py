"""The desk of a rehearsal: a person is called, reads, answers, hands back; and other versions of a flow come."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from textwrap import dedent

import pytest

from gateway.flowfolder import OURS
from gateway.rehearsal.conversations import Repertoire, Verdict, rehearse, repertoire

pytestmark = pytest.mark.anyio

Play = Callable[[str], Awaitable[Verdict]]
ASKED = "> refund\n< order\n> I want to talk to a human\n< /person|colleague|team/\n"


@pytest.fixture(scope="module")
def ours() -> Repertoire:
    return repertoire(None)


@pytest.fixture
def rehearsed(ours: Repertoire, tmp_path: Path) -> Play:
    """Play a script on our own flows."""

    async def played(text: str) -> Verdict:
        file = tmp_path / "talk.txt"
        file.write_text(dedent(text).strip("\n"), encoding="utf-8")
        return await rehearse(file, ours)

    return played


async def test_R60_a_person_takes_over_answers_and_hands_back_and_the_run_goes_on(rehearsed: Play) -> None:
    verdict = await rehearsed(
        """
        # A person and back
        > refund
        < order number
        > I want to talk to a human
        < /person|colleague|team/
        << explicit_request ... default
        << customer: refund
        = owner=queue; case.trigger=explicit_request; slots.order_number=-
        > are you there?
        < -
        << are you there?
        >> [claim]
        < Anna
        = owner=agent; case.agent=Anna
        >> Hi, I am looking into it.
        < I am looking into it.
        > thanks, ORD-12345
        < -
        << ORD-12345
        @ 60h
        >> [Return to bot]
        < Which order number
        = owner=bot; stack=refund; state=start; tries=0; case.state=returned
        > ORD-12345
        < Wireless headphones
        """
    )
    assert verdict.passed, verdict


async def test_a_button_that_asks_something_gets_its_first_choice(rehearsed: Play) -> None:
    verdict = await rehearsed(f"{ASKED}>> [claim]\n>> [resolve]\n= case.state=resolved; case.outcome=solved; stack=-")
    assert verdict.passed, verdict


@pytest.mark.parametrize(
    ("script", "line", "expected", "got"),
    [
        ("> refund\n>> hello", 2, "a case at the desk", "nobody was asked to take over"),
        (ASKED + ">> [dance]", 5, "a case with the button [dance]", "it is queued and has no such button"),
        (ASKED + "> hm\n<< ORD-1", 6, "ORD-1", "hm"),
        ("> refund\n<< refund", 2, "refund", "the desk received nothing"),
    ],
)
async def test_what_the_desk_did_not_get_fails_at_its_line(
    rehearsed: Play, script: str, line: int, expected: str, got: str
) -> None:
    failure = (await rehearsed(script)).failure
    assert failure is not None
    assert (failure.line.number, failure.expected, failure.got) == (line, expected, got)


async def test_a_flow_and_a_person_are_named_before_the_first_line(rehearsed: Play) -> None:
    verdict = await rehearsed("% person ada\n% flow refund\n> ORD-12345\n< Wireless headphones\n= asked.order_number=1")
    assert verdict.passed, verdict


async def test_R58_a_run_keeps_to_its_version_until_that_is_gone(rehearsed: Play, tmp_path: Path) -> None:
    text = (OURS / "refund" / "flow.yaml").read_text()
    (tmp_path / "v2.yaml").write_text(text.replace("Why are you sending it back?", "What is wrong with it?"))
    verdict = await rehearsed(
        """
        > refund for ORD-12345
        < right one?
        = version=v1
        @ deploy v2.yaml
        > yes
        < Why are you sending it back?
        = version=v1; rules has R11
        @ deploy v2.yaml gone
        > what time is it?
        < kept your answers
        < What is wrong with it?
        = version=v2; rules has R58; slots.order_number=ORD-12345; slots.confirmed=true
        > never mind
        > refund
        = version=v2
        """
    )
    assert verdict.passed, verdict


async def test_a_version_that_does_not_compile_or_is_nobody_s_is_named(rehearsed: Play, tmp_path: Path) -> None:
    text = (OURS / "refund" / "flow.yaml").read_text()
    (tmp_path / "broken.yaml").write_text(text.replace("next: lookup_order", "next: nowhere"))
    (tmp_path / "other.yaml").write_text(text.replace("flow: refund", "flow: exchange"))
    for file, what in (
        ("broken.yaml", "states.start.next"),
        ("other.yaml", "other.yaml is a version of `exchange`, and there is no such flow here"),
        ("none.yaml", "there is no such file or folder"),
    ):
        fault = (await rehearsed(f"> hi\n@ deploy {file}")).fault
        assert fault is not None
        assert fault.line == 2
        assert what in fault.what
