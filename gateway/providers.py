"""The providers this deployment names, as an operator's commands see them: nothing is opened and no SDK is loaded."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import aiohttp
from pydantic import SecretStr

from channels.base import Provider
from channels.slack_places import Roles
from channels.slack_webhook import SlackProvider
from channels.sms_account import Account
from channels.sms_webhook import SmsProvider
from channels.telegram_webhook import WEBHOOK as TELEGRAM_WEBHOOK
from channels.telegram_webhook import TelegramProvider
from gateway.settings import Settings, TelegramMode


def providers_of(settings: Settings, http: aiohttp.ClientSession, *, alone: bool = False) -> list[Provider]:
    """One for each channel that is on; `alone` when no desk of ours is running."""
    return [*_telegram(settings, http, alone=alone), *_sms(settings, http), *_slack(settings, http)]


@asynccontextmanager
async def pool() -> AsyncIterator[aiohttp.ClientSession]:
    """Connections for one command; without cookies, and without a proxy from the environment."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        yield http


def _telegram(settings: Settings, http: aiohttp.ClientSession, *, alone: bool) -> Iterator[Provider]:
    if settings.telegram_bot_token is None:
        return
    webhook = settings.telegram_mode is TelegramMode.WEBHOOK
    yield TelegramProvider(
        token=_text(settings.telegram_bot_token),
        secret=_text(settings.telegram_webhook_secret),
        api_url=settings.telegram_api_url,
        address=f"{settings.public_url}{TELEGRAM_WEBHOOK}" if webhook else "",
        http=http,
        alone=alone,
    )


def _sms(settings: Settings, http: aiohttp.ClientSession) -> Iterator[Provider]:
    if settings.twilio_account_sid is None or settings.public_url is None:
        return
    account = Account(
        sid=settings.twilio_account_sid,
        token=_text(settings.twilio_auth_token),
        number=settings.twilio_phone_number or "",
        service=settings.twilio_messaging_service_sid or "",
    )
    yield SmsProvider(account=account, api_url=settings.twilio_api_url, public_url=settings.public_url, http=http)


def _slack(settings: Settings, http: aiohttp.ClientSession) -> Iterator[Provider]:
    if settings.slack_bot_token is None:
        return
    yield SlackProvider(
        token=_text(settings.slack_bot_token),
        app_token=_text(settings.slack_app_token),
        signed=settings.slack_signing_secret is not None,
        api_url=settings.slack_api_url,
        public_url=settings.public_url or "",
        roles=Roles(desk=settings.slack_desk_channels, customers=settings.slack_customers),
        agents=settings.handoff_slack_agents,
        http=http,
    )


def _text(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
