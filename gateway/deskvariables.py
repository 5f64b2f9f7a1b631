"""The desk's variables: hours, names, timers and tickets; how they look, and what half a ticket system lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, SecretStr

from gateway.slackvariables import ID
from gateway.values import lasting, matching
from gateway.variables import Variables
from handoff.hours import HoursFault, read_hours
from handoff.policy import Tickets
from handoff.signing import signing_keys

_ALIAS = re.compile(r"[^@<>]{1,60}")
"""What a customer may see of an agent: no address, no handle, no markup (H48)."""


def hours(text: str) -> str:
    """Opening hours that can be read. Raises ValueError."""
    try:
        read_hours(text)
    except HoursFault as fault:
        raise ValueError(f"has a part that {fault.what}; {fault.remedy}") from None
    return text


def zone(text: str) -> str:
    """A time zone that is known here. Raises ValueError."""
    try:
        read_hours("", text)
    except HoursFault as fault:
        raise ValueError(f"{fault.what}; {fault.remedy}") from None
    return text


def aliases(text: object) -> object:
    """(agent's id, name) from `U1:Anna,U2:Tom`, each agent once. Raises ValueError."""
    if not isinstance(text, str):
        return text
    named = tuple(_alias(part.strip()) for part in text.split(","))
    if len(dict(named)) < len(named):
        raise ValueError("names an agent twice; keep one name for each")
    return named


def limit(text: object) -> object:
    """A whole number from 1 on; None for `off`. Raises ValueError."""
    if not isinstance(text, str):
        return text
    if text == "off":
        return None
    if not re.fullmatch(r"[1-9]\d{0,5}", text, re.ASCII):
        raise ValueError("is no number from 1 to 999999; write one, or off")
    return int(text)


def signing_secret(secret: SecretStr) -> SecretStr:
    """One secret that tickets are signed with, or two (H141). Raises ValueError."""
    signing_keys(secret.get_secret_value())
    return secret


HoursText = Annotated[str, AfterValidator(hours)]
Zone = Annotated[str, AfterValidator(zone)]
Aliases = Annotated[tuple[tuple[str, str], ...], BeforeValidator(aliases)]
PerHour = Annotated[int | None, BeforeValidator(limit)]
SigningSecret = Annotated[SecretStr, AfterValidator(signing_secret)]
Page = Annotated[
    str, matching(r"[SCG][A-Z0-9]{1,20}", "write the id of a user group or a channel, such as S0123ABCD or C0123ABCD")
]
Language = Annotated[
    str, matching(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "write a language tag in lower case, such as en or pt-BR")
]
Patience = Annotated[float, lasting("7d")]
"""Seconds of opening time, which may be a week's few."""
Duration = Annotated[float, lasting("365d")]
"""Seconds."""
DurationOrZero = Annotated[float, lasting("365d", zero=True)]


def half_a_ticket_system(variables: Variables) -> Iterator[str]:
    """What is missing beside what was given."""
    given = variables.given
    if "TICKET_WEBHOOK_URL" in given and "TICKET_WEBHOOK_SECRET" not in given:
        yield (
            "TICKET_WEBHOOK_SECRET is not set though TICKET_WEBHOOK_URL is; nobody could tell our tickets from forged "
            "ones: set the secret that your ticket system checks, or make one with "
            "`echo whsec_$(openssl rand -base64 32)`"
        )
    if "TICKET_WEBHOOK_URL" in given:
        return
    if "TICKET_WEBHOOK_SECRET" in given:
        yield (
            "TICKET_WEBHOOK_URL is not set though TICKET_WEBHOOK_SECRET is; tickets need an address: "
            "set that of your ticket system, or remove the secret"
        )
    if variables.values.get("HANDOFF_TICKET") == Tickets.ALWAYS:
        yield (
            "TICKET_WEBHOOK_URL is not set though HANDOFF_TICKET=always asks for a ticket of every case: "
            "set it and TICKET_WEBHOOK_SECRET, or remove HANDOFF_TICKET"
        )


def _alias(text: str) -> tuple[str, str]:
    agent, _, name = text.partition(":")
    if not ID.fullmatch(agent.strip()) or not _ALIAS.fullmatch(name.strip()):
        raise ValueError("does not name agents; write them like U0123ABCD:Anna,U0456EFGH:Tom")
    return agent.strip(), name.strip()
