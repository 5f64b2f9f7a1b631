"""The Web API that the desk borrows from the channel: in Slack's own forms, and never an exception but one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from channels.slack import SlackChannel, SlackKeys
from engine.errors import DeliveryError
from engine.message import Reach, Receipt, Refused, Retry, Unknown
from handoff.ports import SlackApi
from tests.channels.slack_double import FORMS_ONLY, TEAM, TOKEN, Answer, listening, raw, says
from tests.channels.slack_workspace import SlackWorkspace

pytestmark = pytest.mark.anyio

DESK = "C0DESK001"


@dataclass(frozen=True, kw_only=True)
class Borrowed:
    api: SlackApi
    slack: SlackWorkspace
    channel: SlackChannel

    async def refused(self, url: str) -> DeliveryError:
        """What putting a file there comes to."""
        with pytest.raises(DeliveryError) as raised:
            await self.api.upload(url, b"{}")
        return raised.value


async def opened(url: str, deadline_s: float = 10.0) -> SlackChannel:
    channel = SlackChannel(SlackKeys(token=TOKEN, api_url=url))
    channel.deadline_s = deadline_s
    await channel.open()
    return channel


@pytest.fixture
async def borrowed(anyio_backend: str) -> AsyncIterator[Borrowed]:
    async with listening(SlackWorkspace(DESK)) as slack:
        slack.hires("U1")
        channel = await opened(slack.url)
        yield Borrowed(api=channel.api, slack=slack, channel=channel)
        await channel.close()


async def test_the_team_is_known_once_slack_has_told_it(borrowed: Borrowed) -> None:
    assert SlackChannel(SlackKeys(token=TOKEN)).api.team == ""
    assert borrowed.api.team == TEAM


@pytest.mark.parametrize("closed", ["before", "after"])
async def test_a_channel_that_is_not_open_is_called_later(borrowed: Borrowed, closed: str) -> None:
    channel = SlackChannel(SlackKeys(token=TOKEN)) if closed == "before" else borrowed.channel
    await channel.close()
    with pytest.raises(DeliveryError) as raised:
        await channel.api.call("auth.test", {})
    assert raised.value.receipt == Retry(reason="the channel is not open")
    with pytest.raises(DeliveryError):
        await channel.api.upload("https://files.slack.com/x", b"")


async def test_H63_methods_that_read_get_a_form_and_those_that_write_get_json(borrowed: Borrowed) -> None:
    answer = await borrowed.api.call("users.info", {"user": "U1", "include_locale": True, "limit": 3})
    assert answer["user"]["id"] == "U1"
    assert borrowed.slack.asked("users.info") == [{"user": "U1", "include_locale": "true", "limit": "3"}]
    await borrowed.api.call("chat.postMessage", {"channel": DESK, "text": "hi", "unfurl_links": False})
    assert borrowed.slack.asked("chat.postMessage") == [{"channel": DESK, "text": "hi", "unfurl_links": False}]


@pytest.mark.parametrize("method", sorted(FORMS_ONLY))
async def test_H63_none_of_them_is_sent_json(borrowed: Borrowed, method: str) -> None:
    borrowed.slack.will(method, says("seen"))
    with pytest.raises(DeliveryError) as raised:
        await borrowed.api.call(method, {"files": [{"id": "F1"}]})
    assert raised.value.code == "seen"
    assert borrowed.slack.asked(method) == [{"files": '[{"id":"F1"}]'}]


async def test_C33_an_error_carries_its_receipt_and_slacks_word(borrowed: Borrowed) -> None:
    rows: dict[str, Receipt] = {
        "ratelimited": Retry(reason="ratelimited", after_s=30),
        "invalid_auth": Refused(reason="invalid_auth", reach=Reach.ACCOUNT),
        "trigger_expired": Refused(reason="trigger_expired"),
        "fatal_error": Unknown(reason="fatal_error"),
    }
    for word, receipt in rows.items():
        borrowed.slack.will("views.open", says(word))
        with pytest.raises(DeliveryError) as raised:
            await borrowed.api.call("views.open", {})
        assert raised.value.receipt == receipt
        assert raised.value.code in (word, "")


async def test_H55_a_file_goes_up_as_it_is_and_without_our_token(borrowed: Borrowed) -> None:
    given = await borrowed.api.call("files.getUploadURLExternal", {"filename": "a.json", "length": 5})
    await borrowed.api.upload(given["upload_url"], b"\x00\xff{}!")
    files = [{"id": given["file_id"], "title": "a.json"}]
    await borrowed.api.call("files.completeUploadExternal", {"files": files, "channel_id": DESK})
    assert borrowed.slack.files == {"a.json": b"\x00\xff{}!"}
    (headers,) = borrowed.slack.uploads
    assert headers["Content-Type"] == "application/octet-stream"
    assert TOKEN not in str(headers)


@pytest.mark.parametrize(
    ("answer", "receipt"),
    [
        (raw(429, b"", Retry_After="9"), Retry(reason="ratelimited", after_s=9)),
        (raw(503, b"<html>"), Unknown(reason="HTTP 503")),
        (raw(404, b""), Refused(reason="HTTP 404")),
        (raw(302, b"", Location="https://elsewhere.example/"), Refused(reason="HTTP 302")),
    ],
)
async def test_C33_an_upload_that_fails_has_a_receipt(borrowed: Borrowed, answer: Answer, receipt: Receipt) -> None:
    borrowed.slack.will("upload", answer)
    error = await borrowed.refused(borrowed.slack.url.replace("/api/", "/upload/F1"))
    assert error.receipt == receipt


@pytest.mark.parametrize(
    "url", ["http://files.example/upload/F1", "ftp://127.0.0.1/F1", "//x", "", "http://127.0.0.1:1/F1"]
)
async def test_C21_a_file_is_put_nowhere_but_by_https_or_at_the_configured_api(borrowed: Borrowed, url: str) -> None:
    error = await borrowed.refused(url)
    assert isinstance(error.receipt, Refused)
    assert not url or url not in str(error)


async def test_C36_an_upload_that_hangs_ends_as_unknown() -> None:
    async with listening(SlackWorkspace(DESK)) as slack:
        channel = await opened(slack.url, 0.3)
        slack.will("upload", slack.hang)
        with pytest.raises(DeliveryError) as raised:
            await channel.api.upload(slack.url.replace("/api/", "/upload/F1"), b"{}")
        await channel.close()
    assert raised.value.receipt == Unknown(reason="TimeoutError")
