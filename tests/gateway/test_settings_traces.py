"""OpenTelemetry's variables, and how an operator is told what is wrong with them (F39, DESIGN 9)."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import SettingsError
from gateway.settings import Settings
from gateway.tracevariables import Sampler

RECEIVER = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318/"}


def test_an_endpoint_alone_is_enough() -> None:
    settings = Settings.load(RECEIVER)
    assert settings.otlp_endpoint == "http://127.0.0.1:4318"
    assert (settings.traces_sampler, settings.traces_share) == (Sampler.PARENT_ON, 1.0)
    assert (settings.service_name, settings.otlp_sent) == ("frontdesk", {})


def test_headers_are_secret_and_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "headers").write_text("x-key=canary%20one,X-Team=support\n")
    settings = Settings.load(RECEIVER | {"OTEL_EXPORTER_OTLP_HEADERS_FILE": str(tmp_path / "headers")})
    assert settings.otlp_sent == {"x-key": "canary one", "x-team": "support"}
    assert "canary" not in repr(settings)
    assert "canary one" in settings.secrets()


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318", "http"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://169.254.169.254:4318", "link-local"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "canary", "name=value"),
        ("OTEL_TRACES_SAMPLER", "jaeger_remote", "always_on"),
        ("OTEL_TRACES_SAMPLER_ARG", "7", "from 0 to 1"),
    ],
)
def test_F39_a_wrong_value_is_told_with_its_remedy(name: str, value: str, remedy: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.load(RECEIVER | {name: value})
    (sentence,) = raised.value.problems
    assert sentence.startswith(name)
    assert remedy in sentence
    assert "canary" not in sentence


def test_without_an_endpoint_there_are_no_traces() -> None:
    assert Settings.load({"OTEL_TRACES_SAMPLER": "always_on"}).otlp_endpoint is None
