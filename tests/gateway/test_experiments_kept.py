"""S35 through a whole desk: what is kept of a variant outlives processes and weights, on both stores."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from engine.flow import content_hash
from gateway.flowfolder import read_folder
from tests.engine.flows_for_experiments import GREETING, PIZZA, TONE, always, desk, pizza
from tests.gateway.kept_desk import Environ, flows_in, kept, run
from tests.gateway.opened_desk import talk, working
from tests.gateway.people_desk import people_desk

pytestmark = pytest.mark.anyio

ACTIONS = """
from engine.actions import ActionCall, ActionResult


async def bake(call: ActionCall) -> ActionResult:
    return ActionResult(outcome="done")
"""
FRIENDLY = TONE.replace("control: 50", "control: 0")
NOBODY = TONE.replace("friendly: 50", "friendly: 0")


def deployed(folder: Path, experiments: str) -> dict[str, str]:
    """The pizza flow with these experiments, in place of what was there."""
    flows_in(folder, pizza=PIZZA + experiments)
    (folder / "pizza" / "actions.py").write_text(ACTIONS)
    return {"FLOWS_DIR": str(folder)}


def cookies(client: aiohttp.ClientSession) -> dict[str, str]:
    return {cookie.key: cookie.value for cookie in client.cookie_jar}


def again(client: aiohttp.ClientSession, held: dict[str, str]) -> None:
    """The same browser comes back."""
    client.cookie_jar.clear()
    client.cookie_jar.update_cookies(held)


async def test_a_run_keeps_its_variant_over_restarts_other_weights_and_the_kill_switch(
    environ: Environ, tmp_path: Path
) -> None:
    async with working(None, **environ, **deployed(tmp_path / "flows", FRIENDLY)) as (_, page, client):
        await talk(page, "pizza")
        held = cookies(client)
    named = {**environ, **deployed(tmp_path / "flows", NOBODY), "EXPERIMENTS_STOPPED": "pizza.tone"}
    async with working(None, **named) as (_, page, client):
        again(client, held)
        said = await talk(page, "small", "Mill Lane 3", seen=2)
        assert "And where may we bring it?" in said
        said = await talk(page, "never mind", "pizza", "small", seen=6)
        assert "Which street?" in said[-1], "a new run"


async def test_every_variant_s_version_is_in_the_store_before_a_run_begins_under_it(
    environ: Environ, tmp_path: Path
) -> None:
    """R58: another process, or another deployment, can go on with it."""
    named = {**environ, **deployed(tmp_path / "flows", FRIENDLY)}
    async with working(None, **named) as (_, page, client):
        await talk(page, "pizza")
        held = cookies(client)
    named |= deployed(tmp_path / "flows", "")
    async with working(None, **named) as (_, page, client):
        again(client, held)
        assert "And where may we bring it?" in await talk(page, "small", seen=2)


def test_explain_tells_the_variant_and_where_it_was_met(environ: Environ, tmp_path: Path) -> None:
    import asyncio

    named = {**environ, **deployed(tmp_path / "flows", FRIENDLY)}

    async def said() -> str:
        async with working(None, **named) as (_, page, _):
            await talk(page, "pizza", "small", "Mill Lane 3")
            return f"web:site:{page.person}"

    id = asyncio.run(said())
    lines = [" ".join(line.split()) for line in run(named, "explain", id).output.splitlines()]
    told = [line for line in lines if line.startswith("variant")]
    assert told == [
        "variant pizza.tone: friendly",
        "variant pizza.tone: friendly, met for the first time",
        "variant pizza.tone: friendly",
    ]


async def test_an_exposure_is_counted_and_stands_in_the_case_s_summary(tmp_path: Path) -> None:
    """H71: the summary names the variants the customer saw."""
    async with people_desk(tmp_path, flows=[always(pizza(TONE), tone="friendly")], desk=desk(GREETING)) as opened:
        await opened.says("pizza")
        await opened.says("I want to talk to a human")
        summary = (await opened.card()).summary
        assert summary.experiments == ()
        await opened.presses("claim")
        await opened.presses("return")
        await opened.says("small")
        await opened.says("I want to talk to a human")
        [met] = (await opened.card()).summary.experiments
        assert (met.experiment, met.variant) == ("pizza_tone", "friendly")
        assert opened.ground.counted('exposures_total{variant="other"}') == 1


async def test_what_is_said_when_a_person_hands_back_is_met_like_any_reply(tmp_path: Path) -> None:
    warm = desk(GREETING.replace("control: 50", "control: 0").replace("welcome: ", "menu: "))
    async with people_desk(tmp_path, flows=[pizza()], desk=warm) as opened:
        await opened.says("I want to talk to a human")
        await opened.presses("claim")
        assert "Always a pleasure!" in await opened.presses("return")
        journal = await opened.journal()
        assert [one.experiment for notes in journal for one in notes.exposed] == ["greeting"]
        assert (await opened.conversation()).variants == {"greeting": "warm"}


async def test_a_setting_that_names_no_experiment_stops_nothing(tmp_path: Path) -> None:
    named = deployed(tmp_path / "flows", FRIENDLY) | {"EXPERIMENTS_STOPPED": "gone"}
    async with working(tmp_path / "data", **named) as (_, page, _):
        assert "And where may we bring it?" in await talk(page, "pizza", "small")


def test_other_experiments_leave_a_flow_the_version_it_was(tmp_path: Path) -> None:
    versions = set()
    for experiments in ("", TONE, FRIENDLY, NOBODY):
        [flow] = read_folder(Path(deployed(tmp_path / "flows", experiments)["FLOWS_DIR"]), {}).flows
        versions.add(content_hash(flow))
    assert len(versions) == 1


def test_flows_diff_finds_a_variant_s_run_on_its_version_already(environ: Environ, tmp_path: Path) -> None:
    named = {**environ, **deployed(tmp_path / "flows", FRIENDLY)}
    kept(named, "pizza", "small")
    told = run(named, "flows", "diff").output
    assert "1 run on that version already" in told
    assert "1 run live: 1 unchanged" in told


async def test_the_question_how_it_went_is_met_like_any_line(tmp_path: Path) -> None:
    rated = desk(
        "defaults: {csat: ask}\n" + GREETING.replace("control: 50", "control: 0").replace("welcome: ", "csat_people: ")
    )
    async with people_desk(tmp_path, flows=[pizza()], desk=rated) as opened:
        await opened.says("I want to talk to a human")
        await opened.presses("claim")
        await opened.writes("Here is what to do.")
        assert "Always a pleasure!" in await opened.presses("resolve", outcome="solved")
        assert [one.experiment for notes in await opened.journal() for one in notes.exposed] == ["greeting"]
