"""What Twilio is asked when we speak, and what each of its answers means."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from msgspec.structs import replace

from channels.sms import KIND, SmsChannel
from channels.sms_account import Account
from channels.sms_segments import segments
from channels.sms_wire import REFUSALS
from engine.message import Address, Option, Reach, Receipt, Refused, Reply, Retry, Scope, Sent, Unknown
from tests.channels.twilio_double import NUMBER, SERVICE, SID, TOKEN, Answer, TwilioDouble, raw, says, twilio_double

pytestmark = pytest.mark.anyio

MARA = Address(channel="sms", account=NUMBER, chat="+16505551401", person="+16505551401")
WHATSAPP = replace(MARA, account="whatsapp:+14155550101", chat="whatsapp:+447700900321")
ACCOUNT = Account(sid=SID, token=TOKEN, number=NUMBER)
ROW = "tw:SM1:reply"


@dataclass(frozen=True, kw_only=True)
class Line:
    channel: SmsChannel
    double: TwilioDouble

    async def send(
        self, text: str = "Hello", address: Address = MARA, *, resume: tuple[str, ...] = (), **more: Any
    ) -> Receipt:
        return await self.channel.send(Reply(id=ROW, address=address, text=text, **more), resume)

    async def send_all(self, text: str, **more: Any) -> list[str]:
        """Send every part, as the outbox does; gives what Twilio got."""
        resume: tuple[str, ...] = ()
        while True:
            receipt = await self.send(text, resume=resume, **more)
            assert isinstance(receipt, Sent)
            resume += receipt.provider_ids
            if receipt.complete:
                return self.double.bodies


@pytest.fixture
def account() -> Account:
    return ACCOUNT


@pytest.fixture
async def line(account: Account, anyio_backend: str) -> AsyncIterator[Line]:
    async with twilio_double() as double:
        channel = SmsChannel(account, "https://desk.example/front", double.url)
        channel.deadline_s = 1.0
        await channel.open()
        yield Line(channel=channel, double=double)
        await channel.close()


def sid(number: int) -> str:
    return f"SM{number:032x}"


def test_C3_importing_the_channel_leaves_twilio_alone() -> None:
    code = "import sys, channels.sms; sys.exit('twilio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_C77_a_message_goes_from_our_number_and_says_where_to_report(line: Line) -> None:
    assert await line.send("Hello <&") == Sent(provider_ids=(sid(1),))
    assert line.double.asked == [
        {
            "To": MARA.chat,
            "From": NUMBER,
            "Body": "Hello <&",
            "StatusCallback": f"https://desk.example/front/webhooks/sms/status?ref={ROW}",
        }
    ]


async def test_C4_regions_in_the_environment_lead_no_call_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    monkeypatch.setenv("TWILIO_REGION", "au1")
    async with twilio_double() as double:
        channel = SmsChannel(ACCOUNT, "https://desk.example", double.url)
        await channel.open()
        assert isinstance(await channel.send(Reply(id=ROW, address=MARA, text="Hello"), ()), Sent)
        await channel.close()


@pytest.mark.parametrize(
    "account", [Account(sid=SID, token=TOKEN, service=SERVICE, countries=frozenset({"US"}))], ids=["service"]
)
async def test_C80_a_messaging_service_sends_where_there_is_one(line: Line) -> None:
    await line.send()
    assert line.double.asked[0]["MessagingServiceSid"] == SERVICE
    assert "From" not in line.double.asked[0]


async def test_C80_whatsapp_is_answered_from_the_whatsapp_number_as_it_is_written(line: Line) -> None:
    text = "“Zürich” – ok…\n" * 60
    await line.send_all(text, address=WHATSAPP)
    assert {message["From"] for message in line.double.asked} == {WHATSAPP.account}
    assert line.double.bodies == [text.strip()]


async def test_C28_options_are_numbered_lines(line: Line) -> None:
    await line.send("Right?", options=(Option(label="Yes", token="a"), Option(label="No", token="b")))
    assert line.double.bodies == ["Right?\n\n1. Yes\n2. No\nReply with the number"]


async def test_C78_a_long_text_comes_in_counted_parts_of_four_segments(line: Line) -> None:
    text = "\n".join(f"Rule {n} says that parcel {n} is ours." for n in range(1, 40))
    parts = await line.send_all(text)
    assert len(parts) > 1
    assert [part.split(" ", 1)[0] for part in parts] == [f"({n}/{len(parts)})" for n in range(1, len(parts) + 1)]
    assert "\n".join(part.split(" ", 1)[1] for part in parts) == text
    assert max(map(segments, parts)) <= 4


async def test_C79_typography_is_plain_where_that_makes_a_part_gsm(line: Line) -> None:
    await line.send("I’m sorry – “never mind”…")
    await line.send("Žižek’s")
    assert line.double.bodies == ['I\'m sorry - "never mind"...', "Žižek’s"]


async def test_C23_beyond_ten_parts_the_text_ends_with_its_link(line: Line) -> None:
    texts = await line.send_all("word " * 3000, link="https://desk.example/x")
    assert len(texts) == KIND.limits.max_parts
    assert texts[-1].endswith("...\nhttps://desk.example/x")


async def test_C22_a_resumed_reply_goes_on_behind_what_was_sent(line: Line) -> None:
    text = "\n\n".join(letter * 500 for letter in "abc")
    first = await line.send(text)
    assert first == Sent(provider_ids=(sid(1),), complete=False)
    assert await line.send(text, resume=(sid(1),)) == Sent(provider_ids=(sid(2),), complete=False)
    assert await line.send(text, resume=(sid(1), sid(2))) == Sent(provider_ids=(sid(3),))
    assert await line.send(text, resume=(sid(1), sid(2), sid(3))) == Sent(provider_ids=())
    assert len(line.double.asked) == 3


@pytest.mark.parametrize("chat", ["+33639981234", "+18765550101", "+447700900123", "+999123456789"])
async def test_C81_a_number_of_another_country_is_refused(line: Line, chat: str) -> None:
    receipt = await line.send(address=replace(MARA, chat=chat))
    assert isinstance(receipt, Refused)
    assert receipt.reason.startswith("policy")
    assert receipt.reach is Reach.OK
    assert line.double.asked == []


@pytest.mark.parametrize(
    "account", [Account(sid=SID, token=TOKEN, number=NUMBER, countries=frozenset({"GB", "JM"}))], ids=["GB,JM"]
)
async def test_C81_the_countries_that_are_named_are_the_only_ones(line: Line) -> None:
    for chat in ("+447700900123", "+18765550101", "whatsapp:+33639981234"):
        assert isinstance(await line.send(address=replace(MARA, chat=chat)), Sent)
    assert isinstance(await line.send(), Refused)


def refused(code: int) -> Refused:
    words, reach = REFUSALS[code]
    return Refused(reason=f"{code}: {words}", reach=reach)


WAIT = Retry(reason="20429", after_s=7, scope=Scope.ACCOUNT)
ROWS: dict[str, tuple[Answer, Receipt]] = {
    "429 names its wait": (says(429, 20429, Retry_After="7"), WAIT),
    "429 names none": (says(429, 20429), replace(WAIT, after_s=30)),
    "429 names a date": (says(429, 20429, Retry_After="Wed, 21 Oct 2026 07:28:00 GMT"), replace(WAIT, after_s=30)),
    "429 of ages": (says(429, 20429, Retry_After="999999999"), replace(WAIT, after_s=3600)),
    "429 without JSON": (raw(429, b"slow down", "text/plain"), Retry(reason="429", after_s=30, scope=Scope.ACCOUNT)),
    "queue full": (says(400, 21611), Retry(reason="21611", after_s=30, scope=Scope.ACCOUNT)),
    "queue overflow": (says(400, 30001), Retry(reason="30001", after_s=30, scope=Scope.ACCOUNT)),
    "401 of another code": (says(401, 20006), Refused(reason="20006: refused", reach=Reach.ACCOUNT)),
    "400 of another code": (says(400, 21604), Refused(reason="21604: refused")),
    "500": (says(500, 20500), Unknown(reason="HTTP 500")),
    "HTML": (raw(502, b"<html>Bad Gateway</html>", "text/html"), Unknown(reason="HTTP 502")),
    "400 HTML": (raw(400, b"<html>", "text/html"), Unknown(reason="HTTP 400")),
    "400 without a code": (raw(400, b'{"message": "no"}'), Unknown(reason="HTTP 400")),
    "400 deep": (raw(400, b"[" * 100_000), Unknown(reason="HTTP 400")),
    "302": (raw(302, b"", Location="http://127.0.0.1:1/"), Unknown(reason="HTTP 302")),
    "201 HTML": (raw(201, b"<html>", "text/html"), Unknown(reason="JSONDecodeError")),
    "201 not UTF-8": (raw(201, b"\xff"), Unknown(reason="UnicodeDecodeError")),
    "201 a list": (raw(201, b"[]"), Unknown(reason="AttributeError")),
    "201 without an id": (raw(201, b"{}"), Unknown(reason="a message without an id")),
}
ROWS.update({str(code): (says(400, code), refused(code)) for code in REFUSALS})


@pytest.mark.parametrize("row", ROWS)
async def test_C33_each_answer_has_its_receipt(line: Line, row: str) -> None:
    answer, receipt = ROWS[row]
    line.double.will(answer)
    assert await line.send() == receipt
    assert len(line.double.asked) == 1, "the outbox is the only retrier (C35)"


def test_C37_the_reach_of_each_refusal_is_the_tables() -> None:
    by_reach = {reach: {code for code, (_, its) in REFUSALS.items() if its is reach} for reach in Reach}
    assert by_reach[Reach.OPTED_OUT] == {21610}
    assert by_reach[Reach.UNREACHABLE] == {21211, 21214, 21614, 21635}
    assert by_reach[Reach.ACCOUNT] == {20003, 20404, 21603, 21606, 21659, 30034}


async def test_C33_a_refused_connection_is_known_not_sent() -> None:
    async with twilio_double() as double:
        channel = SmsChannel(ACCOUNT, "https://desk.example", double.url)
    await channel.open()
    receipt = await channel.send(Reply(id=ROW, address=MARA, text="Hello"), ())
    await channel.close()
    assert receipt == Retry(reason="ClientConnectorError")


@pytest.mark.parametrize("fault", ["hang", "drip", "cut"])
async def test_C36_silence_dripping_and_a_cut_line_end_as_unknown(line: Line, fault: str) -> None:
    line.double.will(getattr(line.double, fault))
    assert isinstance(await line.send(), Unknown)


async def test_C22_a_channel_that_is_not_open_sends_later() -> None:
    channel = SmsChannel(ACCOUNT, "https://desk.example", "http://127.0.0.1:1")
    assert isinstance(await channel.send(Reply(id=ROW, address=MARA, text="Hello"), ()), Retry)


async def test_C16_no_receipt_holds_a_token_or_a_number(line: Line) -> None:
    for answer, _ in ROWS.values():
        line.double.will(answer)
        said = repr(await line.send())
        assert TOKEN not in said
        assert NUMBER not in said
        assert MARA.chat not in said
