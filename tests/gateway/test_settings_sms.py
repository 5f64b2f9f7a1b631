"""What switches SMS on, and how an operator is told what of it is missing."""

from __future__ import annotations

import pytest

from engine.errors import SettingsError
from gateway.settings import Settings

SMS = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "canary-of-an-auth-token",
    "TWILIO_PHONE_NUMBER": "+14155550100",
    "PUBLIC_URL": "https://desk.example",
}


def problems(environ: dict[str, str]) -> tuple[str, ...]:
    """What is wrong with it, sentence by sentence; none may hold the token."""
    with pytest.raises(SettingsError) as raised:
        Settings.load(environ)
    assert "canary" not in str(raised.value)
    return raised.value.problems


@pytest.mark.parametrize("missing", SMS)
def test_F39_half_of_the_sms_channel_names_what_is_missing(missing: str) -> None:
    (sentence,) = problems({name: value for name, value in SMS.items() if name != missing})
    assert sentence.startswith(f"{missing} is not set; channel 'sms' needs it")


def test_F39_what_only_shapes_the_sms_channel_does_not_switch_it_on() -> None:
    settings = Settings.load({"SMS_COUNTRIES": "us, CA", "TWILIO_API_URL": "http://127.0.0.1:9/"})
    assert settings.sms_countries == {"US", "CA"}
    assert settings.twilio_api_url == "http://127.0.0.1:9"
    assert settings.twilio_account_sid is None


def test_C81_a_messaging_service_alone_must_name_its_countries() -> None:
    service = {**SMS, "TWILIO_MESSAGING_SERVICE_SID": "MG" + "0" * 32}
    Settings.load(service)
    del service["TWILIO_PHONE_NUMBER"]
    (sentence,) = problems(service)
    assert sentence.startswith("SMS_COUNTRIES is not set")
    Settings.load({**service, "SMS_COUNTRIES": "US"})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("TWILIO_ACCOUNT_SID", "AC1"),
        ("TWILIO_ACCOUNT_SID", "MG" + "0" * 32),
        ("TWILIO_PHONE_NUMBER", "4155550100"),
        ("TWILIO_PHONE_NUMBER", "+1 415 555 0100"),
        ("TWILIO_MESSAGING_SERVICE_SID", "AC" + "0" * 32),
        ("SMS_COUNTRIES", "USA"),
        ("SMS_COUNTRIES", "US,,CA"),
    ],
)
def test_F39_an_sms_setting_of_another_shape_is_refused(name: str, text: str) -> None:
    (sentence,) = problems({**SMS, name: text})
    assert sentence.startswith(name)
