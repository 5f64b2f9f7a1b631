"""`frontdesk conversations`, `explain` and `flows diff`, on what a real desk kept in both stores."""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from engine.errors import FlowError, SettingsError, StoreAway
from gateway.clock import SystemClock
from gateway.flowfolder import OURS
from gateway.stores.opening import STORE_FILE
from gateway.stores.sqlite import SqliteStore
from tests.gateway.kept_desk import SIGNUP, Environ, desk, flows_in, kept, run
from tests.gateway.opened_desk import talk
from tests.gateway.test_cli import frontdesk


def test_explain_tells_of_each_turn_its_rules_readings_answers_and_walk(environ: Environ) -> None:
    id = kept(environ, "refund for ORD-12345, it arrived broken", "what time is it?", "yes")
    told = run(environ, "explain", id)
    assert told.exit_code == 0, told.output
    lines = [" ".join(line.split()) for line in told.output.splitlines()]
    assert lines[0] == f"{id}: 4 turns; nothing open; refund ended resolved; with the bot"
    for line in (
        "customer refund for ORD-12345, it arrived broken",
        "rules S26 No run, and one flow clearly fits: it starts.",
        "read refund.order_number = ORD-12345 (volunteered)",
        'refund.reason = defective (volunteered) from "broken"',
        "answered lookup_order_details: found (item_name = Wireless headphones, amount = 79.99 USD)",
        "walk refund.start > refund.lookup_order > refund.confirm_item",
        'read refund.confirmed = yes (asked) from "yes"',
        "answered submit_refund: done",
        "phase confirming, about refund",
        "signals topic turns 2, on topic 2, off topic 1, complexity 2",
        "summary after 3 turns of the customer; open refund: process refund; about refund; sounds even",
        "reply Done: $79.99 is on its way back to you. It takes 5-7 business days to arrive.",
    ):
        assert line in lines, told.output
    (ended,) = [line for line in lines if line.startswith("ended ")]
    assert re.fullmatch(
        r"ended refund at confirmation: done, outcome resolved \(3 turns, 0 failed tries, 0 corrections, \d+ s\)", ended
    )
    assert run(environ, "conversations").output == lines[0] + "\n"


def test_explain_never_shows_a_sensitive_value(environ: Environ, tmp_path: Path) -> None:
    named = {**environ, "FLOWS_DIR": str(flows_in(tmp_path / "flows", signup=SIGNUP))}
    id = kept(named, "join the club", "Ada Lovelace", "ada@example.org", "M-1234", "P7788")
    told = run(named, "explain", id).output
    assert "signup.pin = [hidden] (asked)" in told
    assert told.count("P7788") == 1, "only in what the customer wrote"


@pytest.mark.parametrize("command", ["explain", "replay", "promote"])
def test_an_id_that_nobody_has_is_named_with_the_remedy(environ: Environ, command: str) -> None:
    kept(environ, "hello")
    told = run(environ, command, "web:site:nobody")
    assert told.exit_code == 2
    said = " ".join(told.output.replace("│", " ").split())
    assert "the store has no conversation 'web:site:nobody'; `frontdesk conversations` lists them" in said


@pytest.mark.parametrize("words", [("conversations",), ("explain", "x"), ("flows", "diff")])
def test_where_there_is_no_store_its_name_and_the_remedy_are_told(tmp_path: Path, words: tuple[str, ...]) -> None:
    told = run({"FRONTDESK_DATA_DIR": str(tmp_path / "none")}, *words)
    assert isinstance(told.exception, SettingsError)
    assert f"there is no store at {tmp_path / 'none' / STORE_FILE}; set FRONTDESK_DATA_DIR" in str(told.exception)
    assert not (tmp_path / "none").exists()


def test_a_file_that_no_desk_has_begun_is_told_as_empty(tmp_path: Path) -> None:
    (tmp_path / STORE_FILE).touch()
    told = run({"FRONTDESK_DATA_DIR": str(tmp_path)}, "conversations")
    assert isinstance(told.exception, SettingsError)
    assert f"the store at {tmp_path / STORE_FILE} is empty" in str(told.exception)


def test_a_file_of_another_program_is_not_read(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / STORE_FILE) as other:
        other.execute("CREATE TABLE shop (id)")
    other.close()
    told = run({"FRONTDESK_DATA_DIR": str(tmp_path)}, "conversations")
    assert "is a database of another program" in str(told.exception)


