"""Which secrets may sign a ticket, and under which id it is signed (H141). What is sent: test_tickets.py."""

from __future__ import annotations

import base64

import pytest

from handoff.signing import secrets_in, signing_keys, webhook_id

KEY = b"a key of 24 bytes, for x"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
OTHER = "whsec_" + base64.b64encode(b"?>" * 32).decode()


@pytest.mark.parametrize("between", [",", " ", ", ", " , "])
def test_H141_two_secrets_stand_side_by_side_the_first_one_first(between: str) -> None:
    assert signing_keys(SECRET) == (KEY,)
    assert signing_keys(f"{SECRET}{between}{OTHER}") == (KEY, b"?>" * 32)
    assert secrets_in(f"{SECRET}{between}{OTHER}") == (SECRET, OTHER)


@pytest.mark.parametrize(
    ("secret", "fault"),
    [
        ("", "holds no secret"),
        ("canary", "does not begin with whsec_"),
        (SECRET.removeprefix("whsec_"), "does not begin with whsec_"),
        ("whsec_canary!canary!canary!canary!", "is not base64"),
        ("whsec_" + base64.b64encode(b"canary, of 23 bytes....").decode(), "of 23 bytes, and 24 are the least"),
        (f"{SECRET},", "does not begin with whsec_"),
        (",".join([SECRET] * 3), "holds 3 secrets"),
    ],
)
def test_H141_a_secret_that_cannot_sign_is_refused_without_being_shown(secret: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault) as raised:
        signing_keys(secret)
    assert "canary" not in str(raised.value)
    assert SECRET.removeprefix("whsec_") not in str(raised.value)
    assert ";" in str(raised.value), "a remedy follows"


def test_H141_no_id_holds_a_dot_and_no_two_rows_share_one() -> None:
    assert webhook_id("ho_1:update:2-3") == "ho_1:update:2-3"
    ids = [webhook_id(row) for row in ("slack:C1:17.5", "slack:C1:17%2E5", "slack:C1:175", "a\r\nb", "ä.👋")]
    assert len(set(ids)) == len(ids)
    assert all(id.isascii() and id.isprintable() and not {".", " "} & set(id) for id in ids)
