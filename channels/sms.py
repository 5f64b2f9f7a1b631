"""SMS, and WhatsApp and RCS on the same route: customers write to our number at Twilio (spec/channels.md section 6)."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, urlsplit

import aiohttp

from channels.base import Answer, Inbound, Kind, Refusal, Verified
from channels.options import composed
from channels.plaintext import storable, visible
from channels.sms_account import Account
from channels.sms_posts import HELP_WORDS, OPT_BACK_WORDS, OPT_IN_WORDS, OPT_OUT_WORDS, SID, Post, Us, events_of
from channels.sms_segments import cost, plainest
from channels.sms_wire import Wire
from channels.split import ELLIPSIS, split
from engine.message import Address, Event, Limits, Receipt, Refused, Reply, Retry, Sent

_ACCEPTS = ("photo", "video", "audio", "document", "location", "contact")
_SMS = Limits(
    max_chars=4,  # ours: what a person reads in one piece, and far below the 1600 characters Twilio takes
    unit="segments",
    max_parts=10,  # ours: 40 segments are as much as anybody pays for in one answer
    part_counter=True,  # carriers may swap parts (C82)
    options_native=False,
    opt_out_words=OPT_OUT_WORDS,
    opt_in_words=OPT_IN_WORDS,
    opt_back_words=OPT_BACK_WORDS,
    reserved_words=(*OPT_OUT_WORDS, *OPT_IN_WORDS, *HELP_WORDS),
    per_chat_per_s=1.0,
    account_per_s=1.0,  # Twilio docs, rate limits: a long code sends one segment a second
    delivery_reports=True,
    unknown_wait_s=30.0,  # C34: by then a status report has come, if anything was sent
    accepts=_ACCEPTS,
)
_PREFIXED = Limits(
    max_chars=1600,  # Twilio docs, Message resource: Body has at most 1600 characters on every channel (21617)
    unit="utf16",  # the stricter reading of "characters"
    max_parts=10,
    options_native=False,  # buttons need templates that WhatsApp has approved
    per_chat_per_s=1.0,
    account_per_s=80.0,  # Twilio docs: a WhatsApp sender's default throughput
    delivery_reports=True,
    unknown_wait_s=30.0,
    accepts=_ACCEPTS,
)

KIND = Kind(
    name="sms",
    contact="phone",
    settings=("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_PHONE_NUMBER"),
    limits=_SMS,
    elsewhere={"whatsapp:": _PREFIXED, "rcs:": _PREFIXED},
)

SIGNATURE_HEADER = "x-twilio-signature"
FORM = "application/x-www-form-urlencoded"
WEBHOOK = "/webhooks/sms"
REPORTS = f"{WEBHOOK}/status"
MAX_PARAMETERS = 200
"""C71."""
TWIML = Answer(body=b"<Response/>", content_type="text/xml")
"""Says nothing: our words go by the API, where their fate is known (C72)."""
DEADLINE_S = 10.0
"""For a whole call (C36)."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SmsChannel:
    """Our `account` at Twilio, called at `api_url` ("http://host:port"), which signs for `public_url` (C5).

    `session` is a connection pool to share; without one `open` makes its own. `now` dates messages: Twilio does not.
    """

    deadline_s = DEADLINE_S

    def __init__(
        self,
        account: Account,
        public_url: str,
        api_url: str,
        *,
        session: aiohttp.ClientSession | None = None,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._account, self._public_url, self._api_url = account, public_url, api_url
        self._us = Us(account=account, media_host=urlsplit(api_url).hostname or "")
        self._shared, self._http = session, session
        self._now = now
        self._wire: Wire | None = None

    @property
    def kind(self) -> Kind:
        """The channel's card."""
        return KIND

    async def open(self) -> None:
        """Load the SDK off the loop, and connect."""
        http = self._http = self._shared or aiohttp.ClientSession()
        self._wire = await asyncio.to_thread(Wire, self._account, self._api_url, http, self.deadline_s)

    async def close(self) -> None:
        """Close the connection pool if it is ours."""
        self._wire = None
        if self._http and not self._shared:
            await self._http.close()

    def verify(self, request: Inbound) -> Verified | Refusal:
        """The signature over our own URL and every parameter (C70), then the content type, then our account (C71).

        More parameters than Twilio sends are refused before they cost a signature.
        """
        given = request.header(SIGNATURE_HEADER)
        if not given:
            return Refusal(status=403, reason="no signature")
        try:
            parameters = _parameters(request.body)
        except ValueError:
            return Refusal(status=400, reason="too many parameters")
        if not hmac.compare_digest(given, self._account.signature(self._signed_url(request), parameters)):
            return Refusal(status=403, reason="signature")
        if request.content_type != FORM:
            return Refusal(status=415, reason="content type")
        fields = dict(reversed(parameters))  # of a name that occurs twice, the first counts
        if any(not _utf8(name + value) for name, value in parameters):
            return Refusal(status=400, reason="not UTF-8")
        if fields.get("AccountSid") != self._account.sid:
            return Refusal(status=403, reason="another account")
        if not SID.fullmatch(fields.get("MessageSid", "")):
            return Refusal(status=400, reason="no message id")
        ref = dict(parse_qsl(request.query.decode("latin-1"))).get("ref", "")
        post = Post(fields=fields, received=self._now(), report=request.path == REPORTS, ref=ref)
        return Verified(body=post, urgent=False)

    def parse(self, verified: Verified) -> list[Event]:
        """The event of a request, or none."""
        return events_of(verified.body, self._us) if isinstance(verified.body, Post) else []

    def answer(self, verified: Verified) -> Answer:
        """An empty TwiML document, or 204 for a status report (C72)."""
        return Answer(status=204) if isinstance(verified.body, Post) and verified.body.report else TWIML

    async def acknowledge(self, verified: Verified) -> None:
        """Nothing spins while a text message is read."""

    async def send(self, reply: Reply, resume: Sequence[str]) -> Receipt:
        """Send the next part, options numbered (C28). `resume` are message ids as this method gave them."""
        limits = KIND.limits_at(reply.address.chat)
        text, _ = composed(reply, limits)
        ending = f"{ELLIPSIS}\n{reply.link}" if reply.link else ELLIPSIS
        size = cost if limits.unit == "segments" else None
        left = split(storable(text), limits, size=size, ending=ending)[len(resume) :]
        if not left or not visible(reply.text):
            return Sent(provider_ids=()) if resume else Refused(reason="there is no text to send")  # C24
        if not self._account.may_write_to(reply.address.chat):
            return Refused(reason="policy: the number is of none of our countries (SMS_COUNTRIES)")
        if self._wire is None:
            return Retry(reason="the channel is not open")
        # A row's id is made of ids, words and colons, and those may stand in a query as they are.
        report_to = f"{self._public_url}{REPORTS}?ref={quote(reply.id, safe=':')}"
        receipt = await self._wire.say(reply.address, plainest(left[0]) if size else left[0], report_to)
        return Sent(provider_ids=receipt.provider_ids, complete=not left[1:]) if isinstance(receipt, Sent) else receipt

    async def typing(self, address: Address) -> None:
        """A text message shows none."""

    def _signed_url(self, request: Inbound) -> str:
        query = request.query.decode("latin-1")
        return f"{self._public_url}{request.path}" + (f"?{query}" if query else "")


def _parameters(body: bytes) -> list[tuple[str, str]]:
    """Names and values in their order, blank ones too. Raises ValueError beyond MAX_PARAMETERS."""
    return parse_qsl(
        body.decode("utf-8", "surrogateescape"),
        keep_blank_values=True,
        errors="surrogateescape",
        max_num_fields=MAX_PARAMETERS,
    )


def _utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
