"""`frontdesk webhooks` against providers on loopback: what it registers, shows and deletes, and how it fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from typer.testing import CliRunner, Result

from channels.telegram_updates import ALLOWED_UPDATES
from gateway.cli.main import app
from tests.channels.slack_double import APP_TOKEN
from tests.channels.slack_double import TOKEN as SLACK_TOKEN
from tests.channels.telegram_double import TOKEN as TELEGRAM_TOKEN
from tests.channels.telegram_double import TelegramDouble, says, telegram_double
from tests.channels.twilio_double import NUMBER, SERVICE, SID
from tests.channels.twilio_double import TOKEN as TWILIO_TOKEN
from tests.channels.twilio_office import TwilioOffice, twilio_office
from tests.gateway.test_cli import frontdesk

pytestmark = pytest.mark.anyio

HERE = "https://desk.example/front"
SECRET = "webhook-secret-of-the-tests"
RETRIES = "#rc=5&rp=5xx,ct,rt&ct=2000&rt=4000"


@pytest.fixture
async def telegram(anyio_backend: str) -> AsyncIterator[TelegramDouble]:
    async with telegram_double() as found:
        yield found


@pytest.fixture
async def office(anyio_backend: str) -> AsyncIterator[TwilioOffice]:
    async with twilio_office() as found:
        yield found


def bot(double: TelegramDouble) -> dict[str, str]:
    """What switches Telegram on, by webhook."""
    return {
        "PUBLIC_URL": HERE,
        "TELEGRAM_BOT_TOKEN": TELEGRAM_TOKEN,
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "TELEGRAM_API_URL": double.url,
    }


def sms(office: TwilioOffice, **more: str) -> dict[str, str]:
    """What switches SMS on."""
    return {
        "PUBLIC_URL": HERE,
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": TWILIO_TOKEN,
        "TWILIO_PHONE_NUMBER": NUMBER,
        "TWILIO_API_URL": office.url,
        **more,
    }


async def webhooks(step: str, **environ: str) -> Result:
    """The command in a thread of its own, while the doubles answer here."""
    return await asyncio.to_thread(CliRunner().invoke, app, ["webhooks", step], env=environ)


async def test_C45_set_registers_our_address_the_secret_and_exactly_what_we_read(telegram: TelegramDouble) -> None:
    done = await webhooks("set", **bot(telegram))
    assert (done.exit_code, done.stderr) == (0, "")
    assert telegram.asked("setWebhook") == [
        {
            "url": f"{HERE}/webhooks/telegram",
            "secret_token": SECRET,
            "allowed_updates": list(ALLOWED_UPDATES),
            "max_connections": 40,
        }
    ]
    assert f"Telegram delivers to {HERE}/webhooks/telegram; 0 updates wait" in done.stdout
    assert TELEGRAM_TOKEN not in done.stdout
    assert SECRET not in done.stdout


async def test_show_tells_where_a_bot_delivers_and_fails_where_that_is_not_here(telegram: TelegramDouble) -> None:
    nowhere = await webhooks("show", **bot(telegram))
    assert nowhere.exit_code == 1
    assert "Telegram delivers nowhere" in nowhere.stdout
    telegram.webhook = {"url": f"https://old.example/bot{TELEGRAM_TOKEN}", "allowed_updates": []}
    elsewhere = await webhooks("show", **bot(telegram))
    assert elsewhere.exit_code == 1
    assert "run `frontdesk webhooks set`" in elsewhere.stdout
    assert "https://old.example/bot***" in elsewhere.stdout, "our token in another's address is a token all the same"


async def test_delete_keeps_what_waits_and_tells_where_the_bot_delivered(telegram: TelegramDouble) -> None:
    await webhooks("set", **bot(telegram))
    done = await webhooks("delete", **bot(telegram))
    assert (done.exit_code, telegram.webhook) == (0, {})
    assert telegram.asked("deleteWebhook") == [{}], "drop_pending_updates is never asked for"
    assert f"delivered to {HERE}/webhooks/telegram; now it delivers nowhere" in done.stdout


async def test_a_bot_that_polls_has_nothing_to_register(telegram: TelegramDouble) -> None:
    environ = {"TELEGRAM_BOT_TOKEN": TELEGRAM_TOKEN, "TELEGRAM_API_URL": telegram.url}
    done = await webhooks("set", **environ)
    assert (done.exit_code, telegram.calls) == (0, [])
    assert "nothing is registered, as the bot polls" in done.stdout


async def test_a_wrong_token_is_told_with_its_remedy_and_exit_code_1(telegram: TelegramDouble) -> None:
    telegram.will("setWebhook", says(401, "Unauthorized"))
    done = await webhooks("set", **bot(telegram))
    assert done.exit_code == 1
    assert "Telegram refuses our token: Unauthorized" in done.stdout
    assert "copy the token anew from @BotFather" in done.stdout
    assert TELEGRAM_TOKEN not in done.stdout + done.stderr


async def test_an_address_telegram_does_not_take_is_told_in_its_words(telegram: TelegramDouble) -> None:
    telegram.will("setWebhook", says(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"))
    done = await webhooks("set", **bot(telegram))
    assert done.exit_code == 1
    assert "An HTTPS URL must be provided" in done.stdout
    assert "mend PUBLIC_URL" in done.stdout


async def test_C16_a_provider_that_is_away_is_told_without_the_address_that_holds_the_token() -> None:
    environ = {"TELEGRAM_BOT_TOKEN": TELEGRAM_TOKEN, "TELEGRAM_API_URL": "http://127.0.0.1:1"}
    done = await webhooks("show", **environ)
    assert done.exit_code == 1
    assert "Telegram does not answer: the connection was refused" in done.stdout
    assert "127.0.0.1" not in done.stdout + done.stderr


async def test_F11_a_number_gets_our_address_with_retries_first_and_second(office: TwilioOffice) -> None:
    done = await webhooks("set", **sms(office))
    assert (done.exit_code, done.stderr) == (0, "")
    address = f"{HERE}/webhooks/sms{RETRIES}"
    assert office.changes == [
        {
            "SmsUrl": address,
            "SmsMethod": "POST",
            "SmsFallbackUrl": address,
            "SmsFallbackMethod": "POST",
            "SmsApplicationSid": "",
        }
    ]
    assert f"{NUMBER}: its messages go to {HERE}/webhooks/sms, and are tried again" in done.stdout
    assert TWILIO_TOKEN not in done.stdout


async def test_a_messaging_service_gets_it_too_and_no_longer_leaves_it_to_its_numbers(office: TwilioOffice) -> None:
    office.service["use_inbound_webhook_on_number"] = True
    environ = sms(office, TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    before = await webhooks("show", **environ)
    assert before.exit_code == 1
    assert f"{SERVICE}: it leaves to each of its numbers where messages go" in before.stdout
    done = await webhooks("set", **environ)
    assert done.exit_code == 0
    assert office.service["inbound_request_url"] == f"{HERE}/webhooks/sms{RETRIES}"
    assert office.service["use_inbound_webhook_on_number"] is False
    assert len(office.changes) == 2, "the number is set as well: it may not be one of the service's"


@pytest.mark.parametrize("options", ["", "#rc=5", "#rc=5&rp=ct,rt"])
async def test_F11_an_address_without_retries_is_a_warning(options: str, office: TwilioOffice) -> None:
    assert office.number
    office.number["sms_url"] = f"{HERE}/webhooks/sms{options}"
    done = await webhooks("show", **sms(office))
    assert done.exit_code == 0
    assert "warning" in done.stdout
    assert "is lost, for Twilio does not try again" in done.stdout


async def test_a_number_that_an_application_answers_for_is_freed_by_set(office: TwilioOffice) -> None:
    assert office.number
    office.number |= {"sms_url": f"{HERE}/webhooks/sms{RETRIES}", "sms_application_sid": "AP" + "0" * 32}
    before = await webhooks("show", **sms(office))
    assert before.exit_code == 1
    assert "an application of the account decides" in before.stdout
    assert (await webhooks("set", **sms(office))).exit_code == 0
    assert office.number["sms_application_sid"] == ""


async def test_delete_has_a_number_deliver_nowhere(office: TwilioOffice) -> None:
    await webhooks("set", **sms(office))
    done = await webhooks("delete", **sms(office))
    assert done.exit_code == 0
    assert office.changes[-1] == {"SmsUrl": "", "SmsFallbackUrl": ""}
    assert f"its messages went to {HERE}/webhooks/sms{RETRIES}; now they go nowhere" in done.stdout


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"TWILIO_PHONE_NUMBER": "+14155550199"}, "+14155550199 is none of this account's numbers"),
        ({"TWILIO_AUTH_TOKEN": "another-token-than-theirs"}, "Twilio refuses our account or its token (error 20003)"),
        ({"TWILIO_MESSAGING_SERVICE_SID": "MG" + "1" * 32}, "Twilio knows nothing of the kind in our account"),
    ],
)
async def test_what_twilio_does_not_know_is_told_and_changes_nothing_of_it(
    wrong: dict[str, str], said: str, office: TwilioOffice
) -> None:
    done = await webhooks("set", **{**sms(office), **wrong})
    assert done.exit_code == 1
    assert said in done.stdout
    assert "another-token" not in done.stdout + done.stderr


async def test_one_provider_that_fails_keeps_no_other_from_its_address(
    telegram: TelegramDouble, office: TwilioOffice
) -> None:
    telegram.will("setWebhook", says(401, "Unauthorized"))
    done = await webhooks("set", **(bot(telegram) | sms(office)))
    assert done.exit_code == 1
    assert office.changes
    assert [line.split()[0] for line in done.stdout.splitlines() if line.startswith(("telegram", "sms"))] == [
        "telegram",
        "sms",
    ]


async def test_slack_is_told_what_to_paste_and_where() -> None:
    environ = {"PUBLIC_URL": HERE, "SLACK_BOT_TOKEN": SLACK_TOKEN, "SLACK_SIGNING_SECRET": "s" * 32}
    done = await webhooks("set", **environ)
    assert done.exit_code == 0
    assert f"{HERE}/webhooks/slack" in done.stdout
    assert "Event Subscriptions, Interactivity & Shortcuts, and the command /frontdesk" in done.stdout
    assert SLACK_TOKEN not in done.stdout


async def test_C56_socket_mode_needs_nothing() -> None:
    done = await webhooks("set", SLACK_BOT_TOKEN=SLACK_TOKEN, SLACK_APP_TOKEN=APP_TOKEN)
    assert done.exit_code == 0
    assert "Socket Mode: there is no address to register" in done.stdout


async def test_a_signing_secret_without_an_address_is_told() -> None:
    done = await webhooks("show", SLACK_BOT_TOKEN=SLACK_TOKEN, SLACK_SIGNING_SECRET="s" * 32)
    assert done.exit_code == 1
    assert "set PUBLIC_URL, or SLACK_APP_TOKEN for Socket Mode" in done.stdout


@pytest.mark.parametrize(("step", "code"), [("set", 1), ("show", 0), ("delete", 0)])
async def test_without_a_channel_only_set_has_failed(step: str, code: int) -> None:
    done = await webhooks(step)
    assert done.exit_code == code
    assert "No channel is on whose provider could deliver" in done.stdout


def test_F39_half_a_channel_is_a_settings_error_as_it_is_for_serve() -> None:
    done = frontdesk("webhooks", "set", TELEGRAM_WEBHOOK_SECRET=SECRET)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("frontdesk: TELEGRAM_BOT_TOKEN is not set")
    assert SECRET not in done.stderr
