"""Every setting, command and target is written down, and nothing is that does not exist (HOUSE section 8)."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import typer

ROOT = Path(__file__).parent.parent
ENV_LINE = re.compile(r"#?([A-Z][A-Z0-9_]*)=(.*)")


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def settings() -> set[str]:
    """The variables the gateway reads."""
    from gateway.settings import Settings

    return {str(field.validation_alias or name.upper()) for name, field in Settings.model_fields.items()}


def flow_variables() -> set[str]:
    """What our own flows read as `${NAME}`."""
    flows = (path.read_text("utf-8") for path in (ROOT / "flows").glob("*/flow.yaml"))
    lines = (re.sub(r"\s#.*", "", line) for flow in flows for line in flow.splitlines())
    return {name for line in lines for name in re.findall(r"\$\{([A-Z0-9_]+)\}", line)}


def commands() -> set[str]:
    """What follows `frontdesk` on the command line."""
    from gateway.cli.main import app

    return set(typer.main.get_group(app).commands)


def example_variables() -> dict[str, str]:
    """Each variable of deploy/env.example with the line above it."""
    lines = page("deploy/env.example").splitlines()
    pairs = zip(lines[1:], lines, strict=False)
    return {found[1]: above for line, above in pairs if (found := ENV_LINE.fullmatch(line))}


def documented_settings() -> set[str]:
    """The first cells of the tables of docs/settings.md."""
    return set(re.findall(r"^\| `(\w+)` \|", page("docs/settings.md"), re.MULTILINE))


def test_every_setting_has_a_line_in_the_example() -> None:
    assert sorted((settings() | flow_variables()) - example_variables().keys()) == []


def test_every_setting_has_its_row_in_the_docs() -> None:
    assert sorted(settings() - documented_settings()) == []


def test_every_secret_is_called_one() -> None:
    from gateway.settings import Settings

    called = re.findall(r"^\| `(\w+)` \|[^|]*\| \*secret\*", page("docs/settings.md"), re.MULTILINE)
    assert set(called) == set(Settings.SECRET)


def test_no_page_names_a_setting_that_is_gone() -> None:
    named = example_variables().keys() | documented_settings()
    assert sorted(named - settings() - flow_variables()) == []


def test_every_variable_of_the_example_says_what_it_is_for() -> None:
    unsaid = [name for name, above in example_variables().items() if not re.match(r"# \S", above)]
    assert not unsaid


def test_the_example_sets_nothing() -> None:
    assert not re.search(r"^[^#\n]", page("deploy/env.example"), re.MULTILINE)


def test_every_command_has_its_heading() -> None:
    assert set(re.findall(r"^## `frontdesk ([\w-]+)", page("docs/commands.md"), re.MULTILINE)) == commands()


def test_every_flow_that_ships_has_its_paragraph_and_the_command_that_draws_it() -> None:
    shipped = {file.parent.name for file in ROOT.glob("flows/*/flow.yaml")}
    assert set(re.findall(r"^## (\w+)$", page("docs/flows.md"), re.MULTILINE)) == shipped
    assert set(re.findall(r"^    frontdesk diagram (\w+)$", page("docs/flows.md"), re.MULTILINE)) == shipped


def test_the_readme_names_the_two_commands() -> None:
    assert "make run" in page("README.md")
    assert "make test" in page("README.md")


@pytest.mark.parametrize(
    "name",
    [
        *(
            "README.md",
            "docs/chaos.md",
            "docs/commands.md",
            "docs/evaluation.md",
            "docs/flows.md",
            "docs/measures.md",
            "docs/page.md",
        ),
        "docs/settings.md",
        "docs/traces.md",
        "docs/decisions/README.md",
    ],
)
def test_no_link_leads_nowhere(name: str) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page(name))
    assert not [target for target in targets if not (ROOT / name).parent.joinpath(target).exists()]


def test_every_target_says_what_it_makes() -> None:
    targets = {name for line in re.findall(r"^\.PHONY: (.+)", page("Makefile"), re.MULTILINE) for name in line.split()}
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^ +make (\w+) +\S", said, re.MULTILINE)) == targets - {"system"}


def test_ci_can_be_started_and_requires_every_part() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "REQUIRE=redis,browser" in page(".ci/run")
