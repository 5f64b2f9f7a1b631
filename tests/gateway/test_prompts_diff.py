"""`frontdesk prompts diff`: what changed in the words that a model is told (S21)."""

from __future__ import annotations

import asyncio
from pathlib import Path

from engine.prompts import version_of
from gateway.promptfolder import OURS
from tests.gateway import model_double
from tests.gateway.backend_double import backend
from tests.gateway.kept_desk import SIGNUP, desk, flows_in, kept, run
from tests.gateway.opened_desk import talk

OLD, NEW = "You are calm.\nYou read.\n", "You are brief.\nYou read.\n"


def prompts_in(flows: Path, flow: str = "", **texts: str) -> None:
    """Write prompts of a flow, or of the whole desk."""
    folder = flows / flow / "prompts"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text)


def asked_twice(tmp_path: Path, flows: Path) -> tuple[str, dict[str, str]]:
    """A conversation in which a model was asked in two turns, by the prompts of these flows."""

    async def said() -> tuple[str, dict[str, str]]:
        async with backend(otherwise=lambda asked: model_double.answer()) as double:
            environ = {"FRONTDESK_DATA_DIR": str(tmp_path / "data"), "FLOWS_DIR": str(flows)}
            async with desk({**environ, **model_double.named(double.url)}) as page:
                await talk(
                    page, "well now, tell me something", "join the club", "or rather what would that be good for"
                )
                return f"web:site:{page.person}", environ

    return asyncio.run(said())


def test_S21_what_changed_since_the_kept_turns_is_told_with_versions_and_their_number(tmp_path: Path) -> None:
    flows = flows_in(tmp_path / "flows", signup=SIGNUP)
    prompts_in(flows, persona=OLD)
    prompts_in(flows, "signup", ask_name="A name, no more.")
    _, environ = asked_twice(tmp_path, flows)
    same = run(environ, "prompts", "diff")
    assert (same.output, same.exit_code) == ("0 parts changed\n", 0)
    prompts_in(flows, persona=NEW)
    (flows / "signup" / "prompts" / "ask_name.md").unlink()
    told = run(environ, "prompts", "diff")
    assert told.exit_code == 1
    assert told.output.splitlines() == [
        f"prompts/persona.md: {version_of(OLD)} -> {version_of(NEW)}; 1 kept turn used the old one",
        "  @@ -1,2 +1,2 @@",
        "  -You are calm.",
        "  +You are brief.",
        "   You read.",
        "",
        f"signup/prompts/ask_name.md: {version_of('A name, no more.')} -> gone; 1 kept turn used the old one",
        "  @@ -1 +0,0 @@",
        "  -A name, no more.",
        "",
        f"signup/prompts/persona.md: {version_of(OLD)} -> {version_of(NEW)}; 1 kept turn used the old one",
        "  @@ -1,2 +1,2 @@",
        "  -You are calm.",
        "  +You are brief.",
        "   You read.",
        "",
        "3 parts changed",
    ]
    prompts_in(flows, persona=OLD)
    assert "gone" in run(environ, "prompts", "diff", flows).output


def test_two_folders_are_compared_without_a_store(tmp_path: Path) -> None:
    one, two = (flows_in(tmp_path / name, signup=SIGNUP) for name in ("one", "two"))
    prompts_in(one, persona=OLD)
    prompts_in(two, persona=NEW)
    prompts_in(two, "signup", window="{% if window %}{{ window }}{% endif %}")
    told = run({"FRONTDESK_DATA_DIR": str(tmp_path / "none")}, "prompts", "diff", one, two)
    assert told.exit_code == 1
    ours = version_of((OURS / "window.md").read_text())
    lines = told.output.splitlines()
    assert lines[0] == f"prompts/persona.md: {version_of(OLD)} -> {version_of(NEW)}"
    assert any(line.startswith(f"signup/prompts/window.md: {ours} -> ") for line in lines)
    assert lines[-1] == "2 parts changed"
    assert run({}, "prompts", "diff", one, one).exit_code == 0


def test_a_folder_that_cannot_be_read_is_told_and_is_no_difference(tmp_path: Path) -> None:
    flows = flows_in(tmp_path / "flows", signup=SIGNUP)
    prompts_in(flows, persona="---\nmodels: x\n---\n")
    told = run({}, "prompts", "diff", flows, flows)
    assert told.exit_code == 2
    assert "persona.md:2: models: error[prompt-key]" in told.stderr


def test_without_a_model_nothing_of_prompts_is_kept_and_nothing_changed(tmp_path: Path) -> None:
    environ = {"FRONTDESK_DATA_DIR": str(tmp_path / "data")}
    kept(environ, "refund for ORD-12345")
    assert run(environ, "prompts", "diff").output == "0 parts changed\n"


def test_S21_explain_shows_the_parts_with_their_versions_and_all_that_left(tmp_path: Path) -> None:
    flows = flows_in(tmp_path / "flows", signup=SIGNUP)
    prompts_in(flows, persona=OLD)
    id, environ = asked_twice(tmp_path, flows)
    lines = [" ".join(line.split()) for line in run(environ, "explain", id).output.splitlines()]
    parts = [line for line in lines if line.startswith("parts ")]
    assert [line.split()[1] for line in parts] == ["persona", "persona", "persona_of_notes"]
    assert parts[0].startswith(f"parts persona {version_of(OLD)}, extraction ")
    assert parts[1].endswith("(of signup)")
    assert "told You are calm." in lines
    assert "or rather what would that be good for" in lines
