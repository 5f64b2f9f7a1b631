"""What is masked, what is not, and how surely: the labelled set of X60."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.redaction import masked_contact, redact

ACCOUNTS = (
    "DE89370400440532013000", "GB82WEST12345698765432", "FR1420041010050500013M02606", "NO9386011117947",
    "NL91ABNA0417164300", "ES9121000418450200051332", "CH9300762011623852957", "IT60X0542811101000000123456",
    "BE68539007547034", "AT611904300234573201", "PL61109010140000071219812874", "SE4550000000058398257466",
    "PT50000201231234567890154", "DK5000400440116243", "MT84MALT011000012345MTLCAST001S",
)  # fmt: skip
ADDRESSES = (
    "sarah@example.com", "sarah.connor+shop@mail.example.co.uk", "s_c@example.org", "SARAH@EXAMPLE.COM", "a@b.io",
    "o.neill-x@sub.domain.example", "x1@y2.dev", "first.last@firma.de",
)  # fmt: skip
PHONES = (
    "+1 415 555 2671", "+44 20 7946 0958", "(415) 555-2671", "415-555-2671", "415.555.2671", "4155552671",
    "+49 30 901820", "+34 912 345 678", "+33 1 42 68 53 00", "+1 (212) 555-0187", "1-800-356-9377", "+12125550187",
)  # fmt: skip
HARMLESS = (
    "ORD-12345", "ORD-4155552671", "A-1001", "order 40412", "#4111222", "RMA/2026/0042", "2026-03-01", "15.03.2026",
    "3/14/2026", "2026-03-01T15:15:00Z", "18:30", "invoice 2026-000123", "EUR 1,299.00", "$79.99", "ticket 77-88-99",
    "flight BA117", "SKU 00042-XL", "room 1204", "10001", "SW1A 1AA", "tracking 1Z999AA10123456784", "40412/3",
)  # fmt: skip
AROUND = ("{}", "it is {} thanks", "({})", "my number: {}.", "{}, and please hurry", "Ich heiße Jörg: {}!")


def card(chance: random.Random, digits: int, first: str) -> str:
    """A number with a right check digit."""
    body = first + "".join(chance.choice("0123456789") for _ in range(digits - len(first) - 1))
    return next(body + check for check in "0123456789" if _luhn(body + check))


def _luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def cards() -> list[str]:
    chance = random.Random(7)
    bare = [
        card(chance, digits, first) for digits, first in [(16, "4"), (16, "5"), (15, "37"), (19, "6"), (14, "36")] * 20
    ]
    return [separator.join(re.findall(r"\d{1,4}", number)) for number in bare for separator in ("", " ", "-")]


def recall(samples: list[str], kind: str) -> float:
    found = [sample for sample in samples if kind in redact(sample).classes]
    return len(found) / len(samples)


def dressed(values: tuple[str, ...] | list[str]) -> list[str]:
    return [around.format(value) for value in values for around in AROUND]


def test_X60_cards_are_found() -> None:
    assert recall(dressed(cards()), "payment_card") >= 0.99


def test_X60_accounts_are_found_however_they_are_written() -> None:
    spaced = [" ".join(re.findall(r".{1,4}", account)) for account in ACCOUNTS]
    assert recall(dressed([*ACCOUNTS, *spaced, *map(str.lower, ACCOUNTS)]), "bank_account") >= 0.99


def test_X60_addresses_and_numbers_are_found() -> None:
    assert recall(dressed(ADDRESSES), "email") >= 0.97
    assert recall(dressed(PHONES), "phone") >= 0.97


def test_X60_order_numbers_and_dates_stay() -> None:
    masked = [sample for sample in dressed(HARMLESS) if redact(sample).count]
    assert len(masked) <= 0.01 * len(dressed(HARMLESS)), masked


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("my SSN is 123-45-6789", "government_id"),
        ("NINO AB 12 34 56 C", "government_id"),
        ("the token is xoxb-12345678901-abcdefgh", "credential"),
        ("Authorization: Bearer abcdef0123456789", "credential"),
        ("my password is hunter22", "credential"),
        ("the pin is 4711", "credential"),
        ("https://user:secret@shop.example/x", "credential"),
    ],
)
def test_H53_ids_and_credentials_are_masked(text: str, kind: str) -> None:
    assert kind in redact(text).classes


def test_a_mask_keeps_what_helps_to_talk_about_the_thing() -> None:
    found = redact("pay from DE89 3704 0044 0532 0130 00 or 4111 1111 1111 1111 12/27, write to a@b.io")
    assert found.text == "pay from [account ending 3000] or [card ending 1111] 12/27, write to [e-mail]"
    assert found.count == 3


@given(st.text(max_size=60) | st.from_regex(r"[0-9 A-Z@.+-]{0,60}", fullmatch=True))
def test_masking_twice_changes_nothing(text: str) -> None:
    once = redact(text).text
    assert redact(once).text == once


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("phone", "+14155552671", "+1 *** *** **71"),
        ("email", "sarah@example.com", "s***@example.com"),
        ("telegram", "telegram:987654321", "***21"),
    ],
)
def test_a_contact_is_told_apart_but_not_usable(kind: str, value: str, shown: str) -> None:
    assert masked_contact(kind, value) == shown
