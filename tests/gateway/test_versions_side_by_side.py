"""R58: two processes with different flows on one Redis; each goes on with what the other one began."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen
from uuid import uuid4

import aiohttp
import pytest

from tests.gateway.test_cli import BARE, ROOT
from tests.gateway.web_desk import Page
from tests.redis_servers import RedisServer, free_port

pytestmark = pytest.mark.anyio

PATIENCE_S = 20.0
OLD = """\
frontdesk: 1
flow: name_tag
title: Print a name tag
description: Somebody needs a name tag.
triggers: [name tag]
slots:
  city:   {type: text, pattern: '[A-Z][a-z]+'}
  colour: {type: enum, values: {red: [], blue: []}}
states:
  ask_city:   {prompt: "Which city?", slot: city, next: ask_colour}
  ask_colour: {prompt: "Which colour?", slot: colour, next: printed}
  printed:    {prompt: "Printed for {{ city }} in {{ colour }}.", terminal: true}
"""
NEW = OLD.replace("Which colour?", "What colour shall it have?").replace("ask_city:", "ask_town:")


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """FLOWS_DIR of the old process, and of the new one."""
    made = (tmp_path / "old", tmp_path / "new")
    for folder, text in zip(made, (OLD, NEW), strict=True):
        (folder / "name_tag").mkdir(parents=True)
        (folder / "name_tag" / "flow.yaml").write_text(text)
    return made


@contextmanager
def serving(flows: Path, url: str) -> Iterator[str]:
    """`frontdesk serve` as a process of its own; gives its address once it is ready."""
    here = f"http://127.0.0.1:{(port := free_port())}"
    environ = {**BARE, "REDIS_URL": url, "FLOWS_DIR": str(flows), "FRONTDESK_ENV": "test", "WEB_ORIGINS": here}
    command = [sys.executable, "-c", "from gateway.cli.main import run; run()", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        try:
            _until_ready(here)
            yield here
        finally:
            os.kill(process.pid, signal.SIGTERM)


def _until_ready(address: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with suppress(URLError), urlopen(f"{address}/readyz") as answer:
            if answer.status == 200:
                return
        time.sleep(0.05)
    raise AssertionError(f"{address} was not ready within {PATIENCE_S:.0f} s")


@asynccontextmanager
async def customer(address: str) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser with a session begun there, which it shows to any process of the same store."""
    jar, patience = aiohttp.DummyCookieJar(), aiohttp.ClientTimeout(total=PATIENCE_S)
    async with aiohttp.ClientSession(cookie_jar=jar, timeout=patience) as client:
        begun = await Page(client, address).begin()
        client.headers["Cookie"] = begun.headers["Set-Cookie"].partition(";")[0]
        yield client


async def says(client: aiohttp.ClientSession, address: str, text: str, *, seen: int) -> str:
    """The reply to a message that this process hears; `seen` lines were said before."""
    page = Page(client, address)
    assert (await page.say(str(uuid4()), text=text)).status == 202
    async with page.events() as stream:
        return (await stream.texts(seen + 2))[-1]


async def test_R58_each_process_goes_on_in_the_flow_that_a_run_began_under(
    redis_server: RedisServer, folders: tuple[Path, Path]
) -> None:
    old_flows, new_flows = folders
    with serving(old_flows, redis_server.url) as old, serving(new_flows, redis_server.url) as new:
        async with customer(old) as client:
            assert await says(client, old, "name tag please", seen=0) == "Which city?"
            assert await says(client, new, "Oslo", seen=2) == "Which colour?", "the new one keeps to the old words"
            assert await says(client, old, "red", seen=4) == "Printed for Oslo in red."
        async with customer(new) as client:
            assert await says(client, new, "name tag please", seen=0) == "Which city?"
            reply = await says(client, old, "Rome", seen=2)
            assert reply == "What colour shall it have?", "the old one never met this version, and yet knows it"
            assert await says(client, new, "blue", seen=4) == "Printed for Rome in blue."


ACTING = NEW.replace("ask_colour:", "ask_shade:").replace("next: ask_colour", "next: ask_shade")
ACTING = ACTING.replace("slot: colour, next: printed", "slot: colour, next: print_it").replace(
    "  printed:", "  print_it:   {action: print_tag, branches: {done: printed}}\n  printed:"
)
ACTING = ACTING.replace("states:\n", "actions:\n  print_tag: {python: print_tag, outcomes: [done]}\nstates:\n", 1)
PRINTER = """\
from engine.actions import ActionCall, ActionResult

async def print_tag(call: ActionCall) -> ActionResult:
    return ActionResult(outcome="done")
"""


async def test_R58_what_one_process_cannot_do_is_left_to_the_other(
    redis_server: RedisServer, folders: tuple[Path, Path]
) -> None:
    old_flows, new_flows = folders
    (new_flows / "name_tag" / "flow.yaml").write_text(ACTING)
    (new_flows / "name_tag" / "actions.py").write_text(PRINTER)
    with serving(old_flows, redis_server.url) as old, serving(new_flows, redis_server.url) as new:
        async with customer(new) as client:
            assert await says(client, new, "name tag please", seen=0) == "Which city?"
            assert await says(client, old, "Rome", seen=2) == "What colour shall it have?"
            reply = await says(client, old, "blue", seen=4)
            assert reply == "Printed for Rome in blue.", "only the new one has the printer"
