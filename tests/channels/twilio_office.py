"""Our account at Twilio on loopback, with a number and a messaging service: it gives out and changes what it keeps."""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.channels.twilio_double import NUMBER, SERVICE, SID, TOKEN

NUMBER_SID = "PN" + "0" * 32
_HUMP = re.compile(r"(?<!^)(?=[A-Z])")


class TwilioOffice:
    """What it keeps can be looked at and set; `changes` are the forms it was sent."""

    def __init__(self) -> None:
        self.url = ""
        self.account: dict[str, Any] = {"sid": SID, "status": "active", "type": "Full", "auth_token": TOKEN}
        self.number: dict[str, Any] | None = {
            "sid": NUMBER_SID,
            "phone_number": NUMBER,
            "sms_url": "",
            "sms_method": "POST",
            "sms_application_sid": "",
            "capabilities": {"sms": True},
        }
        self.service: dict[str, Any] = {
            "sid": SERVICE,
            "inbound_request_url": None,
            "inbound_method": "POST",
            "use_inbound_webhook_on_number": False,
        }
        self.changes: list[dict[str, str]] = []
        self.asked: list[str] = []

    async def give_account(self, request: web.Request) -> web.Response:
        return web.json_response(self.account)

    async def give_numbers(self, request: web.Request) -> web.Response:
        held = self.number if request.query["PhoneNumber"] == NUMBER else None
        return web.json_response({"incoming_phone_numbers": [held] if held else []})

    async def change_number(self, request: web.Request) -> web.Response:
        assert self.number is not None
        return await self._change(request, self.number)

    async def give_service(self, request: web.Request) -> web.Response:
        return web.json_response(self.service)

    async def change_service(self, request: web.Request) -> web.Response:
        return await self._change(request, self.service)

    async def _change(self, request: web.Request, held: dict[str, Any]) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.changes.append(form)
        for name, value in form.items():
            held[_HUMP.sub("_", name).lower()] = {"true": True, "false": False}.get(value, value)
        return web.json_response(held)

    @web.middleware
    async def only_us(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Nobody else's account and token get in (Twilio docs: error 20003)."""
        self.asked.append(request.path)
        basic = base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if request.headers.get("Authorization") == f"Basic {basic}":
            answer: web.StreamResponse = await handler(request)
            return answer
        return web.json_response({"code": 20003, "message": "Authenticate", "status": 401}, status=401)


@asynccontextmanager
async def twilio_office() -> AsyncIterator[TwilioOffice]:
    """An office that is open until the block ends."""
    office = TwilioOffice()
    app = web.Application(middlewares=[office.only_us])
    home = f"/2010-04-01/Accounts/{SID}"
    app.add_routes([
        web.get(f"{home}.json", office.give_account),
        web.get(f"{home}/IncomingPhoneNumbers.json", office.give_numbers),
        web.post(f"{home}/IncomingPhoneNumbers/{NUMBER_SID}.json", office.change_number),
        web.get(f"/v1/Services/{SERVICE}", office.give_service),
        web.post(f"/v1/Services/{SERVICE}", office.change_service),
    ])  # fmt: skip
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    office.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield office
    finally:
        await runner.cleanup()
