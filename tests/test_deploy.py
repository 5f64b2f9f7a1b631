"""The image and the services of deploy/, held against this checkout (X14, X71)."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import typer
from ruamel.yaml import YAML

from gateway.cli import ending
from gateway.cli.main import app
from gateway.settings import Settings
from tests.gateway.loopback import Front, served

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions with their arguments, in order."""
    text = re.sub(r"(?m)^\s*#.*\n", "", (DEPLOY / "Dockerfile").read_text("utf-8")).replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [(name, arguments.strip()) for name, _, arguments in (line.partition(" ") for line in lines)]


def of(name: str) -> list[str]:
    return [arguments for found, arguments in instructions() if found == name]


def environment() -> dict[str, str]:
    """What the image sets."""
    return dict(pair.split("=", 1) for arguments in of("ENV") for pair in shlex.split(arguments))


def copied() -> list[str]:
    """What the image takes from the checkout."""
    return [path for arguments in of("COPY") if "--from" not in arguments for path in shlex.split(arguments)[:-1]]


def test_everything_the_image_copies_is_there_and_let_through() -> None:
    assert copied()
    assert [path for path in copied() if not (ROOT / path).exists()] == []
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert ignored.count("*") == 1, "all is ignored but what is named"
    assert sorted(line[1:] for line in ignored if line.startswith("!")) == sorted(copied())


def test_the_image_takes_every_package_that_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packages = project["tool"]["setuptools"]["packages"]["find"]["include"]
    assert {name for name in packages if "." not in name} <= set(copied())
    assert {project["project"]["readme"], *project["project"]["license-files"]} <= set(copied())


def test_X71_the_image_does_not_run_as_root() -> None:
    (user,) = of("USER")
    assert int(user) > 0
    names = [name for name, _ in instructions()]
    assert names.index("USER") > max(place for place, name in enumerate(names) if name == "RUN"), (
        "root installs, then leaves"
    )


def test_X14_the_image_is_for_production_and_keeps_its_data_on_a_volume() -> None:
    settings = Settings.load({name: value for name, value in environment().items() if not name.startswith("PYTHON")})
    assert not settings.playground
    assert of("VOLUME") == [str(settings.data_dir)]


def test_X71_no_secret_is_baked_in() -> None:
    secrets = {form for name in Settings.SECRET for form in (name, f"{name}_FILE")}
    named = {*environment(), *(argument.partition("=")[0] for argument in of("ARG"))}
    assert not named & secrets


def test_the_base_is_a_plain_image_name() -> None:
    (named,) = of("ARG")
    assert re.fullmatch(r"PYTHON=python:3\.\d+-slim", named)
    assert {arguments.split()[0] for arguments in of("FROM")} == {"${PYTHON}"}


def test_the_image_starts_a_command_that_exists_and_that_signals_reach() -> None:
    """An array is started without a shell, which would keep SIGTERM to itself (F25)."""
    (entry,), command = json.loads(of("ENTRYPOINT")[0]), json.loads(of("CMD")[0])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert entry in project["project"]["scripts"]
    known = typer.main.get_group(app).commands[command[0]]
    options = {option for parameter in known.params for option in parameter.opts}
    assert {word for word in command if word.startswith("--")} <= options
    assert command[command.index("--host") + 1] == "0.0.0.0"
    assert command[command.index("--port") + 1] == of("EXPOSE")[0]


@pytest.mark.anyio
async def test_X71_the_health_check_is_well_with_a_desk_and_ill_without() -> None:
    check = of("HEALTHCHECK")[0].partition("CMD ")[2]
    program = json.loads(check)[-1]
    assert f":{of('EXPOSE')[0]}/healthz" in program
    async with served(Front().app()) as (_, port):
        assert await healthy(program, port)
    assert not await healthy(program, port)


async def healthy(program: str, port: int) -> bool:
    """Does the image's check pass for a desk on another port?"""
    here = program.replace(of("EXPOSE")[0], str(port))
    ended = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", here], capture_output=True, check=False)
    return ended.returncode == 0


def services() -> dict[str, Any]:
    """compose.yaml's services."""
    found: dict[str, Any] = YAML(typ="safe").load(DEPLOY / "compose.yaml")["services"]
    return found


def test_compose_builds_our_image_from_the_checkout() -> None:
    build = services()["gateway"]["build"]
    assert (DEPLOY / build["context"]).resolve() == ROOT
    assert (ROOT / build["dockerfile"]).is_file()


def test_the_services_settings_are_there_and_its_own_file_is_never_committed() -> None:
    files = services()["gateway"]["env_file"]
    assert [entry["path"] for entry in files if entry.get("required", True)] == ["env.example"]
    assert all((DEPLOY / entry["path"]).is_file() for entry in files if entry.get("required", True))
    ignored = (ROOT / ".gitignore").read_text("utf-8").split()
    assert all(
        any(fnmatch(entry["path"], line) for line in ignored) for entry in files if not entry.get("required", True)
    )


def test_X71_the_service_has_no_more_rights_than_it_needs() -> None:
    gateway = services()["gateway"]
    assert gateway["read_only"] is True
    assert gateway["cap_drop"] == ["ALL"]
    assert gateway["security_opt"] == ["no-new-privileges:true"]
    assert [volume for volume in gateway["volumes"] if volume.endswith(of("VOLUME")[0])] == ["data:/data"]
    assert [port for port in gateway["ports"] if not port.startswith("127.0.0.1:")] == []


def test_F25_the_service_is_given_the_time_it_needs_to_stop() -> None:
    grace = int(services()["gateway"]["stop_grace_period"].removesuffix("s"))
    assert grace > ending.TURNS_S + ending.LAST_S


def test_F14_the_gateway_keeps_its_conversations_in_a_redis_that_keeps_them() -> None:
    redis, gateway = services()["redis"], services()["gateway"]
    host = urlsplit(gateway["environment"]["REDIS_URL"]).hostname
    assert services()[host] is not None
    assert gateway["depends_on"][host] == {"condition": "service_healthy"}
    command = redis["command"]
    assert command[command.index("--appendonly") + 1] == "yes"
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"
    assert [volume for volume in redis["volumes"] if volume.endswith(":/data")]
    assert "ports" not in redis, "whoever reaches it reads what customers wrote"
