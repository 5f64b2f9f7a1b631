"""SMS's variables: how their values look, and what half of the channel lacks (DESIGN 9, C81)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated

from gateway.values import matching

AccountSid = Annotated[str, matching(r"AC[0-9a-fA-F]{32}", "copy it from the Twilio console: AC and 32 hex digits")]
ServiceSid = Annotated[str, matching(r"MG[0-9a-fA-F]{32}", "copy it from the Twilio console: MG and 32 hex digits")]
PhoneNumber = Annotated[str, matching(r"\+[1-9]\d{6,14}", "write it like +14155550100")]


def half_sms(given: Collection[str]) -> Iterator[str]:
    """What of the channel is missing, once any of it is there."""
    senders = {"TWILIO_PHONE_NUMBER", "TWILIO_MESSAGING_SERVICE_SID"}
    remedies = {
        "TWILIO_ACCOUNT_SID": "copy it from the Twilio console",
        "TWILIO_AUTH_TOKEN": "copy it from the Twilio console",
        "PUBLIC_URL": "Twilio signs it with every webhook",
    }
    if senders.isdisjoint(given) and {"TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"}.isdisjoint(given):
        return
    for name, remedy in remedies.items():
        if name not in given:
            yield f"{name} is not set; channel 'sms' needs it: {remedy}"
    if senders.isdisjoint(given):
        yield "TWILIO_PHONE_NUMBER is not set; channel 'sms' needs it, or TWILIO_MESSAGING_SERVICE_SID, to send from"
    elif "TWILIO_PHONE_NUMBER" not in given and "SMS_COUNTRIES" not in given:
        yield (
            "SMS_COUNTRIES is not set; TWILIO_MESSAGING_SERVICE_SID alone has no number to take the country from: "
            "set the countries to write to, such as US,CA"
        )
