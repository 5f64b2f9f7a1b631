"""What `frontdesk doctor` says of traces."""

from __future__ import annotations

from pathlib import Path

import pytest

from channels.base import Mark
from tests.gateway.backend_double import Answering, HangUp, Say, backend
from tests.gateway.doctor.rounds import examined

pytestmark = pytest.mark.anyio

HEADERS = "x-key=canary-of-a-receivers-key"


async def test_without_an_endpoint_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert "traces" not in await examined(tmp_path)


async def test_a_receiver_that_takes_what_we_send_is_sound(tmp_path: Path) -> None:
    async with backend() as double:
        named = {"OTEL_EXPORTER_OTLP_ENDPOINT": double.url, "OTEL_EXPORTER_OTLP_HEADERS": HEADERS}
        installed, taken = (await examined(tmp_path, **named))["traces"]
    assert (installed.mark, taken.mark) == (Mark.OK, Mark.OK)
    assert [(asked.method, asked.target) for asked in double.asked] == [("POST", "/v1/traces")]
    assert double.asked[0].header("x-key") == ["canary-of-a-receivers-key"]


@pytest.mark.parametrize(
    ("answer", "mark", "says"),
    [
        (Say(status=401), Mark.FAILED, "OTEL_EXPORTER_OTLP_HEADERS"),
        (Say(status=404), Mark.FAILED, "4318"),
        (Say(status=415), Mark.WARNING, "protobuf"),
        (HangUp(), Mark.FAILED, "OTEL_EXPORTER_OTLP_ENDPOINT"),
    ],
    ids=str,
)
async def test_a_receiver_that_does_not_take_them_is_told_with_its_remedy(
    answer: Answering, mark: Mark, says: str, tmp_path: Path
) -> None:
    async with backend(otherwise=lambda asked: answer) as double:
        named = {"OTEL_EXPORTER_OTLP_ENDPOINT": double.url, "OTEL_EXPORTER_OTLP_HEADERS": HEADERS}
        _, found = (await examined(tmp_path, **named))["traces"]
    assert found.mark is mark
    assert says in found.remedy
    assert "canary" not in str(found)
