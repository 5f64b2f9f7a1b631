"""A case in Slack from beginning to end, through a running desk: by webhook and by socket the same (H43)."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from gateway.settings import Settings
from gateway.wiring import open_desk
from handoff.document import read
from handoff.proof import faults
from tests.channels.slack_double import APP, APP_TOKEN, BOT_USER, DESK, TEAM, TOKEN, listening
from tests.channels.slack_workspace import SlackWorkspace
from tests.gateway.loopback import browsed

pytestmark = pytest.mark.anyio

Json = dict[str, Any]
SECRET = "slack-casework-secret"
CUSTOMER, ROOM = "U0ILSE0001", "D0ILSE0001"
ANNA, TOM, STRANGER = "U0AGENT01", "U0AGENT02", "U0OTHER09"
WAYS = {"webhook": {"SLACK_SIGNING_SECRET": SECRET}, "socket": {"SLACK_APP_TOKEN": APP_TOKEN}}


@dataclass
class Scene:
    """A running desk, its workspace, and everything people do there."""

    slack: SlackWorkspace
    client: aiohttp.ClientSession
    way: str
    _count: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def says(self, text: str, user: str = CUSTOMER, channel: str = ROOM, thread: str = "") -> str:
        """Somebody writes; gives the message's ts."""
        ts = f"1795300{next(self._count):03d}.000001"
        event = {"type": "message", "channel": channel, "user": user, "team": TEAM, "ts": ts, "text": text}
        event |= {"thread_ts": thread} if thread else {}
        await self._event(event)
        return ts

    async def answers(self, text: str, user: str = ANNA) -> str:
        """An agent writes in the case's thread."""
        return await self.says(text, user, DESK, self.card["ts"])

    async def edits(self, ts: str, text: str, user: str = ANNA) -> None:
        """An agent edits what they wrote."""
        message = {"type": "message", "user": user, "ts": ts, "thread_ts": self.card["ts"], "text": text}
        changed = {
            "type": "message",
            "subtype": "message_changed",
            "channel": DESK,
            "ts": f"1795309{next(self._count):03d}.1",
        }
        await self._event({**changed, "message": message, "previous_message": {**message, "text": "before"}})

    async def presses(self, label: str, user: str = ANNA, on: Json | None = None) -> None:
        """An agent presses a button."""
        message = on or self.card
        elements = [one for block in message["blocks"] if block["type"] == "actions" for one in block["elements"]]
        (button,) = [one for one in elements if one.get("text", {}).get("text") == label]
        number = next(self._count)
        await self._interaction({
            "type": "block_actions",
            "trigger_id": f"{number}.trigger",
            "container": {"type": "message", "message_ts": message.get("ts", "1.1"), "channel_id": DESK},
            "channel": {"id": DESK},
            "user": {"id": user, "team_id": TEAM},
            "actions": [{**button, "block_id": "b", "action_ts": f"17953000{number:02d}.000009"}],
        })  # fmt: skip

    async def fills(self, view: Json, user: str = ANNA, **answers: str) -> None:
        """An agent submits a window."""
        values: Json = {}
        for block in (one for one in view["blocks"] if one["type"] == "input"):
            element, name = block["element"], block["block_id"]
            given: Json = {"type": element["type"], "value": answers.get(name)}
            if "options" in element:
                chosen = [one for one in element["options"] if one["value"] == answers.get(name)]
                given = {"type": element["type"], "selected_option": chosen[0] if chosen else None}
            values[name] = {element["action_id"]: given}
        filled = {**view, "id": f"V{next(self._count)}", "state": {"values": values}}
        await self._interaction({"type": "view_submission", "user": {"id": user, "team_id": TEAM}, "view": filled})

    async def sees(self, true: Callable[[], object]) -> None:
        """Until it is so."""
        async with asyncio.timeout(10):
            while not true():
                await asyncio.sleep(0.01)

    async def reads(self, text: str) -> None:
        """Until the customer was sent this."""
        await self.sees(lambda: any(text in one["text"] for one in self.slack.parents(ROOM)))

    @property
    def card(self) -> Json:
        """The one card."""
        (card,) = self.slack.parents(DESK)
        return card

    @property
    def thread(self) -> list[str]:
        """What stands in its thread."""
        return [one["text"] for one in self.slack.thread(DESK, self.card["ts"])]

    async def _event(self, event: Json) -> None:
        number = next(self._count)
        payload: Json = {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": APP,
            "event_id": f"Ev{number:08d}",
            "event": event,
        }
        payload["authorizations"] = [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}]
        if self.way == "socket":
            await self.slack.delivers(payload, f"e{number}")
        else:
            await self._post(json.dumps(payload).encode(), "application/json")

    async def _interaction(self, payload: Json) -> None:
        payload = {**payload, "team": {"id": TEAM}, "api_app_id": APP}
        if self.way == "socket":
            await self.slack.delivers(payload, f"i{next(self._count)}", "interactive")
        else:
            body = urlencode({"payload": json.dumps(payload)}).encode()
            await self._post(body, "application/x-www-form-urlencoded")

    async def _post(self, body: bytes, media: str) -> None:
        stamp = str(int(time.time()))
        mac = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        signed = {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={mac}"}
        async with self.client.post("/webhooks/slack", data=body, headers={"content-type": media, **signed}) as answer:
            assert answer.status == 200


@asynccontextmanager
async def scene(folder: Path, way: str, **more: str) -> AsyncIterator[Scene]:
    async with listening(SlackWorkspace(DESK, ROOM)) as slack:
        slack.hires(ANNA, TOM, STRANGER)
        environ = {
            "FRONTDESK_ENV": "test",
            "FRONTDESK_DATA_DIR": str(folder),
            "PSEUDONYM_KEY": "the-logs-of-this-process-stay",
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_API_URL": slack.url,
            "SLACK_HANDOFF_CHANNEL": DESK,
            "HANDOFF_SLACK_AGENTS": f"{ANNA},{TOM}",
            "HANDOFF_AGENT_ALIASES": f"{ANNA}:Anna,{TOM}:Tom",
            **WAYS[way],
            **more,
        }
        opened = await open_desk(Settings.load(environ), environ)
        running = asyncio.create_task(opened.run())
        try:
            async with browsed(opened.app) as client:
                if way == "socket":
                    await slack.connected()
                yield Scene(slack, client, way)
        finally:
            opened.health.stop()
            await running
            await opened.close()


@pytest.fixture(params=sorted(WAYS))
async def slack(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    async with scene(tmp_path, request.param) as found:
        yield found


async def to_a_person(on: Scene) -> None:
    await on.says("I want a refund")
    await on.reads("Which order number")
    await on.says("I want to talk to a human <!channel> <@U0BOSS>")
    await on.reads("connecting you with a person")
    await on.sees(lambda: on.slack.parents(DESK))
    await on.sees(lambda: on.slack.files)


async def claimed(on: Scene) -> None:
    await to_a_person(on)
    await on.presses("Claim")
    await on.reads("now talking with Anna")
    await on.sees(lambda: "handoff_claim" not in json.dumps(on.card["blocks"]))


async def test_H78_the_card_the_last_messages_and_the_summary_are_in_the_thread(slack: Scene) -> None:
    await to_a_person(slack)
    ((name, content),) = slack.slack.files.items()
    summary = read(content)
    assert faults(summary) == []
    assert name == f"handoff-{summary.handoff_id}-r1.json"
    assert summary.trigger.explicit_request
    assert any("I want to talk to a human" in text for text in slack.thread)
    live = [text for text in [slack.card["text"], *slack.thread] if "<!channel>" in text or "<@U0BOSS>" in text]
    assert live == []


async def test_H44_the_claimers_words_reach_the_customer_and_theirs_the_thread(slack: Scene) -> None:
    await claimed(slack)
    ts = await slack.answers("I am looking &amp; will tell you &lt;soon&gt;.")
    await slack.reads("I am looking &amp; will tell you &lt;soon&gt;.")
    await slack.sees(lambda: (DESK, ts, "heavy_check_mark") in slack.slack.reactions)
    assert (DESK, ts, "outbox_tray") in slack.slack.reactions
    await slack.says("thank you Anna")
    await slack.sees(lambda: any("thank you Anna" in text for text in slack.thread))


async def test_H45_another_agent_is_asked_and_may_take_over(slack: Scene) -> None:
    await claimed(slack)
    await slack.answers("I think we should refuse this", TOM)
    await slack.sees(lambda: slack.slack.whispers)
    (whisper,) = slack.slack.whispers
    assert whisper["user"] == TOM
    await slack.presses("Take over and send", TOM, on=whisper)
    await slack.reads("I think we should refuse this")
    await slack.reads("now talking with Tom")


async def test_H56_a_stranger_moves_nothing_and_is_told(slack: Scene) -> None:
    await claimed(slack)
    await slack.answers("outsider speaking", STRANGER)
    await slack.presses("Resolve", STRANGER)
    await slack.sees(lambda: len(slack.slack.whispers) == 2)
    assert {one["user"] for one in slack.slack.whispers} == {STRANGER}
    await slack.answers("Anna speaking")
    await slack.reads("Anna speaking")
    assert not any("outsider" in one["text"] for one in slack.slack.parents(ROOM))


async def test_H49_an_edit_is_never_ignored_in_silence(slack: Scene) -> None:
    await claimed(slack)
    ts = await slack.answers("It is blue.")
    await slack.reads("It is blue.")
    await slack.edits(ts, "It is red.")
    await slack.sees(lambda: slack.slack.whispers)
    assert "stays as it was" in slack.slack.whispers[0]["text"]


async def test_H58_resolve_asks_for_the_outcome_and_the_verdict_first(slack: Scene) -> None:
    await claimed(slack)
    await slack.presses("Resolve")
    await slack.sees(lambda: slack.slack.views)
    await slack.fills(slack.slack.views[0], outcome="solved", verdict="good_call", note="all well")
    await slack.sees(lambda: "Claim" not in json.dumps(slack.card["blocks"]) and "Resolved" in json.dumps(slack.card))
    assert "Return to bot" not in json.dumps(slack.card["blocks"])


async def test_H147_return_hands_the_customer_back_with_the_open_question(slack: Scene) -> None:
    await claimed(slack)
    await slack.presses("Return to bot")
    await slack.reads("back with the assistant")
    (last,) = [one["text"] for one in slack.slack.parents(ROOM) if "back with the assistant" in one["text"]]
    assert "Which order number" in last
    await slack.sees(lambda: "Good call" in json.dumps(slack.card["blocks"]))
    await slack.presses("Good call")
    await slack.sees(lambda: "Good call" not in json.dumps(slack.card["blocks"]))


async def test_H57_the_same_by_words_to_our_mention(slack: Scene) -> None:
    await to_a_person(slack)
    await slack.answers(f"<@{BOT_USER}> claim")
    await slack.reads("now talking with Anna")
    await slack.answers(f"<@{BOT_USER}> dance")
    await slack.sees(lambda: slack.slack.whispers)
    assert "transfer QUEUE" in slack.slack.whispers[0]["text"]


async def test_H22_a_thread_that_is_not_ours_is_nothing_to_us(slack: Scene) -> None:
    await to_a_person(slack)
    before = len(slack.slack.calls)
    await slack.says("lunch?", ANNA, DESK, "1795200000.000001")
    await slack.says("lunch!", ANNA, DESK)
    await slack.answers("note: done")
    await slack.presses("Claim")
    await slack.reads("now talking with Anna")
    posted = [call.body["text"] for call in slack.slack.calls[before:] if call.method == "chat.postMessage"]
    assert not any("lunch" in text for text in posted)
