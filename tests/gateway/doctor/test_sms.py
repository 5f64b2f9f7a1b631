"""What `frontdesk doctor` says of an account at Twilio."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from channels.base import Mark
from tests.channels.twilio_double import TOKEN
from tests.channels.twilio_office import TwilioOffice
from tests.gateway.doctor.rounds import examined, one, sms

pytestmark = pytest.mark.anyio

HERE = "http://127.0.0.1:1"


async def test_a_sound_account_at_twilio_is_sound(office: TwilioOffice, tmp_path: Path) -> None:
    assert office.number
    office.number["sms_url"] = f"{HERE}/webhooks/sms#rc=5&rp=5xx,ct,rt"
    found = await examined(tmp_path, **sms(office, HERE))
    assert found["sms account"][0].mark is Mark.OK
    assert found["sms webhook"][0].mark is Mark.OK


@pytest.mark.parametrize(
    ("break_it", "what", "mark"),
    [
        (lambda office: office.account.update(status="suspended"), "sms account", Mark.FAILED),
        (lambda office: office.account.update(type="Trial"), "sms account", Mark.WARNING),
        (lambda office: office.number.update(capabilities={"sms": False}), "sms number", Mark.FAILED),
        (lambda office: office.number.update(phone_number="+14155550111"), "sms number", Mark.FAILED),
    ],
)
async def test_an_account_or_number_that_cannot_write_is_told(
    break_it: Callable[[TwilioOffice], None],
    what: str,
    mark: Mark,
    office: TwilioOffice,
    tmp_path: Path,
) -> None:
    break_it(office)
    assert (await one(what, tmp_path, **sms(office, HERE))).mark is mark


async def test_the_accounts_own_token_is_in_no_finding(office: TwilioOffice, tmp_path: Path) -> None:
    assert TOKEN not in str(await examined(tmp_path, **sms(office, HERE)))
