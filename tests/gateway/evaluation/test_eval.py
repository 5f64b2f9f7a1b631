"""`frontdesk eval` with a real server as the model: one that knows, one that lies, one that is not there."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from engine.errors import SettingsError
from tests.gateway.backend_double import Answering, Asked, Say, Silence, backend
from tests.gateway.kept_desk import run
from tests.gateway.model_double import NAME, named

pytestmark = pytest.mark.anyio

FLOW = """frontdesk: 1
flow: tables
title: Book a table
triggers: [book a table]
slots:
  place: {type: enum, values: {inside: [], garden: []}}
  guests: {type: integer, min: 1, max: 12}
states:
  where: {prompt: "Inside or in the garden?", slot: place, next: many}
  many: {prompt: "For how many guests?", slot: guests, next: done}
  done: {prompt: "A table {{ place }} for {{ guests }}.", terminal: true, outcome: resolved}
"""
BY_RULES = (
    "# Plain words need nobody.\n> book a table\n< Inside or in the garden\n> garden\n< how many\n> 4\n< A table\n"
)
BY_MODEL = """# Other words are read.
> book a table
< garden
> under the old chestnut tree
< how many
= slots.place=garden
"""
DIALOGUES = [
    {
        "id": "chestnut",
        "turns": [
            {"say": "book a table", "flow": "tables"},
            {"say": "under the old chestnut tree", "slots": {"place": "garden"}, "flow": "tables"},
            {"say": "five", "slots": {"guests": 5, "place": "garden"}},
        ],
    },
    {"flow": "tables", "turns": [{"say": "inside", "slots": {"place": "inside"}}]},
]

ROOT = Path(__file__).parents[3]
_ABOUT_CHESTNUTS = b'{"messages": [{"content": "chestnut"}]}'


def knows(asked: Asked) -> Answering:
    """Reads the one sentence that rules cannot."""
    place = "garden" if "chestnut" in asked.json["messages"][-1]["content"] else None
    return _says(json.dumps({"slots": {"place": place}}))


def lies(asked: Asked) -> Answering:
    """Takes everybody inside."""
    return _says(json.dumps({"slots": {"place": "inside", "guests": 12}, "reply": "affirm"}))


def babbles(asked: Asked) -> Answering:
    """Says nothing that could be read."""
    return _says("Sure!")


def _says(text: str) -> Say:
    usage = {"prompt_tokens": 300, "completion_tokens": 20}
    message = {"role": "assistant", "content": text}
    return Say.json({"model": NAME, "choices": [{"index": 0, "message": message}], "usage": usage})


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A flow with two conversations, and a file of dialogues beside the folder."""
    folder = tmp_path / "flows" / "tables" / "conversations"
    folder.mkdir(parents=True)
    (folder.parent / "flow.yaml").write_text(FLOW, "utf-8")
    (folder / "by_model.txt").write_text(BY_MODEL, "utf-8")
    (folder / "by_rules.txt").write_text(BY_RULES, "utf-8")
    (tmp_path / "dialogues.jsonl").write_text("\n".join(map(json.dumps, DIALOGUES)) + "\n", "utf-8")
    return tmp_path


async def evaluated(desk: Path, model: Any, *words: str | Path, **environ: str) -> tuple[Result, int]:
    """What the command says, and how often it asked."""
    async with backend(otherwise=model) as double:
        settings = {"FLOWS_DIR": str(desk / "flows"), "FRONTDESK_DATA_DIR": str(desk), **named(double.url), **environ}
        result = await asyncio.to_thread(run, settings, "eval", *words)
    return result, len(double.asked)


def everything(desk: Path) -> tuple[str | Path, ...]:
    return "--dialogues", desk / "dialogues.jsonl"


async def test_a_model_that_knows_is_told_in_these_lines(desk: Path) -> None:
    found, asked = await evaluated(desk, knows, *everything(desk))
    assert found.exit_code == 0, found.output
    said = re.sub(r"\d\.\d\d, p95 \d\.\d\d", "?, p95 ?", found.stdout)
    assert said.splitlines() == [
        f"{NAME}, understanding auto, 4 conversations, 10 turns",
        "promises held         2 of 2 (100.0%)",
        "slots right           4 of 4 (100.0%)",
        "flows right           2 of 2 (100.0%)",
        "asked again           0 in 10 turns",
        "turns without a model 80.0%",
        "calls per turn        0.20",
        "tokens per turn       60.00 in, 4.00 out",
        "tries                 answered 2",
        "seconds per call      p50 ?, p95 ?",
    ]
    assert asked == 2
    assert [line.rpartition(" ")[2] for line in found.stderr.splitlines()] == [
        "tables/by_model",
        "tables/by_rules",
        "chestnut",
        "dialogues:2",
    ]


async def test_a_model_that_lies_is_found_out(desk: Path) -> None:
    found, _ = await evaluated(desk, lies, *everything(desk), "--json")
    totals = json.loads(found.stdout)["totals"]
    assert (totals["promises"], totals["slots"], totals["flows"]) == ([1, 2], [1, 4], [2, 2])
    assert totals["failed"][0] == "tables/by_model: line 5: < how many"
    assert totals["failed"][1] == "chestnut: turn 2: place is not garden"


