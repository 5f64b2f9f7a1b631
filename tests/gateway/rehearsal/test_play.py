"""Scripts on a stage with our own flows: what holds, and which line fails with what was expected and what came."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from textwrap import dedent

import pytest

from gateway.rehearsal.conversations import Repertoire, Verdict, rehearse, repertoire
from gateway.rehearsal.play import play
from gateway.rehearsal.props import Crash
from gateway.rehearsal.script import NOW, read_script
from gateway.rehearsal.stage import Setting, Stage

pytestmark = pytest.mark.anyio

Play = Callable[..., Awaitable[Verdict]]


@pytest.fixture(scope="module")
def ours() -> Repertoire:
    return repertoire(None)


@pytest.fixture
def rehearsed(ours: Repertoire, tmp_path: Path) -> Play:
    """Play a script on our own flows."""

    async def played(text: str, *, without: tuple[str, ...] = ()) -> Verdict:
        file = tmp_path / "talk.txt"
        file.write_text(dedent(text).strip("\n"), encoding="utf-8")
        return await rehearse(file, ours, without=without)

    return played


def failed(verdict: Verdict) -> tuple[int, str, str]:
    """The line that does not hold, what it expected, what came."""
    assert verdict.fault is None, verdict.fault
    assert verdict.failure is not None, "it passed"
    return verdict.failure.line.number, verdict.failure.expected, verdict.failure.got


def fault(verdict: Verdict) -> tuple[int, str]:
    """The line that means nothing, and why."""
    assert verdict.fault is not None, verdict
    return verdict.fault.line, verdict.fault.what


async def test_several_lines_hold_of_one_reply_in_their_order(rehearsed: Play) -> None:
    assert (
        await rehearsed(
            """
            # A refund
            > refund for ORD-12345
            < Wireless headphones
            < $79.99
            < /right one/ [yes|no]
            <! Which order
            = state=confirm_item; slots.confirmed!=true; rules has R13
            > [yes]
            < Why are you sending it back? [defective|wrong item|changed mind|other]
            """
        )
    ).passed


async def test_words_in_another_order_fail_at_the_later_line(rehearsed: Play) -> None:
    verdict = await rehearsed("> refund for ORD-12345\n< $79.99\n< Wireless headphones")
    line, expected, got = failed(verdict)
    assert (line, expected) == (3, "Wireless headphones (after the lines above)")
    assert got.startswith("Order ORD-12345: Wireless headphones, $79.99.")


async def test_the_failure_names_the_rules_and_look_ups_of_its_turn(rehearsed: Play) -> None:
    failure = (await rehearsed("> refund for ORD-12345\n< nothing like it")).failure
    assert failure is not None
    assert {"S26", "R13"} <= set(failure.rules)
    assert failure.calls == (("lookup_order_details", "found"),)


async def test_the_rules_of_a_call_s_result_belong_to_the_turn_that_made_it(rehearsed: Play) -> None:
    verdict = await rehearsed("> refund for ORD-12345, broken\n< [yes|no]\n> yes\n< on its way\n= rules has R11")
    assert verdict.passed, verdict


async def test_choices_must_be_these_in_this_order(rehearsed: Play) -> None:
    assert failed(await rehearsed("> refund for ORD-12345\n< right one? [no|yes]")) == (2, "[no|yes]", "[yes|no]")
    assert failed(await rehearsed("> refund\n< [yes|no]")) == (2, "[yes|no]", "no choices")


async def test_a_line_that_must_not_occur_fails_when_it_does(rehearsed: Play) -> None:
    line, expected, _ = failed(await rehearsed("> refund\n<! order number"))
    assert (line, expected) == (2, "anything without: order number")


async def test_silence_is_expected_with_a_dash(rehearsed: Play) -> None:
    line, expected, got = failed(await rehearsed("> refund\n< -"))
    assert (line, expected) == (2, "no reply at all")
    assert "Which order number" in got


async def test_R9_a_turn_that_no_line_looks_at_must_still_have_a_reply(rehearsed: Play) -> None:
    assert (await rehearsed("> refund\n> ORD-12345\n= state=confirm_item")).passed
    duplicate = await rehearsed("> refund\n>*\n= state=start\n< hello")
    assert failed(duplicate) == (4, "hello", "nothing was said")


async def test_R1_the_last_message_again_changes_nothing(rehearsed: Play) -> None:
    assert (
        await rehearsed("> refund for ORD-12345\n>*\n< -\n> [yes]\n< sending it back\n>*\n< -\n= state=select_reason")
    ).passed


async def test_R2_consecutive_lines_were_all_waiting(rehearsed: Play) -> None:
    assert (
        await rehearsed("> I want a refund\n> for ORD-12345\n< right one?\n= rules has R2; asked.order_number=0")
    ).passed


async def test_an_old_button_is_pressed_by_counting_back(rehearsed: Play) -> None:
    verdict = await rehearsed(
        """
        > refund for ORD-12345
        < Wireless headphones
        > sorry, I meant ORD-24680
        < Desk lamp ... [yes|no]
        > [yes]^2
        < Desk lamp
        = slots.confirmed=-
        """
    )
    assert verdict.passed, verdict


async def test_a_choice_that_was_not_offered_cannot_be_pressed(rehearsed: Play) -> None:
    assert failed(await rehearsed("> refund\n> [yes]")) == (
        2,
        "a reply that offers [yes]",
        "no such choice was offered",
    )
    assert failed(await rehearsed("> refund for ORD-12345\n> [YES]^2"))[0] == 2


@pytest.mark.parametrize("kind", ["sticker", "photo", "voice", "location", "empty"])
async def test_R3_media_without_words_are_sent(rehearsed: Play, kind: str) -> None:
    assert (await rehearsed(f"> refund\n> {{{kind}}}\n< order number\n= rules has R3; state=start")).passed


async def test_a_caption_is_the_message(rehearsed: Play) -> None:
    assert (await rehearsed("> refund\n> {photo} ORD-12345\n< Wireless headphones")).passed


async def test_a_stub_answers_once_in_the_back_end_s_place(rehearsed: Play) -> None:
    verdict = await rehearsed(
        """
        ! lookup_order_details found {"item": {"name": "Kettle"}, "amount": {"amount": "12.00", "currency": "EUR"}}
        > refund for ORD-12345
        < Kettle, €12.00
        = facts.item_name=Kettle; facts.amount=12.00 EUR; facts.amount.currency=EUR
        > no
        > ORD-24680
        < Desk lamp
        """
    )
    assert verdict.passed, verdict


async def test_R59_a_time_out_is_repeated_under_its_key_and_an_unknown_result_is_not(rehearsed: Play) -> None:
    begun = "> refund for ORD-12345, it is broken\n< right one?\n"
    assert (await rehearsed(f"{begun}! submit_refund timeout\n> yes\n< on its way\n= calls.submit_refund=1")).passed
    assert (await rehearsed(f"{begun}! submit_refund unknown\n> yes\n<! on its way\n= calls.submit_refund=0")).passed


async def test_a_stub_that_was_never_used_fails_the_file_at_its_line(rehearsed: Play) -> None:
    verdict = await rehearsed("> refund\n! submit_refund done\n> ORD-12345\n< right one?")
    assert failed(verdict) == (2, "a call of submit_refund", "it was never called")


async def test_the_clock_moves_and_nothing_need_be_said(rehearsed: Play) -> None:
    verdict = await rehearsed("% now 2026-03-02T10:00:00Z\n> refund\n@ 1h 30m\n< -\n> what time is it?\n< 11:30")
    assert verdict.passed, verdict


async def test_a_restart_keeps_what_was_committed(rehearsed: Play) -> None:
    assert (await rehearsed("> refund for ORD-12345\n@ restart\n= state=confirm_item\n> yes\n< sending it back")).passed


@pytest.mark.parametrize(
    "place",
    [
        *("claimed", "understood", "before_action", "after_action", "before_commit"),
        *("after_commit", "before_send", "after_send", "before_settle"),
    ],
)
async def test_F0_a_crash_anywhere_still_refunds_once(rehearsed: Play, place: str) -> None:
    verdict = await rehearsed(
        f"""
        > refund for ORD-12345, it is broken
        @ crash {place}
        > yes
        < on its way
        = calls.submit_refund=1; state=confirmation
        """
    )
    assert verdict.passed, verdict


async def test_a_crash_that_the_next_turn_never_reaches_fails_at_its_line(rehearsed: Play) -> None:
    verdict = await rehearsed("@ crash before_action\n> refund\n< order number")
    assert failed(verdict) == (1, "a turn that gets to before_action", "the next one did not")
    assert failed(await rehearsed("> refund\n@ crash claimed"))[0] == 2


async def test_a_failed_state_shows_the_term_and_what_is(rehearsed: Play) -> None:
    verdict = await rehearsed("> refund for ORD-12345\n= state=confirm_item; slots.order_number=ORD-1")
    assert failed(verdict) == (2, "slots.order_number=ORD-1", "slots.order_number=ORD-12345")


@pytest.mark.parametrize(
    ("script", "line", "what"),
    [
        ("> hi\n@ noon", 2, "`@ noon` is neither a time"),
        ("> hi\n@ deploy", 2, "`@ deploy` is not `@ deploy FILE` or `@ deploy FILE gone`"),
        ("> hi\n@ deploy a.yaml away", 2, "`@ deploy a.yaml away` is not `@ deploy FILE`"),
        ("% flow refnd\n> hi", 1, "`% flow refnd` names no flow here; there are: "),
        ("> hi\n@ crash somewhere", 2, "`somewhere` is no place for a crash"),
        ("> hi\n@ crash accepted", 2, "`accepted` is no place for a crash"),
        ("! no_such done", 1, "no flow here has the action `no_such`"),
        ("! submit_refund maybe", 1, "`maybe` is no outcome of submit_refund; there are: done, declined, error"),
        ("> hi\n< /(/", 2, "`/(/` is no regular expression"),
        ("> hi\n<! /(/", 2, "`/(/` is no regular expression"),
        ("> {dance}", 1, "{dance} is unknown"),
        ("> ", 1, "write what the customer says"),
        (">*", 1, "there is no message yet"),
    ],
)
async def test_a_line_that_means_nothing_here_is_named(rehearsed: Play, script: str, line: int, what: str) -> None:
    number, said = fault(await rehearsed(script))
    assert number == line
    assert said.startswith(what)


async def test_a_rule_can_be_switched_off(rehearsed: Play) -> None:
    script = "> refund for ORD-12345\n< right one?"
    assert (await rehearsed(script)).passed
    assert failed(await rehearsed(script, without=("R13", "R11")))[:2] == (2, "right one?")


class Broken(Crash):
    """An error of ours, at one place."""

    def reach(self, name: str) -> None:
        if name == self.at:
            raise RuntimeError


@pytest.mark.parametrize("place", ["understood", "before_send"])
async def test_a_turn_that_raises_is_told_from_silence(ours: Repertoire, tmp_path: Path, place: str) -> None:
    stage = Stage(ours.homes, ours.desk, tmp_path, setting=Setting(now=NOW))
    stage.crash = Broken()
    stage.crash.at = place
    async with stage:
        failure = await play(read_script("> refund\n< order number"), stage)
    assert failure is not None
    assert (failure.line.number, failure.expected) == (1, "a turn")
    assert failure.got.startswith("it could not be finished: an error of ours")


async def test_the_file_s_own_faults_are_told(ours: Repertoire, tmp_path: Path) -> None:
    file = tmp_path / "talk.txt"
    assert fault(await rehearse(file, ours)) == (1, "this file cannot be read: No such file or directory")
    file.write_bytes(b"> \xff")
    assert fault(await rehearse(file, ours)) == (1, "this file is not UTF-8 text")