def test_F37_commands_that_read_look_beside_a_desk_that_runs_and_goes_on(tmp_path: Path) -> None:
    environ = {"FRONTDESK_DATA_DIR": str(tmp_path)}

    async def beside() -> None:
        async with desk(environ) as page:
            await talk(page, "refund")
            for words in (("conversations",), ("explain", f"web:site:{page.person}"), ("flows", "diff")):
                done = await asyncio.to_thread(frontdesk, *words, **environ)
                assert done.returncode == 0, done.stderr
            assert "Wireless headphones" in (await talk(page, "ORD-12345", seen=2))[1]

    asyncio.run(beside())


@pytest.mark.anyio
async def test_F37_who_only_looks_changes_nothing(tmp_path: Path) -> None:
    store = await SqliteStore.open(tmp_path / "desk.db", SystemClock())
    await store.records.put("profile", "ada", b"{}")
    looking = await SqliteStore.look(tmp_path / "desk.db", SystemClock())
    with pytest.raises(StoreAway, match="cannot be written"):
        await looking.records.put("profile", "ada", b"[]")
    await store.records.put("profile", "ben", b"{}")
    assert [record.key for record in await looking.records.scan("profile")] == ["ada", "ben"]
    await looking.close()
    await store.ping()
    await store.close()


def test_R58_flows_diff_says_how_many_runs_would_map_migrate_fall_back_and_what_is_lost(
    environ: Environ, tmp_path: Path
) -> None:
    named = {**environ, "FLOWS_DIR": str(flows_in(tmp_path / "now", signup=SIGNUP))}
    kept(named, "join the club")
    for number in ("M-1001", "M-1002"):
        kept(named, "join the club", "Ada Lovelace", "ada@example.org", number)
    kept(named, "join the club", "Ada Lovelace")
    edited = SIGNUP.replace("ask_number", "ask_member").replace("ask_pin", "ask_code").replace("M-\\d{4}", "N-\\d{4}")
    edited = edited.replace("slots:\n", "migrations: {states: {ask_pin: ask_code}}\nslots:\n", 1)
    edited = edited.replace("ask_mail", "ask_address")
    told = run(named, "flows", "diff", flows_in(tmp_path / "soon", signup=edited))
    assert told.exit_code == 0, told.exception
    lines = [" ".join(line.split()) for line in told.output.splitlines()]
    assert "stay there while the store keeps it; without it" in lines[1]
    assert lines[2:] == [
        "2 migrate ask_pin -> ask_member; loses number",
        "1 fall back ask_mail -> ask_address",
        "1 map ask_name",
        "4 runs live: 0 unchanged, 4 pinned to a version that is kept",
        "without those versions: 1 map, 2 migrate, 1 fall back, 0 stop; 2 lose an answer",
    ]
    assert run(named, "flows", "diff").output.splitlines()[1:] == [
        "  4 runs on that version already",
        "4 runs live: 4 unchanged, 0 pinned to a version that is kept",
        "without those versions: 0 map, 0 migrate, 0 fall back, 0 stop; 0 lose an answer",
    ]
    gone = run(environ, "flows", "diff").output
    assert "signup: no such flow any more" in gone
    assert "4 stop" in gone


def test_R58_flows_diff_says_which_confirmation_would_be_asked_again(environ: Environ, tmp_path: Path) -> None:
    kept(environ, "refund for ORD-12345", "yes")
    text = (OURS / "refund" / "flow.yaml").read_text()
    edited = text.replace("{{ item_name }}, {{ amount }}. Is that", "{{ amount }}. Is that")
    soon = flows_in(tmp_path / "soon", refund=edited)
    shutil.copy(OURS / "refund" / "actions.py", soon / "refund")
    told = run(environ, "flows", "diff", soon)
    assert "1  map         select_reason -> confirm_item; asks again confirmed" in told.output


def test_flows_diff_refuses_flows_that_do_not_compile(environ: Environ, tmp_path: Path) -> None:
    kept(environ, "hello")
    broken = flows_in(tmp_path / "soon", signup=SIGNUP.replace("next: joined", "next: nowhere"))
    for folder, what in ((broken, "states.ask_plan.next"), (tmp_path / "none", "there is no such file or folder")):
        told = run(environ, "flows", "diff", folder)
        assert isinstance(told.exception, FlowError)
        assert what in str(told.exception)
