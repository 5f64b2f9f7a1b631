"""Conversations that a real desk has kept, on either store, for the commands that look at them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from typer.testing import CliRunner, Result

from gateway.cli.main import app
from gateway.settings import Settings
from gateway.wiring import open_desk
from tests.gateway.loopback import served
from tests.gateway.test_wiring import talk
from tests.gateway.web_desk import Page

Environ = Mapping[str, str]

SIGNUP = r"""
frontdesk: 1
flow: signup
title: Join the club
description: Somebody wants to become a member.
triggers: [join the club]
slots:
  name:    {type: name}
  mail:    {type: email}
  number:  {type: text, pattern: 'M-\d{4}', label: member number}
  pin:     {type: text, pattern: 'P\d{4}', sensitive: true}
  plan:    {type: enum, values: {gold: [], silver: []}}
states:
  ask_name:   {prompt: "What is your name?", slot: name, next: ask_mail}
  ask_mail:   {prompt: "Hello {{ name }}! Your e-mail?", slot: mail, next: ask_number}
  ask_number: {prompt: "Which member number did {{ mail }} get?", slot: number, next: ask_pin}
  ask_pin:    {prompt: "Your PIN?", slot: pin, next: ask_plan}
  ask_plan:   {prompt: "Which plan?", slot: plan, next: joined}
  joined:     {prompt: "{{ name }} joined as {{ number }}.", terminal: true, outcome: resolved}
"""


def flows_in(folder: Path, **texts: str) -> Path:
    """A FLOWS_DIR with these flows, by name."""
    for name, text in texts.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "flow.yaml").write_text(text)
    return folder


@asynccontextmanager
async def desk(environ: Mapping[str, str]) -> AsyncIterator[Page]:
    """A desk at work, and a new browser at its door."""
    opened = await open_desk(Settings.load(environ), environ)
    work = asyncio.create_task(opened.run())
    try:
        jar = aiohttp.CookieJar(unsafe=True)
        async with served(opened.app) as (host, port), aiohttp.ClientSession(cookie_jar=jar) as client:
            page = Page(client, f"http://{host}:{port}")
            assert (await page.begin()).status == 201
            yield page
            opened.health.stop()
    finally:
        opened.health.stop()
        await work
        await opened.close()


def kept(environ: Mapping[str, str], *texts: str) -> str:
    """The id of a conversation in which this was said."""

    async def said() -> str:
        async with desk(environ) as page:
            await talk(page, *texts)
            return f"web:site:{page.person}"

    return asyncio.run(said())


def run(environ: Mapping[str, str], *words: str | Path) -> Result:
    """A command, in this process."""
    bare = {"FLOWS_DIR": None, "REDIS_URL": None, "FRONTDESK_DATA_DIR": None}
    return CliRunner().invoke(app, list(map(str, words)), env={**bare, **environ})
