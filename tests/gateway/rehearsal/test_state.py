"""The keys of `=` lines: what each shows, and that an unknown one is an error and never a pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.rehearsal.conversations import Repertoire, rehearse, repertoire
from gateway.rehearsal.state import shown

pytestmark = pytest.mark.anyio

BEGUN = "> refund for ORD-12345, it is broken\n"
DONE = BEGUN + "< right one?\n> yes\n"


@pytest.fixture(scope="module")
def ours() -> Repertoire:
    return repertoire(None)


@pytest.mark.parametrize(
    ("script", "terms"),
    [
        ("> hello\n", "flow=-; state=-; stack=-; outcome=-; archived=-; slots.reason=-; tries=0; asked.reason=0"),
        (BEGUN, "flow=refund; state=confirm_item; stack=refund; owner=bot; pending=-; clarify=0"),
        (BEGUN, "slots.order_number=ORD-12345; slots.reason=defective; slots.confirmed=-; slots.reason!=other"),
        (BEGUN, "slot_state.reason=filled; slot_state.confirmed=empty; asked.confirmed=1; asked.order_number=0"),
        (BEGUN, "facts.amount=79.99 USD; facts.amount.amount=79.99; facts.item_name=Wireless headphones"),
        (BEGUN, "calls.lookup_order_details=1; calls.submit_refund=0; rules has R13; window=2"),
        (DONE, "flow=refund; state=confirmation; stack=-; outcome=resolved; slots.confirmed=true"),
        (DONE, "calls.submit_refund=1;"),
        ("> hello\n", "version=-; case.reason=-; owner=bot"),
        (BEGUN, "version=v1"),
        (
            "> I want to talk to a human\n",
            "owner=queue; case.trigger=explicit_request; case.state=queued; case.agent=-",
        ),
        ("> refund\n< number\n> 12\n", "tries=1"),
        (BEGUN + "< right one?\n> maybe\n", "clarify=1; tries=0"),
    ],
)
async def test_every_key_shows_the_committed_state(ours: Repertoire, tmp_path: Path, script: str, terms: str) -> None:
    file = tmp_path / "talk.txt"
    file.write_text(script + "= " + terms)
    verdict = await rehearse(file, ours)
    assert verdict.passed, verdict


@pytest.mark.parametrize(
    ("term", "what"),
    [
        ("stat=start", "`stat=start`: `stat` is no key"),
        ("state.x=start", "`state.x=start`: `state.x` is no key"),
        ("slots=-", "`slots=-`: `slots` is no key"),
        ("slots.ordr=-", "`slots.ordr=-`: no flow here has the slot `ordr`; there are: "),
        ("asked.ordr=0", "`asked.ordr=0`: no flow here has the slot `ordr`"),
        ("calls.refund=0", "`calls.refund=0`: no flow here has the action `refund`"),
        ("owner=bot; memory.name=-", "`memory.name=-`: `memory` cannot be rehearsed yet"),
        ("case.shape=x", "`case.shape=x`: a case has no `shape`; there are: reason, queue, trigger"),
        ("start", "`start` is not `key=value`"),
        ("state is start", "`state is start` is not `key=value`"),
    ],
)
async def test_an_unknown_key_is_an_error_and_not_a_pass(
    ours: Repertoire, tmp_path: Path, term: str, what: str
) -> None:
    file = tmp_path / "talk.txt"
    file.write_text(f"# t\n> refund\n= {term}\n")
    fault = (await rehearse(file, ours)).fault
    assert fault is not None
    assert (fault.line, fault.what[: len(what)]) == (3, what)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (True, "true"),
        (False, "false"),
        (3, "3"),
        ("a b", "a b"),
        (["x", "y"], "x,y"),
        ({"amount": "79.99", "currency": "USD"}, "79.99 USD"),
    ],
)
def test_values_are_written_in_their_canonical_form(value: object, text: str) -> None:
    assert shown(value) == text
