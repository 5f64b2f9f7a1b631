"""The doubles that a doctor's round looks at, and an address where a desk answers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.channels.slack_double import SlackDouble, slack_double
from tests.channels.telegram_double import TelegramDouble, telegram_double
from tests.channels.twilio_office import TwilioOffice, twilio_office
from tests.gateway.loopback import Front, served


@pytest.fixture
async def telegram(anyio_backend: str) -> AsyncIterator[TelegramDouble]:
    """Telegram, with one bot."""
    async with telegram_double() as found:
        yield found


@pytest.fixture
async def slack(anyio_backend: str) -> AsyncIterator[SlackDouble]:
    """Slack, with one app."""
    async with slack_double() as found:
        yield found


@pytest.fixture
async def office(anyio_backend: str) -> AsyncIterator[TwilioOffice]:
    """Twilio, with one account."""
    async with twilio_office() as found:
        yield found


@pytest.fixture
async def public_url(anyio_backend: str) -> AsyncIterator[str]:
    """Where a desk answers."""
    async with served(Front().app()) as (host, port):
        yield f"http://{host}:{port}"
