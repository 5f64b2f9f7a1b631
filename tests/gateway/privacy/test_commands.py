"""`frontdesk export` and `frontdesk forget`, on what a real desk kept in both stores (X62)."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from engine.errors import SettingsError
from gateway.flowfolder import OURS
from tests.gateway.kept_desk import Environ, desk, kept, run
from tests.gateway.opened_desk import talk

TEXTS = ("refund for ORD-12345, it arrived broken", "yes")


@pytest.fixture(params=["sqlite", pytest.param("redis", marks=pytest.mark.redis)])
def environ(request: pytest.FixtureRequest, tmp_path: Path) -> Environ:
    """The settings of a desk on either store, which is empty."""
    found = {"FRONTDESK_DATA_DIR": str(tmp_path / "data")}
    if request.param == "redis":
        found["REDIS_URL"] = request.getfixturevalue("redis_url")
    return found


def test_X62_what_is_exported_is_gone_once_it_is_forgotten(environ: Environ) -> None:
    id, other = kept(environ, *TEXTS), kept(environ, "hello")
    told = run(environ, "export", id)
    assert told.exit_code == 0, told.output
    made = json.loads(told.stdout)
    assert made["person"] == id
    kinds = {record["kind"]: record for record in made["records"]}
    assert set(kinds) == {"profile", "journal", "session", "stream"}
    assert kinds["profile"]["value"]["values"]["order_number"]["value"] == "ORD-12345"
    assert made["conversations"][0]["state"]["ended"]["reason"] == "done"
    told = run(environ, "forget", id, "--yes")
    assert (told.exit_code, told.output) == (0, "Forgotten: 1 conversation, 0 cases.\n")
    for words in (("export", id), ("forget", id, "--yes")):
        told = run(environ, *words)
        assert told.exit_code == 2
        assert f"the store knows nobody as '{id}'" in " ".join(told.output.replace("│", " ").split())
    assert other in run(environ, "conversations").output


def test_X62_nobody_is_forgotten_without_being_asked_for(environ: Environ) -> None:
    id = kept(environ, *TEXTS)
    told = run(environ, "forget", id)
    assert told.exit_code == 2
    assert "add --yes to forget for good" in " ".join(told.output.replace("│", " ").split())
    assert run(environ, "export", id).exit_code == 0


def test_X62_beside_a_desk_that_runs_redis_forgets_and_a_file_says_what_to_do(environ: Environ) -> None:
    async def beside() -> None:
        async with desk(environ) as page:
            await talk(page, "hello")
            told = await asyncio.to_thread(run, environ, "forget", f"web:site:{page.person}", "--yes")
            if "REDIS_URL" in environ:
                assert told.output.startswith("Forgotten: 1 conversation"), told.output
            else:
                assert isinstance(told.exception, SettingsError)
                assert "is in use by another process; stop that one" in str(told.exception)

    asyncio.run(beside())


def test_X62_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    told = run({"FRONTDESK_DATA_DIR": str(tmp_path / "none"), "FLOWS_DIR": str(OURS)}, "forget", "x", "--yes")
    assert "there is no store at" in str(told.exception)
    assert not (tmp_path / "none").exists()
