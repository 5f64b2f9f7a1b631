"""An effect stands behind a fresh yes; a remembered answer never decides for ever."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.errors import Problem

Found = Callable[[str], dict[str, Problem]]

PAID = """\
slots:
  sure: {type: boolean, ask_only: true}
  again: {type: boolean, ask_only: true}
actions:
  pay: {python: pay, irreversible: true, outcomes: [done]}
states:
  confirm: {prompt: "Pay now?", slot: sure, branches: {yes: pay, no: stop}}
  pay: {action: pay, branches: {done: more}, on_error: handoff}
  more: {prompt: "Once more?", slot: again, branches: {yes: confirm, no: stop}}
  stop: {prompt: "Bye.", terminal: true}
"""


def test_R14_an_effect_behind_a_confirming_question_is_fine(found: Found) -> None:
    assert found(PAID) == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("sure: {type: boolean, ask_only: true}", "sure: {type: boolean}"),
        ("{yes: pay, no: stop}", "{yes: stop, no: pay}"),
        ("slot: sure, branches: {yes: pay, no: stop}", "slot: sure, next: pay"),
    ],
)
def test_R14_an_effect_without_a_yes_before_it_is_told(found: Found, old: str, new: str) -> None:
    problem = found(PAID.replace(old, new))["unconfirmed-effect"]
    assert problem.key == "states.pay.action"
    assert problem.what == "`pay` is irreversible, and a path leads to it that asks for no confirmation"
    assert "ask_only: true" in problem.remedy


def test_an_else_beside_no_is_a_yes(found: Found) -> None:
    assert found(PAID.replace("{yes: pay, no: stop}", "{no: stop, else: pay}")) == {}


def test_R54_a_confirmation_that_may_be_skipped_confirms_only_by_its_yes(found: Found) -> None:
    optional = PAID.replace(
        "sure: {type: boolean, ask_only: true}", "sure: {type: boolean, ask_only: true, optional: true}"
    )
    skipped = optional.replace("{yes: pay, no: stop}", "{no: stop, else: pay}")
    assert "asks for no confirmation" in found(skipped)["unconfirmed-effect"].what
    assert found(optional.replace("{yes: pay, no: stop}", "{yes: pay, else: stop}")) == {}


def test_W2_a_way_back_to_an_effect_asks_anew(found: Found) -> None:
    body = PAID.replace("branches: {done: more}", "branches: {done: thanks}")
    body += '  thanks: {prompt: "Thanks.", next: pay}\n'
    assert "again without a new confirmation" in found(body)["effect-again"].what


BACK = """\
slots:
  order: {type: text}
  right: %s
states:
  start: {prompt: "Which order?", slot: order, next: check}
  check: {prompt: "Is {{ order }} right?", slot: right, branches: {yes: done, no: start}%s}
  done: {prompt: "Bye.", terminal: true}
"""


def test_S3_an_edge_back_chosen_by_a_slot_that_others_may_fill_is_told(found: Found) -> None:
    problem = found(BACK % ("{type: boolean}", ""))["back-without-ask-only"]
    assert (problem.key, problem.line) == ("states.check.branches.no", 9)
    assert "would answer by itself for ever" in problem.what
    assert problem.remedy == "set `ask_only: true` on slot `right`, or `loop: true` on state `check`"


@pytest.mark.parametrize(
    ("slot", "loop"), [("{type: boolean, ask_only: true}", ""), ("{type: boolean}", ", loop: true")]
)
def test_S3_ask_only_or_a_loop_state_may_lead_back(found: Found, slot: str, loop: str) -> None:
    assert found(BACK % (slot, loop)) == {}


def test_S3_a_choice_may_lead_back_by_the_slot_it_asks_again_only(found: Found) -> None:
    body = """\
        slots:
          seats: {type: integer}
          tier: {type: enum, values: {small: [], big: []}}
        states:
          ask_tier: {prompt: "Which tier?", slot: tier, next: ask_seats}
          ask_seats: {prompt: "How many?", slot: seats, next: check}
          check: {branches: [{when: "%s", next: ask_seats}, {next: done}]}
          done: {prompt: "Bye.", terminal: true}
        """
    assert found(body % "seats > 50") == {}
    assert "`tier`" in found(body % "seats > 5 and tier == 'small'")["back-without-ask-only"].remedy


def test_S3_edges_that_join_inside_a_round_do_not_lead_back(found: Found) -> None:
    body = """\
        slots:
          item: {type: text}
          big: {type: boolean}
          more: {type: boolean, ask_only: true}
        states:
          item: {prompt: "What?", slot: item, next: size}
          size: {prompt: "A big one?", slot: big, branches: {yes: crate, no: box}}
          crate: {prompt: "A crate.", next: ask_more}
          box: {prompt: "A box.", next: ask_more}
          ask_more: {prompt: "More?", slot: more, branches: {yes: item, no: done}}
          done: {prompt: "Bye.", terminal: true}
        """
    assert found(body) == {}
