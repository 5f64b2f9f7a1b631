"""What Twilio posts: whose it is, and what it means. Payloads row by row: tests/conformance."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from channels.base import Answer, Inbound, Refusal, Verified
from channels.sms import KIND, SmsChannel
from channels.sms_account import Account
from channels.sms_posts import OPT_BACK_WORDS
from engine.errors import SettingsError
from engine.message import Event, EventKind
from tests.channels.twilio_double import NUMBER, SERVICE, SID, TOKEN

PUBLIC = "https://desk.example"
FORM = "application/x-www-form-urlencoded"
ACCOUNT = Account(sid=SID, token=TOKEN, number=NUMBER)
EXAMPLES = Path(__file__).parents[3] / "shared" / "payloads" / "twilio"
MARA = "+16505551401"


def channel(account: Account = ACCOUNT, public_url: str = PUBLIC) -> SmsChannel:
    now = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
    return SmsChannel(account, public_url, "http://127.0.0.1:1", now=lambda: now)


def form(**more: str) -> dict[str, str]:
    given = {"MessageSid": "SM" + "1" * 32, "AccountSid": SID, "From": MARA, "To": NUMBER, "Body": "Hello", "City": ""}
    return given | more


def posted(body: bytes, signature: str | bytes, *, path: str = "/webhooks/sms", query: bytes = b"") -> Inbound:
    mark = signature.encode() if isinstance(signature, str) else signature
    headers = (("content-type", FORM.encode()), ("x-twilio-signature", mark))
    return Inbound(method="POST", path=path, query=query, headers=headers, body=body)


def signed(fields: dict[str, str], *, path: str = "/webhooks/sms", query: str = "", public: str = PUBLIC) -> Inbound:
    url = f"{public}{path}" + (f"?{query}" if query else "")
    signature = RequestValidator(TOKEN).compute_signature(url, fields)
    return posted(urlencode(fields).encode(), signature, path=path, query=query.encode())


def heard(fields: dict[str, str], *, account: Account = ACCOUNT, query: str = "", report: bool = False) -> list[Event]:
    desk = channel(account)
    verified = desk.verify(signed(fields, path="/webhooks/sms" + "/status" * report, query=query))
    assert isinstance(verified, Verified)
    return desk.parse(verified)


def refused(request: Inbound) -> int:
    refusal = channel().verify(request)
    assert isinstance(refusal, Refusal)
    return refusal.status


@given(fields=st.dictionaries(st.text(min_size=1), st.text(), max_size=8))
def test_C70_our_signature_is_twilios(fields: dict[str, str]) -> None:
    url = f"{PUBLIC}/webhooks/sms?a=1&b="
    assert ACCOUNT.signature(url, fields.items()).decode() == RequestValidator(TOKEN).compute_signature(url, fields)


def test_C70_the_vectors_beside_the_checkout_agree() -> None:
    book = EXAMPLES / "signatures.json"
    given: dict[str, Any] = json.loads(book.read_bytes()) if book.exists() else {"vectors": []}
    account = Account(sid=SID, token=given.get("auth_token", TOKEN), number=NUMBER)
    for vector in given["vectors"]:
        body = (EXAMPLES / vector["file"]).read_bytes()
        path, _, query = vector["path"].partition("?")
        request = posted(body, vector["x-twilio-signature"], path=path, query=query.encode())
        assert isinstance(channel(account, given["public_url"]).verify(request), Verified), vector["file"]


@pytest.mark.parametrize(
    "fields",
    [form(), form(Body=""), form(Body="  untrimmed \n"), form(Body="a+b=c & d%e ~ é 😀"), form(Unheard="of")],
)
def test_C70_every_parameter_counts_as_it_was_posted(fields: dict[str, str]) -> None:
    assert isinstance(channel().verify(signed(fields)), Verified)
    assert refused(posted(urlencode(fields | {"More": ""}).encode(), signature_of(fields))) == 403


def test_C70_a_repeated_name_counts_once_for_each_distinct_value() -> None:
    fields = MultiDict([*form().items(), ("Tag", "b"), ("Tag", "a"), ("Tag", "b")])
    said: str = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}/webhooks/sms", fields)
    assert isinstance(channel().verify(posted(urlencode([*fields.items()]).encode(), said)), Verified)


def test_C70_the_query_is_signed_as_it_came() -> None:
    assert isinstance(channel().verify(signed(form(), query="ref=tw%3A1&b=")), Verified)
    assert refused(posted(urlencode(form()).encode(), signature_of(form()), query=b"a=1")) == 403


def test_C5_a_public_url_may_have_a_path_and_headers_name_no_host() -> None:
    public = "https://desk.example/front"
    request = signed(form(), public=public)
    misled = Inbound(
        method="POST",
        path=request.path,
        query=b"",
        headers=(*request.headers, ("host", b"evil.example"), ("x-forwarded-proto", b"gopher")),
        body=request.body,
    )
    assert isinstance(channel(public_url=public).verify(misled), Verified)
    assert refused(misled) == 403


def test_C70_a_signature_of_one_route_does_not_open_the_other() -> None:
    assert refused(posted(urlencode(form()).encode(), signature_of(form()), path="/webhooks/sms/status")) == 403


@pytest.mark.parametrize("signature", ["", " ", "AAAA", "!!!", b"\xe9\xff"])
def test_C8_anything_else_is_403(signature: str | bytes) -> None:
    assert refused(posted(urlencode(form()).encode(), signature)) == 403


def test_C71_another_account_is_403_also_well_signed() -> None:
    assert refused(signed(form(AccountSid="AC" + "9" * 32))) == 403


def test_C71_beyond_200_parameters_nothing_is_even_signed() -> None:
    many = urlencode(form()).encode() + b"&a=" * 195
    assert refused(posted(many, "wrong")) == 400


@pytest.mark.parametrize("token", ["", "  "])
def test_C9_a_blank_token_stops_the_start(token: str) -> None:
    with pytest.raises(SettingsError, match="TWILIO_AUTH_TOKEN"):
        Account(sid=SID, token=token, number=NUMBER)
    assert TOKEN not in repr(ACCOUNT)


def test_C72_messages_are_answered_with_empty_twiml_and_reports_with_204() -> None:
    desk = channel()
    message, report = (desk.verify(signed(form(), path=f"/webhooks/sms{tail}")) for tail in ("", "/status"))
    assert isinstance(message, Verified) and isinstance(report, Verified)
    assert desk.answer(message) == Answer(body=b"<Response/>", content_type="text/xml")
    assert desk.answer(report) == Answer(status=204)


def test_C73_the_fallback_route_brings_the_same_event() -> None:
    (first,) = heard(form())
    (again,) = heard(form(ErrorCode="11205", ErrorUrl="https://desk.example/webhooks/sms"))
    assert first.id == again.id == "tw:SM" + "1" * 32
    assert again.fields == {"error": "11205"}


def test_C74_the_key_is_our_service_or_number_and_their_whole_address() -> None:
    service = Account(sid=SID, token=TOKEN, service=SERVICE, countries=frozenset({"US"}))
    assert heard(form())[0].conversation == f"sms:{NUMBER}:{MARA}"
    assert heard(form(), account=service)[0].conversation == f"sms:{SERVICE}:{MARA}"
    assert heard(form(From=f"whatsapp:{MARA}"))[0].conversation == f"sms:{NUMBER}:whatsapp:{MARA}"


def test_C74_a_report_is_about_the_conversation_that_was_answered() -> None:
    (message,) = heard(form())
    sent = {"MessageSid": "SM" + "2" * 32, "AccountSid": SID, "From": NUMBER, "To": MARA, "MessageStatus": "sent"}
    (report,) = heard(sent, query="ref=tw%3ASM1%3Areply", report=True)
    assert (report.conversation, report.kind, report.address) == (message.conversation, EventKind.RECEIPT, None)
    assert report.fields == {"part": sent["MessageSid"], "status": "sent", "ref": "tw:SM1:reply"}
    assert report.id == f"tw:{sent['MessageSid']}:sent"


@pytest.mark.parametrize("word", KIND.limits.opt_out_words)
def test_C74_opt_out_words_are_the_whole_body_in_any_case(word: str) -> None:
    assert [event.kind for event in heard(form(Body=f" {word.lower()} \n"))] == [EventKind.OPT_OUT]
    assert [event.kind for event in heard(form(Body=f"{word} please"))] == [EventKind.MESSAGE]
    assert [event.kind for event in heard(form(Body=word, From=f"whatsapp:{MARA}"))] == [EventKind.MESSAGE]


def test_C76_reserved_words_are_all_lists_but_not_yes() -> None:
    limits = KIND.limits
    assert {"STOP", "OPTOUT", "START", "UNSTOP", "HELP", "INFO"} <= {*limits.reserved_words}
    assert not {*OPT_BACK_WORDS} & {*limits.reserved_words}
    assert KIND.limits_at(f"whatsapp:{MARA}").reserved_words == ()
    assert KIND.limits_at(MARA) is limits


def test_C18_messages_are_ordered_by_when_they_came() -> None:
    (event,) = heard(form())
    assert event.order == int(event.at.timestamp() * 1_000_000)


def signature_of(fields: dict[str, str]) -> str:
    """For our inbound route."""
    signature: str = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}/webhooks/sms", fields)
    return signature