async def test_a_model_that_babbles_is_counted_with_both_of_its_tries(desk: Path) -> None:
    found, asked = await evaluated(desk, babbles, "--json")
    totals = json.loads(found.stdout)["totals"]
    assert (totals["fates"], asked) == ({"unusable": 2}, 2)
    assert totals["promises"] == [1, 2]


async def test_P3_a_question_for_what_was_given_already_is_counted(desk: Path) -> None:
    found, _ = await evaluated(desk, babbles, *everything(desk), "--json")
    totals = json.loads(found.stdout)["totals"]
    assert (totals["reasks"], totals["turns"]) == (2, 10)


async def test_where_no_model_is_configured_that_is_said(desk: Path) -> None:
    found, asked = await evaluated(desk, knows, FRONTDESK_UNDERSTANDING="rules")
    assert (asked, found.stdout) == (0, "")
    assert isinstance(found.exception, SettingsError)
    assert "no model is configured" in str(found.exception)


async def test_a_kept_result_is_gone_on_with_and_compared_with(desk: Path) -> None:
    good, bad = desk / "good.jsonl", desk / "bad.jsonl"
    _, asked = await evaluated(desk, knows, "--out", good, "--limit", "1")
    assert asked == 1
    good.write_bytes(good.read_bytes() + b'{"type": "outcome", "cas')  # cut off in the middle of a line
    found, asked = await evaluated(desk, knows, *everything(desk), "--out", good)
    assert (asked, found.stdout.splitlines()[1]) == (1, "promises held         2 of 2 (100.0%)")
    found, asked = await evaluated(desk, knows, *everything(desk), "--out", good)
    assert asked == 0
    found, _ = await evaluated(desk, lies, *everything(desk), "--out", bad, "--against", good)
    assert found.exit_code == 1
    assert "promises held         1 of 2 (50.0%)   was 2 of 2 (100.0%)" in found.stdout
    assert "broken     tables/by_model: line 5: < how many" in found.stdout
    found, _ = await evaluated(desk, knows, *everything(desk), "--against", bad)
    assert (found.exit_code, "mended     chestnut" in found.stdout) == (0, True)


async def test_a_changed_prompt_is_another_measurement_and_its_part_is_named(desk: Path) -> None:
    kept = desk / "kept.jsonl"
    await evaluated(desk, knows, "--out", kept)
    prompts = desk / "flows" / "prompts"
    prompts.mkdir()
    (prompts / "persona.md").write_text("You are brief.", "utf-8")
    found, _ = await evaluated(desk, knows, "--out", kept)
    assert (found.exit_code, "other prompts; name a new file" in re.sub(r"\s*│?\n│?\s*", " ", found.output)) == (
        2,
        True,
    )
    found, _ = await evaluated(desk, knows, "--against", kept)
    assert re.search(r"^prompt persona: \w{12} -> \w{12}$", found.stdout, re.MULTILINE)


async def test_each_is_played_as_often_as_is_asked_for(desk: Path) -> None:
    found, asked = await evaluated(desk, knows, "--repeat", "3")
    assert (asked, found.stdout.splitlines()[1]) == (3, "promises held         6 of 6 (100.0%)")


async def test_ctrl_c_tells_what_is_there_and_the_rest_is_played_the_next_time(desk: Path) -> None:
    kept = desk / "kept.jsonl"
    async with backend(knows(Asked(method="", target="", headers=(), body=_ABOUT_CHESTNUTS))) as double:
        double.otherwise = lambda asked: Silence()
        environ = {**os.environ, "FLOWS_DIR": str(desk / "flows"), "FRONTDESK_DATA_DIR": str(desk), **named(double.url)}
        program = "from gateway.cli.main import run; run()"
        words = ("eval", "--dialogues", str(desk / "dialogues.jsonl"), "--out", str(kept))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", program, *words), cwd=ROOT, env=environ, stdout=PIPE, stderr=PIPE
        )
        async with asyncio.timeout(30):
            while len(double.asked) < 2:
                await asyncio.sleep(0.02)
            process.send_signal(signal.SIGINT)
            out, err = await process.communicate()
    assert (process.returncode, b"interrupted" in err) == (130, True), err.decode()
    assert out.decode().splitlines()[0].endswith("2 conversations, 5 turns")
    again, asked = await evaluated(desk, knows, *everything(desk), "--out", kept)
    assert (again.exit_code, asked) == (0, 1)


@pytest.mark.parametrize("text", ["{", "[]", '{"turns": [{"slots": {}}]}', '{"turns": [], "flows": 1}'])
async def test_a_line_that_is_no_dialogue_is_named(desk: Path, text: str) -> None:
    file = desk / "broken.jsonl"
    file.write_text(f"{text}\n", "utf-8")
    found, asked = await evaluated(desk, knows, "--dialogues", file)
    assert (found.exit_code, asked) == (2, 0)
    assert "broken.jsonl:1" in found.output.replace("\n", "").replace("│", "").replace(" ", "")
