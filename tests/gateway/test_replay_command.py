"""`frontdesk replay` and `frontdesk promote`: a kept conversation once more, and as a file with nobody's data."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from gateway.flowfolder import OURS
from tests.gateway import model_double
from tests.gateway.backend_double import Say, backend
from tests.gateway.kept_desk import SIGNUP, Environ, desk, flows_in, kept, run
from tests.gateway.page_desk import page_desk
from tests.gateway.test_wiring import talk

ASKS = "Why are you sending it back?"


def refund(folder: Path, was: str, now: str) -> str:
    """FLOWS_DIR with our refund, changed."""
    text = (OURS / "refund" / "flow.yaml").read_text()
    assert was in text
    flows_in(folder, refund=text.replace(was, now))
    (folder / "refund" / "actions.py").write_text((OURS / "refund" / "actions.py").read_text())
    return str(folder)


def test_I13_the_same_flows_decide_the_same(environ: Environ) -> None:
    id = kept(environ, "refund for ORD-12345", "what time is it?", "maybe", "sorry, ORD-24680", "yes", "it broke")
    told = run(environ, "replay", id)
    assert told.output == "6 replayed: 6 the same, 0 different\n"
    assert told.exit_code == 0


def test_R58_what_changed_flows_would_say_is_shown_beside_what_was_said(
    environ: Environ,
    tmp_path: Path,
) -> None:
    id = kept(environ, "refund for ORD-12345", "yes", "it broke")
    flows = refund(tmp_path / "soon", ASKS, "What is wrong with it?")
    told = run({**environ, "FLOWS_DIR": flows}, "replay", id)
    assert told.exit_code == 1
    assert told.output.splitlines() == [
        "turn 2  > yes",
        f"  - reply     {ASKS}",
        "  + reply     What is wrong with it?",
        "",
        "3 replayed: 2 the same, 1 different",
    ]


def test_a_replay_reaches_no_back_end_and_a_new_look_up_comes_to_an_error(tmp_path: Path) -> None:
    async def asked(shop_url: str) -> tuple[str, dict[str, str]]:
        environ = {"FRONTDESK_DATA_DIR": str(tmp_path / "data"), "SHOP_API_URL": shop_url}
        environ["FLOWS_DIR"] = refund(tmp_path / "now", ASKS, ASKS)
        async with desk(environ) as page:
            await talk(page, "refund for ORD-1234", "yes", "it broke")
            return f"web:site:{page.person}", environ

    async def both() -> None:
        async with backend(otherwise=_sell) as shop:
            id, environ = await asked(shop.url)
            before = len(shop.asked)
            told = await asyncio.to_thread(run, environ, "replay", id)
            assert told.output == "3 replayed: 3 the same, 0 different\n"
            environ["FLOWS_DIR"] = refund(tmp_path / "soon", "lookup_order_details", "find_order")
            told = await asyncio.to_thread(run, environ, "replay", id)
            assert "  + answered  find_order came to error" in told.output
            assert len(shop.asked) == before

    asyncio.run(both())


def _sell(_: object) -> Say:
    return Say.json({"item": {"name": "Kettle"}, "amount": "12", "currency": "EUR"})


def test_I13_what_a_model_answered_is_answered_again(tmp_path: Path) -> None:
    async def asked() -> tuple[str, dict[str, str]]:
        async with backend(model_double.answer(flow="refund", slots={"order_number": "ORD-12345"})) as double:
            double.otherwise = lambda asked: Say(status=503)
            environ = {"FRONTDESK_DATA_DIR": str(tmp_path / "data"), **model_double.named(double.url)}
            async with desk(environ) as page:
                await talk(page, "please give me the cash of ord 12345 again", "oh dear", "yes")
                return f"web:site:{page.person}", environ

    id, environ = asyncio.run(asked())
    assert run(environ, "replay", id).output == "3 replayed: 3 the same, 0 different\n"
    text = run(environ, "promote", id).stdout
    assert '~ {"flow":"refund","slots":{"order_number":"ORD-10001"}' in text
    assert "~ timeout" in text


def test_R60_a_person_s_part_is_replayed_and_promoted_too(tmp_path: Path) -> None:
    async def helped() -> str:
        async with page_desk(tmp_path) as loop:
            case = await loop.is_helped()
            await loop.agent.writes(case, "Hi, I am looking into it.")
            await loop.hears()
            await loop.agent.presses(case, "return")
            await loop.hears()
            return f"web:site:{loop.page.person}"

    id = asyncio.run(helped())
    environ = {"FRONTDESK_DATA_DIR": str(tmp_path)}
    told = run(environ, "replay", id)
    assert told.output.splitlines()[-1] == "6 replayed: 6 the same, 0 different", told.output
    promoted = run(environ, "promote", id)
    for line in (">> [claim]", ">> Hi, I am looking into it.", "< Hi, I am looking into it.", ">> [return]"):
        assert line in promoted.stdout.splitlines()
    assert "does not hold" not in promoted.stderr


def test_a_promoted_conversation_holds_and_has_nobody_s_data(tmp_path: Path) -> None:
    flows = flows_in(tmp_path / "flows", signup=SIGNUP.replace(", sensitive: true", ""))
    environ = {"FRONTDESK_DATA_DIR": str(tmp_path / "data"), "FLOWS_DIR": str(flows)}
    said = (
        "join the club",
        "I'm Ada Lovelace",
        "ada@lovelace.org, or call +1 415 555 2671",
        "my number 777123 is M-1234",
        "P7788",
        "gold",
    )
    id = kept(environ, *said)
    promoted = run(environ, "promote", id)
    assert promoted.exit_code == 0
    assert "read it before you keep it" in promoted.stderr
    assert "does not hold" not in promoted.stderr
    text = promoted.stdout
    for real in ("Ada", "Lovelace", "lovelace.org", "415", "2671", "1234", "777123", "P7788", id.rpartition(":")[2]):
        assert real.casefold() not in text.casefold(), text
    for invented in (
        "> I'm Kim Waters",
        "person2@example.com, or call (phone ending 71)",
        "Kim Waters joined as M-0001.",
    ):
        assert invented in text
    (flows / "signup" / "conversations").mkdir()
    (flows / "signup" / "conversations" / "kept.txt").write_text(text)
    assert run(environ, "test").output.splitlines()[-1] == "1 passed, 0 failed"


def test_a_sensitive_answer_is_left_to_the_author(tmp_path: Path) -> None:
    flows = flows_in(tmp_path / "flows", signup=SIGNUP)
    environ = {"FRONTDESK_DATA_DIR": str(tmp_path / "data"), "FLOWS_DIR": str(flows)}
    id = kept(environ, "join the club", "Ada Lovelace", "ada@lovelace.org", "M-1234", "P7788")
    promoted = run(environ, "promote", id)
    assert "P7788" not in promoted.stdout
    assert "# A sensitive answer stood here: write one of your own.\n> (hidden)" in promoted.stdout
    assert "it does not hold with today's flows: line" in promoted.stderr


def test_time_that_passed_passes_again(tmp_path: Path) -> None:
    environ = {"FRONTDESK_DATA_DIR": str(tmp_path), "FRONTDESK_ENV": "test", "FRONTDESK_CLOCK": "2026-03-02T15:15:00Z"}

    async def returned() -> str:
        async with desk(environ) as page:
            await talk(page, "refund for ORD-12345")
            assert (await page.post("/_test/clock", b'{"advance_s": 90000}')).status == 200
            await talk(page, "hello", "yes", "yes", seen=2)
            return f"web:site:{page.person}"

    id = asyncio.run(returned())
    assert run(environ, "replay", id).output == "4 replayed: 4 the same, 0 different\n"
    text = run(environ, "promote", id).stdout
    assert re.search(r"^@ 1d 1h( \d+s)?\n> hello\n< Hello!\n< You still have something open", text, re.MULTILINE)
