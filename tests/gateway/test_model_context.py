"""What leaves for a model, read from what a real server got: what is in it, and what never is (S17, X51)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.gateway import model_double
from tests.gateway.backend_double import BackendDouble, backend
from tests.gateway.kept_desk import flows_in
from tests.gateway.opened_desk import PATIENCE_S, talk, working
from tests.gateway.web_desk import Page

pytestmark = pytest.mark.anyio

LOAN = r"""
frontdesk: 1
flow: loan
title: Apply for a loan
description: The customer wants to borrow money.
triggers: [a loan]
slots:
  name:     {type: name, label: name}
  pin:      {type: text, pattern: 'Q\d{5}', sensitive: true, label: pin}
  purpose:  {type: enum, values: {car: [], house: []}, label: purpose}
  model:    {type: text, label: model}
  district: {type: text, label: district}
  salary:   {type: integer, label: salary, cues: [salary]}
  agreed:   {type: boolean, ask_only: true}
states:
  ask_name:     {prompt: "Your name, please?", slot: name, next: ask_pin}
  ask_pin:      {prompt: "Your PIN?", slot: pin, next: ask_purpose}
  ask_purpose:  {prompt: "What is it for?", slot: purpose, branches: {car: ask_model, house: ask_district}}
  ask_model:    {prompt: "Which car?", slot: model, next: ask_salary}
  ask_district: {prompt: "In which district?", slot: district, next: ask_salary}
  ask_salary:   {prompt: "What do you earn?", slot: salary, next: check}
  check:        {branches: [{when: "salary > 48217", next: ask_agreed}, {next: refused}]}
  ask_agreed:   {title: "The last yes", prompt: "{{ name }}, {{ purpose }}. Is that right?", slot: agreed,
                 branches: {yes: granted, no: ask_purpose}}
  granted:      {prompt: "You have it.", terminal: true, outcome: resolved}
  refused:      {prompt: "Not this time.", terminal: true, outcome: declined}
"""
CARD = "4111 1111 1111 1111"
ADMIN = "canary-admin-token-70b1c2"


@asynccontextmanager
async def desk(folder: Path) -> AsyncIterator[tuple[BackendDouble, Page, Page]]:
    """A desk with this one flow whose model reads every message and finds nothing in it; two browsers at its door."""
    flows = flows_in(folder / "flows", loan=LOAN)
    (flows / "desk.yaml").write_text('guardrails: ["Promise nothing."]\n')
    async with backend(otherwise=lambda asked: model_double.answer()) as double:
        environ = {
            **model_double.named(double.url),
            "FRONTDESK_UNDERSTANDING": "model",
            "FLOWS_DIR": str(flows),
            "ADMIN_TOKEN": ADMIN,
        }
        jar, patience = aiohttp.CookieJar(unsafe=True), aiohttp.ClientTimeout(total=PATIENCE_S)
        async with (
            working(folder / "data", **environ) as (_, page, _),
            aiohttp.ClientSession(cookie_jar=jar, timeout=patience) as client,
        ):
            other = Page(client, page.url)
            assert (await other.begin()).status == 201
            yield double, page, other


def bodies(double: BackendDouble) -> list[str]:
    """All that left, a request each: messages and schema."""
    return [asked.body.decode() for asked in double.asked]


def told(double: BackendDouble) -> str:
    """What the newest request says before the message."""
    messages: list[dict[str, Any]] = double.asked[-1].json["messages"]
    return str(messages[0]["content"])


async def test_X51_of_another_person_nothing_is_in_any_request(tmp_path: Path) -> None:
    async with desk(tmp_path) as (double, page, other):
        await talk(other, "I need a loan", "Boris Beispiel", "Q77777", "house", "Hafenviertel")
        theirs = len(double.asked)
        await talk(page, "I need a loan", "Ann Lee", "Q12345", "house", "hm, let me see")
    mine = "".join(bodies(double)[theirs:])
    for data in ("Boris", "Beispiel", "Q77777", "Hafenviertel"):
        assert data not in mine
    assert "Ann Lee" in mine
    assert "Hafenviertel" in "".join(bodies(double)[:theirs])


async def test_S17_S24_what_is_known_is_told_and_neither_secrets_nor_what_sleeps_nor_how_it_branches(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path) as (double, page, _):
        await talk(page, "Good morning!", "I need a loan", "Ann Lee", "Q12345", "car")
        await talk(page, f"Trabant, and {ADMIN} or {model_double.KEY}, card {CARD}", seen=10)
        await talk(page, "no, it is for a house", "Old Town", "what a day this is", "oh dear me", seen=12)
        for line in (
            "- Promise nothing.",
            "Under way is the task loan (Apply for a loan).",
            "- ask_salary (now)",
            "- ask_agreed: The last yes (to come)",
            "The desk has just asked for `salary`:",
            "- name: Ann Lee",
            "- purpose: house",
            "- district: Old Town",
            "It was about:",
            "customer: what a day this is",
        ):
            assert told(double).count(line) == 1, line
        for sleeping in ("Trabant", "ask_model (done)", "model: "):
            assert sleeping not in told(double), sleeping
        assert "oh dear me" not in told(double)
        assert double.asked[-1].json["messages"][-1]["content"].count("oh dear me") == 1
        everything = "".join(bodies(double))
        for secret in ("Q12345", ADMIN, model_double.KEY, CARD, CARD.replace(" ", "")):
            assert secret not in everything, secret
        for inside in ("48217", "salary >", "ask_purpose ->", "declined", "Is that right?"):
            assert inside not in everything, inside
        assert "Good morning" not in "".join(one["messages"][0]["content"] for one in (a.json for a in double.asked))


async def test_S17_early_turns_and_runs_that_are_over_are_gone_but_for_a_line(tmp_path: Path) -> None:
    async with desk(tmp_path) as (double, page, _):
        await talk(page, "I need a loan", "Ann Lee", "Q12345", "car", "Wartburg")
        await talk(page, "1200", "well well", "hm", "so so", seen=10)
        await talk(page, "I need a loan", "Eve Moss", "Q54321", "house", "hm", seen=18)
    for gone in ("Ann Lee", "Wartburg", "1200", "well well", "Not this time", "Q12345", "Q54321"):
        assert gone not in told(double), gone
    assert "Over: loan: declined" in told(double)
    assert "- name: Eve Moss" in told(double)


async def test_S18_a_settled_value_stands_once_among_what_is_known_however_often_it_was_said(tmp_path: Path) -> None:
    async with desk(tmp_path) as (double, page, _):
        await talk(page, "I need a loan", "Ann Lee", "Q12345", "car", "no, a house", "no, a car", "no, a house")
    known = told(double).partition("Known already")[2].partition("\n\n")[0]
    assert known.count("- purpose: ") == 1
    assert known.count("- name: ") == 1
