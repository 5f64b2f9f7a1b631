"""What a log line and a metric may hold, whoever writes them."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog

from engine.errors import StoreAway
from gateway.masks import MAX_CHARS, Mask, pseudonym
from gateway.metrics import Metrics
from gateway.settings import Settings
from gateway.telemetry import SILENT, start_logs, unhandled

TOKEN = "990000000700:canary-of-a-bot-token"
SECRET = "canary-of-a-webhook-secret"
REDIS = "redis://:canary-pass@127.0.0.1:6379/0"
FLOW = "canary/of a flow+key"
ENVIRON = {
    "FRONTDESK_ENV": "production",
    "PUBLIC_URL": "https://desk.example",
    "TELEGRAM_BOT_TOKEN": TOKEN,
    "TELEGRAM_WEBHOOK_SECRET": SECRET,
    "REDIS_URL": REDIS,
    "SHOP_API_KEY": FLOW,
}
CANARIES = (TOKEN, SECRET, REDIS, FLOW)


@dataclass
class Paper:
    """Where the logs go, and how to read them."""

    out: io.StringIO
    log: Any

    @property
    def text(self) -> str:
        return self.out.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def paper() -> Paper:
    out = io.StringIO()
    start_logs(Settings.load(ENVIRON), key=b"k" * 32, out=out)
    return Paper(out=out, log=structlog.get_logger("test"))


@pytest.mark.parametrize("canary", CANARIES)
def test_F34_no_configured_secret_comes_through_in_any_place(paper: Paper, canary: str) -> None:
    paper.log.info(f"says {canary}", value=f"https://api.example/bot{canary}/getMe", listed=[canary], person=canary)
    try:
        raise StoreAway(f"no answer from {canary}")
    except StoreAway:
        paper.log.exception("away")
    logging.getLogger("anything").error("foreign %s", canary)
    logging.getLogger("anything").error(canary)
    assert "canary" not in paper.text
    assert len(paper.lines) == 4


def test_F34_a_secret_is_masked_as_it_stands_in_an_address_too(paper: Paper) -> None:
    paper.log.info("asked", url="https://shop.example/?key=canary%2Fof%20a%20flow%2Bkey")
    assert paper.lines[0]["url"] == "https://shop.example/?key=***"


@pytest.mark.parametrize(
    "text",
    [
        "https://api.telegram.org/bot123456789:AAF-abcdefghijklmnopqrstuvwxyz012345/sendMessage",
        "xoxb-1234567890-canary",
        "Authorization: Bearer abcdefgh1234",
        "postgresql://desk:canary@db.example/desk",
        "5f2b" * 12 + "x",
        "write to anna.canary@mail.example please",
        "call +1 415 555 01 00",
    ],
)
def test_X60_what_looks_like_a_token_or_an_address_is_masked_without_being_known(text: str) -> None:
    masked = Mask(())(text)
    assert "***" in masked
    for piece in ("canary", "abcdefgh", "5f2b", "0100", "01 00"):
        assert piece not in masked


@pytest.mark.parametrize(
    "text",
    ["ORD-12345", "2026-03-01T09:00:00+00:00", "channels/telegram.py:120 parse", "tg:990000000700:810000001", "R19"],
)
def test_X60_order_numbers_dates_places_and_ids_stay(text: str) -> None:
    assert Mask(())(text) == text


def test_a_secret_inside_a_longer_one_leaves_no_end_behind() -> None:
    assert Mask(["canary", "canary-and-more"])("a canary-and-more b canary") == "a *** b ***"


def test_C16_a_line_is_one_line_and_not_a_payload(paper: Paper) -> None:
    paper.log.info("odd", text="a\nb\x1b[31m\ud800", long="x " * MAX_CHARS)
    (line,) = paper.lines
    assert line["text"] == "a\\nb\\x1b[31m\\ud800"
    assert len(line["long"]) == MAX_CHARS + 1
    assert paper.text.count("\n") == 1


def test_C16_objects_are_named_by_their_type_alone(paper: Paper) -> None:
    @dataclass
    class Event:
        text: str

    paper.log.info(
        "took",
        event_taken=Event("words of a customer"),
        fields={"text": "words of a customer"},
        at=datetime(2026, 3, 1, tzinfo=UTC),
        n=3,
    )
    (line,) = paper.lines
    assert (line["event_taken"], line["fields"]) == ("<Event>", "<dict>")
    assert (line["at"], line["n"]) == ("2026-03-01T00:00:00+00:00", 3)


def test_C16_a_trace_names_types_and_places_but_not_the_words_of_a_foreign_error(paper: Paper) -> None:
    try:
        try:
            int("words of a customer")
        except ValueError as error:
            raise RuntimeError("more words of a customer") from error
    except RuntimeError:
        paper.log.exception("a turn failed")
    (line,) = paper.lines
    assert "words" not in paper.text
    assert line["error"] == "RuntimeError"
    assert "ValueError" in line["trace"]
    assert any("test_telemetry.py" in place for place in line["trace"])


def test_our_own_errors_say_their_sentence(paper: Paper) -> None:
    paper.log.warning("later", exc_info=StoreAway("the disk is full; make room"))
    assert paper.lines[0]["because"] == "the disk is full; make room"


def test_X61_people_are_named_by_a_keyed_hash(paper: Paper) -> None:
    paper.log.info("one", conversation="sms:+14155550100")
    paper.log.info("two", conversation="sms:+14155550100", person=None)
    one, two = paper.lines
    assert one["conversation"] == two["conversation"] == pseudonym(b"k" * 32, "sms:+14155550100")
    assert pseudonym(b"other", "sms:+14155550100") != one["conversation"]
    assert two["person"] is None


def test_X60_libraries_that_log_addresses_are_silent_and_the_others_keep_their_arguments_back(paper: Paper) -> None:
    for name in SILENT:
        logging.getLogger(name).critical("POST /bot1/x")
        logging.getLogger(f"{name}.client").critical("POST /bot1/x")
    logging.getLogger("uvicorn.error").setLevel(logging.NOTSET)  # a server in another test may have set it
    logging.getLogger("uvicorn.error").warning("Invalid request from %s", "words of a customer")
    logging.getLogger("anything").info("chatter")
    (line,) = paper.lines
    assert (line["event"], line["library"], line["level"]) == ("Invalid request from %s", "uvicorn.error", "warning")


def test_what_nobody_caught_is_told_by_type_and_place(paper: Paper) -> None:
    async def fails() -> None:
        raise RuntimeError("words of a customer")

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(unhandled)
        task = asyncio.create_task(fails())
        await asyncio.wait({task})
        del task

    asyncio.run(main())
    assert paper.lines[0]["error"] == "RuntimeError"
    assert "words" not in paper.text


def test_F35_a_log_target_that_is_gone_costs_the_line_only() -> None:
    class Full(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(28, "No space left on device")

    start_logs(Settings.load(ENVIRON), out=Full())
    structlog.get_logger().error("nobody hears this")
    closed = io.StringIO()
    closed.close()
    start_logs(Settings.load(ENVIRON), out=closed)
    structlog.get_logger().error("nor this")


def test_lines_for_people_hide_the_same() -> None:
    out = io.StringIO()
    start_logs(Settings.load({**ENVIRON, "FRONTDESK_LOG_FORMAT": "console"}), out=out)
    structlog.get_logger().info(f"says {TOKEN}", exc_info=StoreAway(SECRET))
    structlog.get_logger().debug("below the level")
    assert "canary" not in out.getvalue()
    assert "below" not in out.getvalue()


def test_X16_labels_are_closed_sets() -> None:
    metrics = Metrics()
    metrics.webhook(200, 0.001)
    metrics.webhook(418, 0.001)
    metrics.event("message", "taken")
    metrics.event("words of a customer", "duplicate")
    metrics.turn("committed", 0.01)
    metrics.turn("raised", 0.0)
    metrics.sent("sent")
    metrics.unknown()
    metrics.repeated()
    metrics.action("refund_done_for_ORD_12345")
    metrics.quarantined()
    text = metrics.render().decode()
    for line in (
        'frontdesk_webhooks_total{status="200"} 1.0',
        'frontdesk_webhooks_total{status="other"} 1.0',
        'frontdesk_events_total{kind="message",outcome="taken"} 1.0',
        'frontdesk_events_total{kind="other",outcome="duplicate"} 1.0',
        'frontdesk_turns_total{outcome="raised"} 1.0',
        "frontdesk_turn_seconds_count 1.0",
        'frontdesk_sends_total{outcome="sent"} 1.0',
        'frontdesk_sends_total{outcome="unknown"} 1.0',
        "frontdesk_sends_unknown_total 1.0",
        "frontdesk_sends_repeated_total 1.0",
        'frontdesk_actions_total{outcome="other"} 1.0',
        "frontdesk_quarantined_total 1.0",
    ):
        assert line in text.splitlines()
    assert "ORD" not in text
    assert "python_info" not in text


def test_two_desks_in_one_process_count_for_themselves() -> None:
    first, second = Metrics(), Metrics()
    first.quarantined()
    assert "frontdesk_quarantined_total 0.0" in second.render().decode().splitlines()
