"""Which pages may post."""

from __future__ import annotations

import pytest

from gateway.origins import Origins, origin_of


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Desk.Example:443/front", "https://desk.example"),
        ("http://desk.example:8080", "http://desk.example:8080"),
        ("http://[::1]:80", "http://[::1]"),
        ("null", None),
        ("", None),
        ("ftp://desk.example", None),
        ("https://user@desk.example", None),
        ("https://desk.example:port", None),
        ("https://[broken", None),
    ],
)
def test_C91_an_origin_is_scheme_host_and_port(url: str, origin: str | None) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    ("origin", "host", "admitted"),
    [
        ("http://localhost:8080", "localhost:8080", True),
        ("http://127.0.0.1:8080", "127.0.0.1:8080", True),
        ("http://[::1]:8080", "[::1]:8080", True),
        ("http://localhost:9999", "localhost:8080", False),
        ("http://rebound.example:8080", "rebound.example:8080", False),
        ("http://localhost:8080", None, False),
        (None, "localhost:8080", False),
    ],
)
def test_C91_without_a_public_url_only_our_own_loopback_page_may_post(
    origin: str | None, host: str | None, admitted: bool
) -> None:
    assert Origins(None).admit(origin, host) is admitted


def test_C91_with_a_public_url_the_host_header_proves_nothing() -> None:
    origins = Origins("https://desk.example/front", ["https://shop.example/"])
    assert origins.admit("https://desk.example", "anything")
    assert origins.admit("https://shop.example", "anything")
    assert not origins.admit("http://desk.example", "desk.example")
    assert not origins.admit("http://localhost:8080", "localhost:8080")


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("localhost:8080", True),
        ("127.0.0.1", True),
        ("[::1]:8080", True),
        ("desk.example", True),
        ("Desk.Example:443", True),
        ("shop.example:8443", True),
        ("shop.example", False),
        ("desk.example:8080", False),
        ("rebound.example:8080", False),
        ("user@localhost", False),
        ("", False),
        (None, False),
    ],
)
def test_X14_what_is_only_read_is_read_under_our_own_name(host: str | None, ours: bool) -> None:
    assert Origins("https://desk.example/front", ["https://shop.example:8443"]).serves(host) is ours
