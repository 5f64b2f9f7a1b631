"""The wiring: the one place that knows which class stands behind which port."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import structlog
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from channels.audience import Audience
from channels.base import Channel
from channels.console import ConsoleChannel
from channels.slack import SlackChannel, SlackKeys
from channels.slack_places import Roles
from channels.sms import SmsChannel
from channels.sms_account import Account
from channels.telegram import TelegramChannel
from channels.web import WebChannel
from engine.desk import DeskDef
from gateway.app import AppParts, build_app
from gateway.core import Core, Help, homes_of, open_core
from gateway.deskdoor import DeskDoor
from gateway.deskpolicy import desk_policy
from gateway.ground import Ground, open_ground, pseudonym_key, time_moved
from gateway.health import Health
from gateway.models import model_of, open_meaning
from gateway.neighbours import Neighbours
from gateway.page import page_routes
from gateway.people import People
from gateway.roles import Role
from gateway.settings import Settings, TelegramMode
from gateway.stores.opening import STORE_FILE, open_store
from gateway.stores.sqlite import SqliteStore
from gateway.telemetry import start_logs
from gateway.web import WebDoor, WebSettings, web_routes
from gateway.worker import Worker
from handoff.page import PageFace, PageRoster
from handoff.policy import DeskPolicy
from handoff.ports import DeskFace, Roster
from handoff.roster import SlackRoster
from handoff.signing import signing_keys
from handoff.slack import SlackFace
from handoff.slack_desk import SlackDesk
from handoff.tickets import WebhookTickets

CHAT_FILE = "chat.db"
"""The terminal's own store: a talk there never meets a running gateway's lock."""

_log = structlog.get_logger("frontdesk.wiring")


Beside = Callable[[], Coroutine[Any, Any, None]]
"""What goes on beside the work until the desk stops: asking a provider, hearing other processes."""


class Desk:
    """A running desk: `app` for the web server, `run` for the work, `close` for the end."""

    def __init__(self, app: ASGIApp, health: Health, worker: Worker, beside: Sequence[Beside], *, last: Beside) -> None:
        """`last` comes after the work."""
        self.app = app
        self.health = health
        self.closing = AsyncExitStack()
        self._worker = worker
        self._beside = beside
        self._last = last

    async def run(self) -> None:
        """Work until `health.stopping` is set; then claim nothing, finish the turns under way, and return."""
        beside = [asyncio.create_task(goes_on()) for goes_on in self._beside]
        await self._worker.start()
        gc.collect()
        gc.freeze()  # what start-up made is never garbage: full collections need not walk it again
        try:
            await self.health.stopping.wait()
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            await self._worker.stop()
            await self._last()

    async def close(self) -> None:
        """Close channels and store; also when `run` was cut off."""
        await self.closing.aclose()


async def open_desk(settings: Settings, environ: Mapping[str, str] | None = None, *, role: Role = Role.WHOLE) -> Desk:
    """Open store, flows and every channel the settings switch on. Raises SettingsError, FlowError, StoreAway."""
    environ = os.environ if environ is None else environ
    homes_of(settings, environ)  # a broken flow stops the start before a store is opened
    async with AsyncExitStack() as opening:
        store = partial(open_store, settings, settings.data_dir / STORE_FILE)
        ground = await open_ground(settings, environ, store, opening, role=role)
        key = await pseudonym_key(ground.store.records)
        if settings.pseudonym_key is None:
            start_logs(settings, key=key)
        health = Health(ground.store.ping, ground.store.name)
        neighbours = Neighbours(ground.store.news)
        audience = Audience(neighbours.call_pages)
        web = WebChannel(ground.store.records, ground.clock, audience)
        telegram, sms, slack = _telegram(ground), _sms(ground), _slack(ground, health)
        given: dict[str, Channel | None] = {"web": web, "telegram": telegram, "sms": sms, "slack": slack}
        channels = {name: channel for name, channel in given.items() if channel is not None}
        await _open_channels(channels, health, opening)
        help = Help(
            people=partial(_people, ground, slack, key),
            model=partial(model_of, ground, opening, health),
            meaning=partial(open_meaning, ground, opening, health),
        )
        core = await open_core(ground, channels, trouble=_reporter(health), help=help)
        intake = DeskDoor(core.worker, ground.store.records, core.metrics)
        polled = telegram if telegram is not None and settings.telegram_mode is TelegramMode.POLLING else None
        hooks: dict[str, Channel] = {"telegram": telegram} if telegram is not None and polled is None else {}
        hooks |= {"sms": sms, "sms/status": sms} if sms else {}
        hooks |= {"slack": slack} if slack and settings.slack_signing_secret else {}
        beside: list[Beside] = [partial(neighbours.hear, core.worker.wake, audience)]
        if polled is not None and role.listens:
            beside.append(partial(polled.poll, intake.take))
        if slack and settings.slack_app_token and role.listens:
            beside.append(partial(slack.listen, intake.take))
        if ground.together:
            beside.append(partial(ground.together.follow, core.worker.wake))
        desk = Desk(
            build_app(
                AppParts(
                    settings=settings,
                    clock=ground.clock,
                    channels=hooks,
                    intake=intake,
                    health=health,
                    failpoints=ground.failpoints,
                    metrics=core.metrics,
                    spans=ground.spans,
                    routes=[*_web(ground, web, core, health), *page_routes(ground, core)],
                    advanced=partial(time_moved, ground, core.worker.sweep_due),
                )
            ),
            health,
            core.worker,
            beside,
            last=ground.finish,
        )
        desk.closing = opening.pop_all()
    return desk


async def open_chat(
    settings: Settings, write: Callable[[str], None], *, session: str, environ: Mapping[str, str] | None = None
) -> tuple[ConsoleChannel, Worker, AsyncExitStack]:
    """A desk for one terminal: its channel, its worker, and what must be closed at the end. Raises as `open_desk`."""
    environ = os.environ if environ is None else environ
    homes_of(settings, environ)
    async with AsyncExitStack() as opening:
        ground = await open_ground(settings, environ, partial(SqliteStore.open, settings.data_dir / CHAT_FILE), opening)
        channel = ConsoleChannel(write, session=session)
        core = await open_core(
            ground,
            {"console": channel},
            help=Help(
                model=partial(model_of, ground, opening, None),
                meaning=partial(open_meaning, ground, opening, None),
            ),
        )
        closing = opening.pop_all()
    return channel, core.worker, closing


def _telegram(ground: Ground) -> TelegramChannel | None:
    settings = ground.settings
    if settings.telegram_bot_token is None:
        return None
    secret = settings.telegram_webhook_secret.get_secret_value() if settings.telegram_webhook_secret else ""
    return TelegramChannel(
        settings.telegram_bot_token.get_secret_value(),
        secret,
        settings.telegram_api_url,
        session=ground.session,
        now=ground.clock.now,
    )


def _sms(ground: Ground) -> SmsChannel | None:
    settings = ground.settings
    if settings.twilio_account_sid is None or settings.twilio_auth_token is None:
        return None
    account = Account(
        sid=settings.twilio_account_sid,
        token=settings.twilio_auth_token.get_secret_value(),
        number=settings.twilio_phone_number or "",
        service=settings.twilio_messaging_service_sid or "",
        countries=settings.sms_countries,
    )
    return SmsChannel(
        account, settings.public_url or "", settings.twilio_api_url, session=ground.session, now=ground.clock.now
    )


def _slack(ground: Ground, health: Health) -> SlackChannel | None:
    settings = ground.settings
    if settings.slack_bot_token is None:
        return None
    keys = SlackKeys(
        token=settings.slack_bot_token.get_secret_value(),
        secret=settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else "",
        app_token=settings.slack_app_token.get_secret_value() if settings.slack_app_token else "",
        api_url=settings.slack_api_url,
    )
    return SlackChannel(
        keys,
        Roles(desk=settings.slack_desk_channels, customers=settings.slack_customers),
        session=ground.session,
        now=ground.clock.now,
        trouble=lambda note: health.report("slack", ok=not note, note=note),
    )


async def _open_channels(channels: Mapping[str, Channel], health: Health, opening: AsyncExitStack) -> None:
    for name, channel in channels.items():
        health.report(name, ok=True)  # before it opens: it may have something to say against it then
        await channel.open()
        opening.push_async_callback(channel.close)


def _reporter(health: Health) -> Callable[[str, str], None]:
    def trouble(channel: str, reason: str) -> None:
        if reason:
            _log.error("the provider refuses our account", channel=channel, reason=reason)
        health.report(channel, ok=not reason, note="the provider refuses our account" if reason else "")

    return trouble


def _web(ground: Ground, channel: WebChannel, core: Core, health: Health) -> list[BaseRoute]:
    settings = ground.settings
    door = WebDoor(
        channel=channel,
        intake=core.worker,
        records=ground.store.records,
        clock=ground.clock,
        settings=WebSettings(public_url=settings.public_url, origins=settings.web_origins),
        stopping=health.stopping,
    )
    return list(web_routes(door))


def _people(ground: Ground, slack: SlackChannel | None, key: bytes, desk: DeskDef) -> People | None:
    """Who takes over: nobody where no face shows them what there is to do (H6)."""
    policy = desk_policy(ground.settings, desk)
    found = _in_slack(ground, slack, policy) if slack and ground.settings.slack_desk_channels else _on_page(ground)
    if found is None:
        return None
    (face, roster), tickets = found, _tickets(ground)
    return People(
        policy=policy,
        face=face,
        roster=roster,
        tickets=tickets,
        ticket_system="webhook" if tickets else "",
        pseudonym_key=key,
    )


def _in_slack(ground: Ground, slack: SlackChannel, policy: DeskPolicy) -> tuple[DeskFace, Roster]:
    settings = ground.settings
    queues = dict(settings.handoff_slack_channels)
    desk = SlackDesk(
        default=settings.slack_handoff_channel or next(iter(queues.values())),
        queues=queues,
        called=settings.handoff_slack_agents,
        escalate_to=policy.escalate_to,
    )
    face = SlackFace(slack.api, ground.store.records, ground.clock, desk)
    return face, SlackRoster(slack.api, policy, settings.handoff_slack_agents, ground.clock)


def _on_page(ground: Ground) -> tuple[DeskFace, Roster] | None:
    if not ground.settings.playground:
        return None
    return PageFace(ground.store.records, ground.clock.now), PageRoster()


def _tickets(ground: Ground) -> WebhookTickets | None:
    settings = ground.settings
    if settings.ticket_webhook_url is None or settings.ticket_webhook_secret is None:
        return None
    keys = signing_keys(settings.ticket_webhook_secret.get_secret_value())
    return WebhookTickets(settings.ticket_webhook_url, keys, session=ground.session, now=ground.clock.now)
