"""Tickets by webhook: how they are signed, and what becomes of them for each answer (H141, H142, X42, X44)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from msgspec.structs import replace
from standardwebhooks import Webhook, WebhookVerificationError

from engine.message import USER_AGENT, Receipt, Refused, Retry, Sent
from handoff.document import Summary
from handoff.fitting import TICKET_BYTES
from handoff.moves import TicketWork
from handoff.posts import TicketCall
from handoff.signing import signing_keys
from handoff.summary import build_summary
from handoff.ticket import ticket_of
from handoff.tickets import MAX_ANSWER_BYTES, RETRY_AFTER_S, WebhookTickets
from tests.gateway.backend_double import Answering, Asked, BackendDouble, HangUp, Say, Silence, Trickle, backend
from tests.handoff.random_cases import facts_of

pytestmark = pytest.mark.anyio

NEW, OLD = (b"the new key, of 24 bytes", b"the old key of the desk, a little longer")
SECRETS = ["whsec_" + base64.b64encode(key).decode() for key in (NEW, OLD)]
TICKET = TicketCall(
    id="ho_01JQ0000000000000000000000:create:1",
    case="ho_01JQ0000000000000000000000",
    conversation="sms:1",
    body='{"type":"handoff.created","data":{"note":"Grüße 👋"}}',
)


@dataclass
class HandClock:
    """Stands still until it is set."""

    at: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@dataclass
class Desk:
    """A ticket system on loopback, and what sends to it."""

    there: BackendDouble
    tickets: WebhookTickets
    clock: HandClock = field(default_factory=HandClock)

    async def answers(self, answer: Answering, *, tries: int = 0) -> Receipt:
        """What a ticket comes to when it gets this answer."""
        self.there.script.append(answer)
        return await self.tickets.send(TICKET, tries)


@asynccontextmanager
async def desk(secret: str = SECRETS[0], *, deadline_s: float = 5.0) -> AsyncIterator[Desk]:
    clock = HandClock()
    async with backend() as there, aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        url = f"{there.url}/hooks/desk/?team=a%2Fb"
        keys = signing_keys(secret)
        yield Desk(there, WebhookTickets(url, keys, session=session, now=clock.now, deadline_s=deadline_s), clock)


@pytest.fixture
async def tickets() -> AsyncIterator[Desk]:
    async with desk() as opened:
        yield opened


def said(asked: Asked, name: str) -> str:
    """A header that is there once."""
    [value] = asked.header(name)
    return value


def genuine(asked: Asked, key: bytes) -> bool:
    """What a receiver does that has read the specification, and nothing of ours."""
    signed = f"{said(asked, 'webhook-id')}.{said(asked, 'webhook-timestamp')}.".encode() + asked.body
    right = hmac.new(key, signed, hashlib.sha256).digest()
    given = [one.split(",", 1) for one in said(asked, "webhook-signature").split(" ")]
    return any(version == "v1" and base64.b64decode(text) == right for version, text in given)


async def test_H141_a_ticket_arrives_signed_and_whole(tickets: Desk) -> None:
    assert await tickets.answers(Say(status=202)) == Sent(provider_ids=())
    [asked] = tickets.there.asked
    assert (asked.method, asked.target) == ("POST", "/hooks/desk/?team=a%2Fb")
    assert asked.body == TICKET.body.encode()
    assert said(asked, "content-type") == "application/json"
    assert said(asked, "webhook-id") == TICKET.id
    assert said(asked, "webhook-timestamp") == str(int(tickets.clock.at.timestamp()))
    assert genuine(asked, NEW)
    assert not genuine(asked, OLD)


async def test_H141_while_the_secret_is_rotated_either_one_verifies() -> None:
    for between in (",", " ", ", "):
        async with desk(between.join(SECRETS)) as tickets:
            await tickets.answers(Say())
            [asked] = tickets.there.asked
            assert genuine(asked, NEW)
            assert genuine(asked, OLD)
            assert not genuine(asked, b"a key that is not ours......")


async def test_H141_the_package_standardwebhooks_accepts_what_we_send() -> None:
    async with desk(", ".join(SECRETS)) as tickets:
        tickets.clock.at = datetime.now(UTC)
        await tickets.answers(Say())
        [asked] = tickets.there.asked
        for secret in SECRETS:
            assert Webhook(secret).verify(asked.body, dict(asked.headers)) == json.loads(TICKET.body)
        with pytest.raises(WebhookVerificationError):
            Webhook(SECRETS[0]).verify(asked.body + b" ", dict(asked.headers))


async def test_H142_every_try_has_the_same_id_and_a_signature_of_its_own(tickets: Desk) -> None:
    for tries in range(3):
        tickets.clock.at += timedelta(hours=tries)
        await tickets.answers(Say(status=503), tries=tries)
    assert {said(asked, "webhook-id") for asked in tickets.there.asked} == {TICKET.id}
    assert {asked.body for asked in tickets.there.asked} == {TICKET.body.encode()}
    assert len({said(asked, "webhook-signature") for asked in tickets.there.asked}) == 3
    assert all(genuine(asked, NEW) for asked in tickets.there.asked)


@pytest.fixture
def long_talk() -> Summary:
    """Of a case with far more than 20 KB of messages."""
    facts = facts_of(1)
    base = facts.transcript[0]
    said = (replace(base, turn=n, at=base.at + timedelta(seconds=n), text=f"{n} " + "é" * 900) for n in range(30))
    return build_summary(replace(facts, transcript=tuple(said))).summary


async def test_H141_a_long_ticket_arrives_with_its_oldest_messages_left_out(tickets: Desk, long_talk: Summary) -> None:
    made = ticket_of(long_talk, TicketWork.CREATE, version=1, now=tickets.clock.at)
    row = TicketCall(id=made.key, case=long_talk.handoff_id, conversation="sms:1", body=made.body.decode())
    assert isinstance(await tickets.tickets.send(row, 0), Sent)
    [asked] = tickets.there.asked
    assert len(asked.body) <= TICKET_BYTES
    assert genuine(asked, NEW)
    assert asked.json["data"]["messages"][-1]["text"] == long_talk.messages[-1].text
    assert 0 < len(asked.json["data"]["messages"]) < len(long_talk.messages)


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        ({"id": 4711}, ("4711",)),
        ({"id": "DESK-12"}, ("DESK-12",)),
        ({"id": 1, "url": "https://tickets.example/1?tab=all"}, ("https://tickets.example/1?tab=all",)),
        ({"id": "DESK-12", "url": "javascript:alert(1)"}, ("DESK-12",)),
        ({"id": "DESK-12", "url": "https://evil.example/|<!channel>"}, ("DESK-12",)),
        ({"id": "see\u202e here", "url": 7}, ()),
        ({"id": "x" * 101}, ()),
        ({"id": True}, ()),
        ({"ticket": {"id": 1}}, ()),
        ([{"id": 1}], ()),
        (None, ()),
    ],
)
async def test_H142_a_ticket_is_known_by_what_the_answer_calls_it(
    tickets: Desk, answer: object, names: tuple[str, ...]
) -> None:
    assert await tickets.answers(Say.json(answer, 201)) == Sent(provider_ids=names)


@pytest.mark.parametrize("body", [b"", b"ok", b'{"id": 1', b"\xff\xfe", b"[" * 60_000, b'{"id": ' + b"9" * 5000 + b"}"])
async def test_H142_an_answer_that_cannot_be_read_is_done_all_the_same(tickets: Desk, body: bytes) -> None:
    assert await tickets.answers(Say(body=body)) == Sent(provider_ids=())


async def test_X44_no_more_than_64_KB_of_an_answer_are_read(tickets: Desk) -> None:
    largest = b'{"id": 1}'.ljust(MAX_ANSWER_BYTES)
    assert await tickets.answers(Say(body=largest)) == Sent(provider_ids=("1",))
    assert await tickets.answers(Say(body=largest + b" ")) == Sent(provider_ids=())
    assert await tickets.answers(Trickle(status=200)) == Sent(provider_ids=())
    assert tickets.there.trickled < 1000, "an answer without end was read on and on"


async def test_H142_what_was_taken_stays_taken_when_the_rest_of_the_answer_never_comes() -> None:
    async with desk(deadline_s=0.3) as tickets:
        assert await tickets.answers(Trickle(status=200, pause_s=0.05)) == Sent(provider_ids=())


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
async def test_H142_a_system_that_is_busy_or_broken_is_tried_again(tickets: Desk, status: int) -> None:
    assert await tickets.answers(Say(status=status)) == Retry(reason=f"HTTP {status}", after_s=5.0)


async def test_H142_a_lost_connection_is_tried_again(tickets: Desk) -> None:
    lost = await tickets.answers(HangUp())
    assert isinstance(lost, Retry)
    assert lost.after_s == 5.0


async def test_C36_a_system_that_never_answers_is_left_and_tried_again() -> None:
    async with desk(deadline_s=0.2) as tickets:
        assert await tickets.answers(Silence()) == Retry(reason="TimeoutError", after_s=5.0)


async def test_H142_where_nobody_listens_is_tried_again_and_the_address_stays_out_of_it() -> None:
    async with backend() as gone, aiohttp.ClientSession() as session:
        url = f"{gone.url}/a-secret-path"
    async with aiohttp.ClientSession() as session:
        tickets = WebhookTickets(url, [NEW], session=session, now=HandClock().now)
        assert await tickets.send(TICKET, 0) == Retry(reason="ClientConnectorError", after_s=5.0)


async def test_H142_the_waits_grow_to_a_day_and_then_it_is_over(tickets: Desk) -> None:
    waits = [await tickets.answers(Say(status=500), tries=tries) for tries in range(len(RETRY_AFTER_S))]
    hour = 3600.0
    assert [wait.after_s for wait in waits if isinstance(wait, Retry)] == [
        5.0, 300.0, 0.5 * hour, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour,
    ]  # fmt: skip
    over = await tickets.answers(Say(status=500), tries=len(RETRY_AFTER_S))
    assert over == Refused(reason="given up after 10 tries: HTTP 500")


@pytest.mark.parametrize(
    ("named", "after_s"),
    [
        ("1", 5.0),
        ("120", 120.0),
        ("999999999", 86_400.0),
        ("Sun, 01 Mar 2026 12:10:00 GMT", 600.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 5.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400.0),
        ("-1", 5.0),
        ("soon", 5.0),
        ("Sun, 99 Mar 2026 12:10:00 GMT", 5.0),
    ],
)
async def test_H142_a_longer_wait_that_the_system_names_is_kept(tickets: Desk, named: str, after_s: float) -> None:
    for status in (429, 503):
        answer = Say(status=status, headers={"Retry-After": named})
        assert await tickets.answers(answer) == Retry(reason=f"HTTP {status}", after_s=after_s)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422])
async def test_H142_any_other_4xx_is_the_end_of_it(tickets: Desk, status: int) -> None:
    assert await tickets.answers(Say(status=status)) == Refused(reason=f"HTTP {status}")


async def test_H142_a_system_that_is_gone_says_so_in_the_reason(tickets: Desk) -> None:
    gone = await tickets.answers(Say(status=410))
    assert isinstance(gone, Refused)
    assert gone.reason.startswith("gone")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_X43_a_redirect_is_a_failure_and_nobody_follows_it(tickets: Desk, status: int) -> None:
    away = Say(status=status, headers={"Location": f"{tickets.there.url}/elsewhere"})
    assert await tickets.answers(away) == Refused(reason=f"HTTP {status}: redirects are not followed")
    assert len(tickets.there.asked) == 1


async def test_X44_we_say_who_we_are_and_keep_no_cookie(tickets: Desk) -> None:
    for _ in range(2):
        await tickets.answers(Say(cookie="session=1"))
    for asked in tickets.there.asked:
        assert said(asked, "user-agent") == USER_AGENT
        assert not asked.header("cookie")
