"""What people write to at Twilio, a number or a messaging service: found, read and changed over its REST API."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import aiohttp

from channels.base import Finding
from channels.inquiry import NoAnswer, ask
from channels.payload import Json, dict_at, list_at, text_at
from channels.sms_account import Account

NUMBER, SERVICE = "sms number", "sms messaging service"

_KEYS_REMEDY = "copy TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN anew from the Twilio console"
_HUMP = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True, kw_only=True)
class Names:
    """What Twilio calls the parameters of a sender (Twilio docs, IncomingPhoneNumber and Services resources).

    `overruling` names the one by which something else decides where messages go, `why` says so, `free` ends it.
    """

    url: str
    method: str
    fallback_url: str
    fallback_method: str
    overruling: str
    why: str
    free: str


OF_NUMBER = Names(
    url="SmsUrl",
    method="SmsMethod",
    fallback_url="SmsFallbackUrl",
    fallback_method="SmsFallbackMethod",
    overruling="SmsApplicationSid",
    why="an application of the account decides where its messages go",
    free="",
)
OF_SERVICE = Names(
    url="InboundRequestUrl",
    method="InboundMethod",
    fallback_url="FallbackUrl",
    fallback_method="FallbackMethod",
    overruling="UseInboundWebhookOnNumber",
    why="it leaves to each of its numbers where messages go",
    free="false",
)


@dataclass(frozen=True, kw_only=True)
class Sender:
    """One of them, as it stands (`held`) at `place` of the API."""

    label: str
    place: str
    names: Names
    held: Json

    @property
    def delivers_to(self) -> str:
        """Where its messages go; "" for nowhere."""
        return self.at(self.names.url)

    @property
    def overruled(self) -> str:
        """Why that does not count; "" where it does."""
        return self.names.why if self.held.get(_answered(self.names.overruling)) else ""

    def at(self, parameter: str) -> str:
        """What a parameter holds; "" for nothing."""
        return text_at(self.held, _answered(parameter))


@dataclass(frozen=True, kw_only=True)
class TwilioOffice:
    """Our account's side of the REST API at `api_url`; a refusal is a finding about `what` was looked at."""

    account: Account
    api_url: str
    http: aiohttp.ClientSession

    async def fetch_account(self, what: str) -> Json | Finding:
        """The account itself."""
        return await self.ask(what, f"{self._home}.json")

    async def senders(self) -> list[Sender | Finding]:
        """What people can write to, or why it is not there."""
        found: list[Sender | Finding] = []
        if self.account.service:
            found.append(await self._service())
        if self.account.number:
            found.append(await self._number())
        return found

    async def ask(self, what: str, url: str, form: Mapping[str, str] | None = None) -> Json | Finding:
        """What Twilio answers to a look, or to the change `form`."""
        basic = base64.b64encode(f"{self.account.sid}:{self.account.token}".encode()).decode()
        try:
            answered = await ask(self.http, url, form=form, headers={"Authorization": f"Basic {basic}"})
        except NoAnswer as away:
            remedy = "let this machine reach Twilio, or mend TWILIO_API_URL"
            return Finding.failed(what, f"Twilio does not answer: {away}", remedy)
        if 200 <= answered.status < 300:
            return answered.body
        code = answered.body.get("code")
        said = f"error {code}" if isinstance(code, int) else f"HTTP {answered.status}"
        if answered.status in (401, 403):
            return Finding.failed(what, f"Twilio refuses our account or its token ({said})", _KEYS_REMEDY)
        if answered.status == 404:
            return Finding.failed(what, f"Twilio knows nothing of the kind in our account ({said})", _KEYS_REMEDY)
        remedy = f"see https://www.twilio.com/docs/api/errors/{code}" if isinstance(code, int) else "try again later"
        return Finding.failed(what, f"Twilio refuses ({said})", remedy)

    async def _number(self) -> Sender | Finding:
        number, place = self.account.number, f"{self._home}/IncomingPhoneNumbers"
        page = await self.ask(NUMBER, f"{place}.json?PhoneNumber={quote(number, safe='')}")
        if isinstance(page, Finding):
            return page
        numbers = [one for one in list_at(page, "incoming_phone_numbers") if isinstance(one, dict)]
        held = next((one for one in numbers if text_at(one, "phone_number") == number), None)
        if held is None:
            remedy = "write TWILIO_PHONE_NUMBER as one of the account's own numbers"
            return Finding.failed(NUMBER, f"{number} is none of this account's numbers", remedy)
        if dict_at(held, "capabilities").get("sms") is False:
            remedy = "set TWILIO_PHONE_NUMBER to a number that can"
            return Finding.failed(NUMBER, f"{number} cannot carry text messages", remedy)
        return Sender(label=number, place=f"{place}/{text_at(held, 'sid')}.json", names=OF_NUMBER, held=held)

    async def _service(self) -> Sender | Finding:
        service = self.account.service
        place = f"{_messaging(self.api_url)}/v1/Services/{service}"
        held = await self.ask(SERVICE, place)
        if isinstance(held, Finding):
            return held
        return Sender(label=service, place=place, names=OF_SERVICE, held=held)

    @property
    def _home(self) -> str:
        return f"{self.api_url}/2010-04-01/Accounts/{self.account.sid}"


def _messaging(api_url: str) -> str:
    """Services live on a host of their own: api.twilio.com, messaging.twilio.com. Another API server holds both."""
    host = urlsplit(api_url).hostname or ""
    return api_url.replace("//api.", "//messaging.", 1) if host.endswith(".twilio.com") else api_url


def _answered(parameter: str) -> str:
    """Twilio takes `SmsUrl` and answers `sms_url`."""
    return _HUMP.sub("_", parameter).lower()
