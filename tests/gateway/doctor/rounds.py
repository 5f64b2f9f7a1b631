"""A doctor's round over settings of a test, in this process or as the command, and settings that name the doubles."""

from __future__ import annotations

import asyncio
from pathlib import Path

from typer.testing import CliRunner, Result

from channels.base import Finding
from gateway import checkup
from gateway.cli.main import app
from gateway.settings import Settings
from tests.channels import slack_double as slacks
from tests.channels import telegram_double as telegrams
from tests.channels import twilio_double as twilios
from tests.channels.twilio_office import TwilioOffice

SECRET = "doctor-tests-secret"
AGENT, GROUP = "U0AGENT01", "S0AGENTS1"


async def examined(folder: Path, **environ: str) -> dict[str, list[Finding]]:
    """The findings of the round, by what they are about."""
    given = {"FRONTDESK_DATA_DIR": str(folder / "data"), **environ}
    found: dict[str, list[Finding]] = {}
    for finding in await checkup.examine(Settings.load(given), given):
        found.setdefault(finding.what, []).append(finding)
    return found


async def one(what: str, folder: Path, **environ: str) -> Finding:
    """The only finding about something."""
    (found,) = (await examined(folder, **environ))[what]
    return found


async def doctor(folder: Path, *words: str, **environ: str) -> Result:
    """The command in a thread of its own, while the doubles answer here."""
    given = {"FRONTDESK_DATA_DIR": str(folder / "data"), **environ}
    return await asyncio.to_thread(CliRunner().invoke, app, ["doctor", *words], env=given)


def polling(double: telegrams.TelegramDouble) -> dict[str, str]:
    """Telegram, without an address."""
    return {"TELEGRAM_BOT_TOKEN": telegrams.TOKEN, "TELEGRAM_API_URL": double.url}


def hooked(double: telegrams.TelegramDouble, public_url: str) -> dict[str, str]:
    """Telegram, by webhook."""
    return {**polling(double), "PUBLIC_URL": public_url, "TELEGRAM_WEBHOOK_SECRET": SECRET}


def sms(office: TwilioOffice, public_url: str) -> dict[str, str]:
    """A number at Twilio."""
    return {
        "PUBLIC_URL": public_url,
        "TWILIO_ACCOUNT_SID": twilios.SID,
        "TWILIO_AUTH_TOKEN": twilios.TOKEN,
        "TWILIO_PHONE_NUMBER": twilios.NUMBER,
        "TWILIO_API_URL": office.url,
    }


def desked(double: slacks.SlackDouble) -> dict[str, str]:
    """Slack with a desk, by socket."""
    return {
        "SLACK_BOT_TOKEN": slacks.TOKEN,
        "SLACK_APP_TOKEN": slacks.APP_TOKEN,
        "SLACK_API_URL": double.url,
        "SLACK_HANDOFF_CHANNEL": slacks.DESK,
        "HANDOFF_SLACK_AGENTS": f"{AGENT},{GROUP}",
    }
