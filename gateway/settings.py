"""What the environment says, checked whole: every problem at once, no secret in any sentence (DESIGN 9, F39, C9)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field, PrivateAttr, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from channels.slack_places import Customers
from engine.errors import SettingsError
from engine.model import Phrasing, Understanding
from gateway import deskvariables as desk
from gateway import failpoints
from gateway.clock import TestClock
from gateway.experimentvariables import Stopped
from gateway.modelvariables import Floor, ModelCaps, ModelName, ModelUrl, half_a_model, without_model
from gateway.slackvariables import AppToken, ChannelId, Ids, Queues, half_a_slack
from gateway.slackvariables import BotToken as SlackBotToken
from gateway.smsvariables import AccountSid, PhoneNumber, ServiceSid, half_sms
from gateway.stores.redis_address import RedisAddress
from gateway.tracevariables import TraceSettings
from gateway.values import Countries, Folder, HookUrl, HttpUrl, Origins, loopback, parsed, secretly, shaped
from gateway.variables import Variables, read_variables, secret_looking
from handoff.policy import DeskPolicy, ReplyPolicy, Tickets
from handoff.signing import secrets_in


class Environment(StrEnum):
    """FRONTDESK_ENV."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"
    TEST = "test"


class TelegramMode(StrEnum):
    """TELEGRAM_MODE: who calls whom."""

    WEBHOOK = "webhook"
    POLLING = "polling"


