"""The refund flow compiles without a word, and says what it promises."""

from __future__ import annotations

from pathlib import Path

import flows
from engine.flowfile import read_flow
from engine.lints import check_flow

FOLDER = Path(flows.__file__).parent / "refund"


def test_the_refund_flow_compiles() -> None:
    file = read_flow((FOLDER / "flow.yaml").read_text(encoding="utf-8"), "refund/flow.yaml")
    assert (*file.problems, *check_flow(file)) == ()
    assert file.flow is not None
    assert (file.flow.name, file.flow.title, file.flow.expires_after_s) == ("refund", "Refund an order", 172_800.0)
    assert file.flow.slots["order_number"].pattern == r"ORD-\d{3,}"
    assert file.flow.actions["submit_refund"].irreversible
    assert list(file.flow.states) == [
        *("start", "lookup_order", "confirm_item", "check_amount", "needs_approval", "select_reason"),
        *("process_refund", "confirmation", "order_not_found", "already_refunded"),
    ]


def test_it_brings_two_promises_and_what_it_knows() -> None:
    assert len(list(FOLDER.glob("conversations/*.txt"))) >= 2
    knowledge = (FOLDER / "knowledge" / "refunds.md").read_text(encoding="utf-8")
    assert "free" in knowledge
    assert "5-7 business days" in knowledge
