"""The desk's `profile`: what a CRM knows, by HTTP or by Python, in time or not at all."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.rehearsal.conversations import rehearse, repertoire
from tests.gateway.backend_double import Answering, BackendDouble, HangUp, Say, Silence, backend

pytestmark = pytest.mark.anyio

FLOW = """
frontdesk: 1
flow: cake
title: Order a cake
description: The customer wants a cake.
triggers: [a cake]
slots: {cake: {type: text, label: cake}}
states:
  sort: {branches: [{when: "person.tier == 'gold'", next: gold}, {next: plain}]}
  gold: {prompt: "Welcome back, {{ person.first_name }}!", next: plain}
  plain: {prompt: "Which cake?", slot: cake, next: done}
  done: {prompt: "One {{ cake }}.", terminal: true}
"""
BY_HTTP = """
frontdesk: 1
profile:
  http: {method: GET, url: "${CRM_API_URL}/people/{{ person.id }}"}
  timeout: 5s
  outcomes: {200: found, 404: unknown}
  save: {tier: segment.tier, first_name: name}
"""
BY_PYTHON = """
frontdesk: 1
profile: {python: whois, outcomes: [found]}
"""
WHOIS = """
from engine.actions import ActionCall, ActionResult


async def whois(call: ActionCall) -> ActionResult:
    return ActionResult(outcome="found", facts={"tier": "gold", "first_name": call.person.person.title()})
"""


def desk(folder: Path, profile: str, *lines: str) -> Path:
    """A FLOWS_DIR whose one flow has one conversation; gives that."""
    home = folder / "cake"
    (home / "conversations").mkdir(parents=True)
    (home / "flow.yaml").write_text(FLOW)
    (folder / "desk.yaml").write_text(profile)
    file = home / "conversations" / "talk.txt"
    file.write_text("\n".join(lines))
    return file


async def plays(file: Path) -> str:
    """What went wrong with a conversation, "" when it holds."""
    verdict = await rehearse(file, repertoire(file))
    return str(verdict.fault or verdict.failure or "")


@pytest.fixture
async def crm() -> AsyncIterator[BackendDouble]:
    async with backend() as double:
        yield double


async def test_a_crm_is_asked_once_a_run_by_whose_channel_it_is(crm: BackendDouble, tmp_path: Path) -> None:
    crm.script = [Say.json({"name": "Ann", "segment": {"tier": "gold"}})]
    file = desk(
        tmp_path, BY_HTTP, f"% set CRM_API_URL={crm.url}", "> a cake", "< Welcome back, Ann!", "> plum", "< plum"
    )
    assert await plays(file) == ""
    assert [(one.method, one.target) for one in crm.asked] == [("GET", "/people/customer")]
    assert crm.asked[0].header("idempotency-key")


@pytest.mark.parametrize("answer", [Say(status=500), HangUp(), Silence(), Say.json([]), Say(status=404)])
async def test_what_goes_wrong_there_holds_up_nobody(answer: Answering, crm: BackendDouble, tmp_path: Path) -> None:
    crm.script = [answer, answer, answer]
    file = desk(tmp_path, BY_HTTP, f"% set CRM_API_URL={crm.url}", "> a cake", "<! Welcome", "< Which cake?", "> plum")
    began = time.monotonic()
    assert await plays(file) == ""
    assert time.monotonic() - began < 4.0, "its own 5 s would be too long to wait for"
    assert len(crm.asked) == 1, "it is not asked twice"


async def test_a_python_function_beside_the_desk_is_a_profile_too(tmp_path: Path) -> None:
    file = desk(tmp_path, BY_PYTHON, "% person ann", "> a cake", "< Welcome back, Ann!")
    (tmp_path / "actions.py").write_text(WHOIS)
    assert await plays(file) == ""


async def test_a_conversation_says_what_the_profile_knows(tmp_path: Path) -> None:
    file = desk(tmp_path, BY_HTTP, '! profile found {"segment": {"tier": "gold"}, "name": "Eve"}', "> a cake", "< Eve!")
    assert await plays(file) == ""
    file.write_text("! profile lost\n> a cake")
    assert "`lost` is no outcome of profile" in await plays(file)
