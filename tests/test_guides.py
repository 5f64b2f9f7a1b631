"""The guides name commands, options, targets and settings that exist, and say what the commands say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from gateway.cli.main import app
from gateway.settings import Settings

ROOT = Path(__file__).parent.parent
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
PAGES = [*GUIDES, ROOT / "README.md", ROOT / "docs" / "commands.md", ROOT / "docs" / "settings.md"]

COMMAND = re.compile(r"(?<![\w/])(?:\.venv/bin/)?frontdesk +([a-z]+)(?: +([a-z]+))?")
VARIABLE = re.compile(r"\b(?:FRONTDESK|TELEGRAM|SLACK|HANDOFF|TWILIO|SMS|WEB|PUBLIC|ADMIN|REDIS)_[A-Z_]*[A-Z]\b")


def text(page: Path) -> str:
    return page.read_text("utf-8")


def code(page: Path) -> list[str]:
    """What stands in code: indented lines, and what is between backticks."""
    indented = re.findall(r"(?m)^ {4,}(\S.*)$", text(page))
    return [*indented, *re.findall(r"`([^`\n]+)`", text(page))]


def named(page: Path) -> set[tuple[str, str]]:
    """The commands a page has in code, each with the word after it."""
    return {found for line in code(page) for found in COMMAND.findall(line)}


def test_there_is_a_guide_for_all_that_an_operator_connects() -> None:
    assert [guide.stem for guide in GUIDES] == ["redis", "slack", "sms", "telegram"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_in_a_page_is_one_we_have(page: Path) -> None:
    commands = typer.main.get_group(app).commands
    assert named(page), "a page of commands names some"
    for command, word in named(page):
        assert command in commands, f"frontdesk {command}"
        steps = getattr(commands[command], "commands", None)
        if steps is not None and word:
            assert word in steps, f"frontdesk {command} {word}"


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_every_setting_in_a_guide_is_one_we_read(page: Path) -> None:
    known = {str(field.validation_alias) for field in Settings.model_fields.values()}
    variables = set(VARIABLE.findall(text(page)))
    assert variables, "a guide that sets nothing"
    assert sorted(variables - known) == []


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_the_settings_a_guide_fills_in_are_lines_of_the_example(page: Path) -> None:
    example = set(re.findall(r"(?m)^#([A-Z_]+)=", text(ROOT / "deploy" / "env.example")))
    filled = {line.partition("=")[0] for line in code(page) if re.match(r"[A-Z_]+=\S", line)}
    assert sorted(filled - example) == []


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_what_a_guide_has_doctor_say_is_what_it_says(page: Path) -> None:
    table = text(page).partition("| `frontdesk doctor` says |")[2]
    rows = re.findall(r"(?m)^\| `([^`]+)`", table)
    rooms = (ROOT / "channels", ROOT / "gateway" / "stores")
    sources = "".join(path.read_text("utf-8") for room in rooms for path in room.glob(f"{page.stem}_*.py"))
    said = " ".join(re.sub(r'"\s*\n\s*f?"', "", sources).split())
    assert rows
    assert [row for row in rows if row not in said and row != "401 Unauthorized"] == []


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_the_readme_leads_to_every_guide_and_no_guide_leads_nowhere(page: Path) -> None:
    assert f"docs/guides/{page.name}" in text(ROOT / "README.md")
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", text(page))
    assert [target for target in targets if not (page.parent / target).exists()] == []
