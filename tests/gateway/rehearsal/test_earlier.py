"""What a script says is remembered of its customer (S11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from engine.desk import DeskDef
from engine.memory import Memory
from gateway.rehearsal.conversations import Repertoire, rehearse_text, repertoire
from gateway.rehearsal.earlier import earlier
from gateway.rehearsal.script import NOW, ScriptError, read_script
from tests.engine.flows_for_memory import TABLE, WEATHER

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def ours() -> Repertoire:
    return repertoire(None)


def remembered(*lines: str) -> Memory:
    """What these lines come to."""
    script = read_script("\n".join(lines))
    return earlier(script.earlier, ((TABLE, WEATHER), DeskDef()), now=NOW, channel="web")


def test_a_value_may_name_its_flow_and_how_old_it_is() -> None:
    memory = remembered("% remember name=Sarah Field table -1d 12h", "% remember guests=4", "% remember dish=42")
    name = memory.values["name"]
    assert (name.value, name.flow, name.at) == ("Sarah Field", "table", NOW - timedelta(hours=36))
    assert memory.values["guests"].value == 4
    assert memory.values["dish"].value == "42", "a text that looks like a number"


def test_a_run_that_was_done_is_one_that_did_what_its_flow_does() -> None:
    memory = remembered(
        '% history table {"name": "Sarah", "place": "inside"} 2026-01-05', '% history weather {"town": "north"} -3d'
    )
    table, weather = memory.runs
    assert (table.flow, table.values, table.acted) == ("table", {"name": "Sarah", "place": "inside"}, True)
    assert (weather.flow, weather.acted, weather.at) == ("weather", False, NOW - timedelta(days=3))
    assert set(memory.values) == {"name"}, "only what its slot says is remembered"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("% remember name", "`% remember name` is not `% remember slot=value"),
        ("% remember shoe=9", "no flow here has the slot `shoe`; there are: name, dish"),
        ("% history tabel {}", "no flow here is called `tabel`; there are: table, weather"),
        ("% history table {oops", "`{oops` is no JSON object"),
        ('% history table ["x"]', '`["x"]` is no JSON object'),
        ('% history table {"town": "north"}', "table has no slot `town`; there are: name"),
        ("% history table {} 2026-99-01", "`2026-99-01` is no ISO time"),
    ],
)
def test_what_cannot_be_remembered_is_named(line: str, what: str) -> None:
    with pytest.raises(ScriptError) as fault:
        remembered("# title", line)
    assert fault.value.line == 2
    assert fault.value.what.startswith(what)


TWICE = """
% history refund {"order_number": "ORD-11111", "reason": "defective"} -30d
% history refund {"order_number": "ORD-22222", "reason": "defective"} -20d
% history refund {"order_number": "ORD-33333", "reason": "defective"} -10d
> I want a refund for ORD-12345
< defective, as usual
< right one? [yes|no]
= memory.order_number=ORD-33333; rules has S14; slots.confirmed=-
> yes
< on its way
= calls.submit_refund=1; memory.order_number=ORD-12345
> same as last time
< defective
< again? [yes|no]
= pending=memory; rules has S13
> yes
< Which order number
= slots.reason=defective; slots.order_number=-
"""


@pytest.mark.parametrize("without", [(), ("S13",)])
async def test_a_whole_visit_after_others_is_played(ours: Repertoire, without: Sequence[str]) -> None:
    verdict = await rehearse_text(TWICE, ours, without=without)
    assert verdict.fault is None, verdict.fault
    assert verdict.passed is (not without), verdict.failure


async def test_a_line_about_an_unknown_slot_fails_the_file(ours: Repertoire) -> None:
    verdict = await rehearse_text("% remember shoe=9\n> hi", ours)
    assert verdict.fault is not None
    assert verdict.fault.what.startswith("no flow here has the slot `shoe`")
