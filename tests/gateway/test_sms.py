"""SMS through the whole desk: signed webhooks in, text messages out, reports taken, opt-outs kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest

from channels.sms_account import Account
from gateway.settings import Settings
from gateway.wiring import open_desk
from tests.channels.twilio_double import NUMBER, SID, TOKEN, TwilioDouble, twilio_double
from tests.gateway.loopback import browsed

pytestmark = pytest.mark.anyio

PUBLIC = "https://desk.example"
MARA = "+16505551401"


@dataclass
class Phone:
    """A person with a telephone, and the Twilio between us."""

    provider: aiohttp.ClientSession
    double: TwilioDouble
    sids: list[str] = field(default_factory=list)

    async def post(self, path: str, **fields: str) -> aiohttp.ClientResponse:
        form = {"AccountSid": SID, **fields}
        signature = Account(sid=SID, token=TOKEN, number=NUMBER).signature(PUBLIC + path, form.items())
        headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature.decode()}
        async with self.provider.post(path, data=urlencode(form).encode(), headers=headers) as answer:
            await answer.read()
            return answer

    async def text(self, body: str) -> aiohttp.ClientResponse:
        self.sids.append(f"SM{len(self.sids):032x}")
        return await self.post("/webhooks/sms", MessageSid=self.sids[-1], From=MARA, To=NUMBER, Body=body)


@asynccontextmanager
async def phone(folder: Path) -> AsyncIterator[Phone]:
    async with twilio_double() as double:
        environ = {
            "FRONTDESK_ENV": "test",
            "FRONTDESK_DATA_DIR": str(folder),
            "PUBLIC_URL": PUBLIC,
            "TWILIO_ACCOUNT_SID": SID,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_PHONE_NUMBER": NUMBER,
            "TWILIO_API_URL": double.url,
        }
        desk = await open_desk(Settings.load(environ), environ)
        running = asyncio.create_task(desk.run())
        async with browsed(desk.app) as provider:
            yield Phone(provider=provider, double=double)
        desk.health.stop()
        await running
        await desk.close()


async def test_C72_a_text_message_is_answered_by_the_api_and_its_reports_are_taken(tmp_path: Path) -> None:
    async with phone(tmp_path) as mara:
        answer = await mara.text("I want a refund")
        assert (answer.status, answer.content_type) == (200, "text/xml")
        await mara.double.asked_for(1)
        path = mara.double.asked[0]["StatusCallback"].removeprefix(PUBLIC)
        assert path == f"/webhooks/sms/status?ref=tw:{mara.sids[0]}:reply"
        for status in ("sent", "delivered", "sent"):
            report = await mara.post(path, MessageSid="SM" + "1" * 32, From=NUMBER, To=MARA, MessageStatus=status)
            assert report.status == 204
        assert (await mara.post("/webhooks/sms/status", Body="forged")).status == 400


async def test_X65_after_a_stop_only_a_start_is_answered(tmp_path: Path) -> None:
    async with phone(tmp_path) as mara:
        await mara.text("I want a refund")
        await mara.double.asked_for(1)
        for body in ("STOP", "ORD-12345", "hello?"):
            assert (await mara.text(body)).status == 200
        await mara.text("START")
        await mara.double.asked_for(2)
        assert "order" in mara.double.bodies[1]


async def test_C9_without_its_variables_the_channel_is_404(tmp_path: Path) -> None:
    environ = {"FRONTDESK_ENV": "test", "FRONTDESK_DATA_DIR": str(tmp_path)}
    desk = await open_desk(Settings.load(environ), environ)
    async with browsed(desk.app) as provider:
        for path in ("/webhooks/sms", "/webhooks/sms/status"):
            async with provider.post(path, data=b"a=1") as answer:
                assert answer.status == 404
    await desk.close()