class LogLevel(StrEnum):
    """FRONTDESK_LOG_LEVEL."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """FRONTDESK_LOG_FORMAT: one JSON object a line, or lines for people."""

    JSON = "json"
    CONSOLE = "console"


ClockText = Annotated[str, parsed(TestClock.parse)]
FailpointText = Annotated[str, parsed(failpoints.parse)]
AdminToken = Annotated[SecretStr, shaped(r".{24,}", "it needs 24 characters or more")]
"""X12."""
PseudonymKey = Annotated[SecretStr, shaped(r".{16,}", "it needs 16 characters or more")]
RedisUrl = Annotated[SecretStr, secretly(RedisAddress.parse)]
BotToken = Annotated[
    SecretStr, shaped(r"\d+:[\w-]+", "copy it whole from @BotFather, such as 123456:letters-and-digits")
]
WebhookSecret = Annotated[SecretStr, shaped(r"[A-Za-z0-9_-]{1,256}", "use 1 to 256 of A-Z, a-z, 0-9, _ and -")]
"""Source: Telegram Bot API, setWebhook, secret_token (C40)."""

_USUAL = DeskPolicy()


class Settings(ModelCaps, TraceSettings):
    """The whole configuration; `load` makes one. Secrets are masked in every representation.

    Names of DESIGN 9 that this version does not know are ignored.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
    SECRET: ClassVar[tuple[str, ...]] = (
        "TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "ADMIN_TOKEN", "PSEUDONYM_KEY", "REDIS_URL",
        "TWILIO_AUTH_TOKEN",
        "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN",
        "TICKET_WEBHOOK_SECRET", "OPENAI_API_KEY", "OTEL_EXPORTER_OTLP_HEADERS",
    )  # fmt: skip
    """Each also as <NAME>_FILE. REDIS_URL is one because it may carry a password."""

    env: Environment = Field(Environment.DEVELOPMENT, validation_alias="FRONTDESK_ENV")
    clock: ClockText | None = Field(None, validation_alias="FRONTDESK_CLOCK")
    failpoint: FailpointText | None = Field(None, validation_alias="FRONTDESK_FAILPOINT")
    log_level: LogLevel = Field(LogLevel.INFO, validation_alias="FRONTDESK_LOG_LEVEL")
    log_format_given: LogFormat | None = Field(None, validation_alias="FRONTDESK_LOG_FORMAT")
    data_dir: Path = Field(Path("data"), validation_alias="FRONTDESK_DATA_DIR")
    flows_dir: Folder | None = Field(None, validation_alias="FLOWS_DIR")
    experiments_stopped: Stopped = Field((), validation_alias="EXPERIMENTS_STOPPED")
    public_url: HttpUrl | None = Field(None, validation_alias="PUBLIC_URL")
    """Without a slash at its end; may have a path (C5)."""
    web_origins: Origins = Field((), validation_alias="WEB_ORIGINS")
    redis_url: RedisUrl | None = Field(None, validation_alias="REDIS_URL")
    pseudonym_key: PseudonymKey | None = Field(None, validation_alias="PSEUDONYM_KEY")
    """Unset: one is made and kept in the store (X61)."""
    admin_token: AdminToken | None = Field(None, validation_alias="ADMIN_TOKEN")
    telegram_bot_token: BotToken | None = Field(None, validation_alias="TELEGRAM_BOT_TOKEN")
    telegram_webhook_secret: WebhookSecret | None = Field(None, validation_alias="TELEGRAM_WEBHOOK_SECRET")
    telegram_api_url: HttpUrl = Field("https://api.telegram.org", validation_alias="TELEGRAM_API_URL")
    telegram_mode_given: TelegramMode | None = Field(None, validation_alias="TELEGRAM_MODE")
    twilio_account_sid: AccountSid | None = Field(None, validation_alias="TWILIO_ACCOUNT_SID")
    twilio_auth_token: SecretStr | None = Field(None, validation_alias="TWILIO_AUTH_TOKEN")
    twilio_phone_number: PhoneNumber | None = Field(None, validation_alias="TWILIO_PHONE_NUMBER")
    twilio_messaging_service_sid: ServiceSid | None = Field(None, validation_alias="TWILIO_MESSAGING_SERVICE_SID")
    twilio_api_url: HttpUrl = Field("https://api.twilio.com", validation_alias="TWILIO_API_URL")
    sms_countries: Countries = Field(frozenset(), validation_alias="SMS_COUNTRIES")
    """ISO 3166 codes; none: that of our number (C81)."""
    slack_bot_token: SlackBotToken | None = Field(None, validation_alias="SLACK_BOT_TOKEN")
    slack_signing_secret: SecretStr | None = Field(None, validation_alias="SLACK_SIGNING_SECRET")
    slack_app_token: AppToken | None = Field(None, validation_alias="SLACK_APP_TOKEN")
    slack_api_url: HttpUrl = Field("https://slack.com/api", validation_alias="SLACK_API_URL")
    slack_customers: Customers = Field(Customers.ALL, validation_alias="SLACK_CUSTOMERS")
    slack_handoff_channel: ChannelId | None = Field(None, validation_alias="SLACK_HANDOFF_CHANNEL")
    handoff_slack_channels: Queues = Field((), validation_alias="HANDOFF_SLACK_CHANNELS")
    """(queue, channel id)."""
    handoff_slack_agents: Ids = Field((), validation_alias="HANDOFF_SLACK_AGENTS")
    handoff_reply_policy: ReplyPolicy = Field(_USUAL.reply_policy, validation_alias="HANDOFF_REPLY_POLICY")
    handoff_hours: desk.HoursText | None = Field(None, validation_alias="HANDOFF_HOURS")
    """As written; unset, desk.yaml's, as is the zone."""
    handoff_timezone: desk.Zone | None = Field(None, validation_alias="HANDOFF_TIMEZONE")
    handoff_claim_sla_s: desk.Patience = Field(_USUAL.claim_sla_s, validation_alias="HANDOFF_CLAIM_SLA")
    handoff_first_reply_sla_s: desk.Patience = Field(
        _USUAL.first_reply_sla_s, validation_alias="HANDOFF_FIRST_REPLY_SLA"
    )
    handoff_agent_silent_s: desk.Patience = Field(_USUAL.agent_silent_s, validation_alias="HANDOFF_AGENT_SILENT")
    handoff_expires_after_s: desk.Duration = Field(_USUAL.expires_after_s, validation_alias="HANDOFF_EXPIRES_AFTER")
    handoff_customer_reminder_s: desk.Duration = Field(
        _USUAL.customer_reminder_s, validation_alias="HANDOFF_CUSTOMER_REMINDER"
    )
    handoff_customer_left_s: desk.Duration = Field(_USUAL.customer_left_s, validation_alias="HANDOFF_CUSTOMER_LEFT")
    handoff_reopen_within_s: desk.DurationOrZero = Field(
        _USUAL.reopen_within_s, validation_alias="HANDOFF_REOPEN_WITHIN"
    )
    handoff_slack_down_notice_s: desk.Duration = Field(
        _USUAL.slack_down_notice_s, validation_alias="HANDOFF_SLACK_DOWN_NOTICE"
    )
    handoff_slack_down_ticket_s: desk.Duration = Field(
        _USUAL.slack_down_ticket_s, validation_alias="HANDOFF_SLACK_DOWN_TICKET"
    )
    handoff_escalate_to: desk.Page | None = Field(None, validation_alias="HANDOFF_ESCALATE_TO")
    handoff_agent_aliases: desk.Aliases = Field((), validation_alias="HANDOFF_AGENT_ALIASES")
    """(agent's id, the name customers see)."""
    handoff_team_language: desk.Language = Field(_USUAL.team_language, validation_alias="HANDOFF_TEAM_LANGUAGE")
    handoff_max_per_hour: desk.PerHour = Field(None, validation_alias="HANDOFF_MAX_PER_HOUR")
    handoff_ticket: Tickets | None = Field(None, validation_alias="HANDOFF_TICKET")
    ticket_webhook_url: HookUrl | None = Field(None, validation_alias="TICKET_WEBHOOK_URL")
    ticket_webhook_secret: desk.SigningSecret | None = Field(None, validation_alias="TICKET_WEBHOOK_SECRET")
    """Two of them while they are rotated."""

    openai_api_key: SecretStr | None = Field(None, validation_alias="OPENAI_API_KEY")
    openai_base_url: ModelUrl = Field("https://api.openai.com/v1", validation_alias="OPENAI_BASE_URL")
    openai_model: ModelName | None = Field(None, validation_alias="OPENAI_MODEL")
    openai_embedding_model: ModelName | None = Field(None, validation_alias="OPENAI_EMBEDDING_MODEL")
    openai_embedding_floor: Floor = Field(0.5, validation_alias="OPENAI_EMBEDDING_FLOOR")
    understanding: Understanding = Field(Understanding.AUTO, validation_alias="FRONTDESK_UNDERSTANDING")
    """Without a model, rules read alone."""
    phrasing: Phrasing = Field(Phrasing.AUTHOR, validation_alias="FRONTDESK_PHRASING")

    bot_disclosure: bool = Field(False, validation_alias="BOT_DISCLOSURE")
    """Does the first reply to anybody say that an assistant speaks? (X68)"""

    _others: tuple[str, ...] = PrivateAttr(())

    @classmethod
    def load(cls, environ: Mapping[str, str]) -> Settings:
        """Read and check everything. Raises one SettingsError with a sentence for each problem."""
        environ = without_model(environ)
        names = [str(field.validation_alias) for field in cls.model_fields.values()]
        variables = read_variables(environ, plain=[name for name in names if name not in cls.SECRET], secret=cls.SECRET)
        problems = [*variables.problems, *_contradictions(variables), *half_sms(variables.given)]
        values: dict[str, Any] = dict(variables.values)  # the model turns each text into its field's type
        try:
            settings = cls(**values)
        except ValidationError as error:
            raise SettingsError(*problems, *map(_sentence, error.errors(include_input=False))) from None
        if problems:
            raise SettingsError(*problems)
        settings._others = secret_looking(environ)
        return settings

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load` hands over: the environment arrives as an argument."""
        return (init_settings,)

    @property
    def telegram_mode(self) -> TelegramMode:
        """As set; else polling while PUBLIC_URL is unset, so that a token alone is enough."""
        return self.telegram_mode_given or (TelegramMode.WEBHOOK if self.public_url else TelegramMode.POLLING)

    @property
    def redis(self) -> RedisAddress | None:
        """Where Redis is; None: the embedded store."""
        return RedisAddress.parse(self.redis_url.get_secret_value()) if self.redis_url else None

    @property
    def slack_desk_channels(self) -> frozenset[str]:
        """Every channel where agents work: the default one and those of queues."""
        named = (self.slack_handoff_channel, *(channel for _, channel in self.handoff_slack_channels))
        return frozenset(filter(None, named))

    @property
    def asks_a_model(self) -> bool:
        """Does anything that a model could do go by one, once it is named?"""
        return self.understanding is not Understanding.RULES or self.phrasing is Phrasing.MODEL

    @property
    def log_format(self) -> LogFormat:
        """As set; else lines for people in development and JSON elsewhere."""
        return self.log_format_given or (LogFormat.CONSOLE if self.env is Environment.DEVELOPMENT else LogFormat.JSON)

    @property
    def playground(self) -> bool:
        """May the page at `/` exist? (X14)"""
        if self.env is Environment.TEST:
            return True
        return self.env is Environment.DEVELOPMENT and (self.public_url is None or loopback(self.public_url))

    def secrets(self) -> tuple[str, ...]:
        """Every value that no log may hold: our secrets, and what else in the environment is named like one."""
        ours = [value.get_secret_value() for _, value in self if isinstance(value, SecretStr)]
        signing = self.ticket_webhook_secret.get_secret_value() if self.ticket_webhook_secret else ""
        inside = self.redis.passwords() if self.redis else ()
        return (*ours, *secrets_in(signing), *inside, *self.otlp_sent.values(), *self._others)


def from_environment() -> Settings:
    """The settings of this process. Raises SettingsError."""
    return Settings.load(os.environ)


def _contradictions(variables: Variables) -> Iterator[str]:
    """Rules over several variables go by what was given: a faulty value is not also told to be missing."""
    given, values = variables.given, variables.values
    if values.get("FRONTDESK_ENV") != Environment.TEST:
        for name in ("FRONTDESK_CLOCK", "FRONTDESK_FAILPOINT"):
            if name in given:
                yield f"{name} is for tests only; remove it or set FRONTDESK_ENV=test"
    yield from half_a_slack(variables)
    yield from half_a_model(variables)
    yield from desk.half_a_ticket_system(variables)
    if "TELEGRAM_BOT_TOKEN" not in given:
        if "TELEGRAM_WEBHOOK_SECRET" in given:
            yield (
                "TELEGRAM_BOT_TOKEN is not set though TELEGRAM_WEBHOOK_SECRET is; channel 'telegram' needs both: "
                "set the token that @BotFather gave, or remove the secret"
            )
        return
    usual = TelegramMode.WEBHOOK if "PUBLIC_URL" in given else TelegramMode.POLLING
    if values.get("TELEGRAM_MODE", usual) != TelegramMode.WEBHOOK:
        return
    if "TELEGRAM_WEBHOOK_SECRET" not in given:
        yield (
            "TELEGRAM_WEBHOOK_SECRET is not set; channel 'telegram' needs it to know real webhooks from forged ones: "
            "set 1 to 256 of A-Z, a-z, 0-9, _ and -, or set TELEGRAM_MODE=polling"
        )
    if "PUBLIC_URL" not in given:
        yield (
            "PUBLIC_URL is not set; TELEGRAM_MODE=webhook needs it for Telegram to reach us: "
            "set it, or set TELEGRAM_MODE=polling"
        )


def _sentence(error: ErrorDetails) -> str:
    name = str(error["loc"][0])
    match error:
        case {"type": "enum", "ctx": {"expected": expected}}:
            return f"{name} is none of the values it may have; use {expected}"
        case {"type": "value_error", "ctx": {"error": fault}}:
            return str(fault) if str(fault).startswith(name) else f"{name} {fault}"
        case _:
            return f"{name} is wrong: {error['msg']}"
