"""REDIS_URL: what is understood, what is refused, and that no password is ever repeated."""

from __future__ import annotations

import pytest

from engine.errors import SettingsError
from gateway.settings import Settings
from gateway.stores.redis_address import RedisAddress, Shape


@pytest.mark.parametrize(
    ("url", "shape", "hosts"),
    [
        ("redis://127.0.0.1", Shape.NODE, [("127.0.0.1", 6379)]),
        ("redis://[::1]:6380/0", Shape.NODE, [("::1", 6380)]),
        ("redis+sentinel://a,b:1/desk", Shape.SENTINEL, [("a", 26379), ("b", 1)]),
        ("rediss+cluster://a:7000,b", Shape.CLUSTER, [("a", 7000), ("b", 6379)]),
        ("redis+cluster://a/0", Shape.CLUSTER, [("a", 6379)]),
    ],
)
def test_an_address_names_one_node_sentinels_or_a_cluster(url: str, shape: Shape, hosts: list[tuple[str, int]]) -> None:
    address = RedisAddress.parse(url)
    assert (address.shape, list(address.hosts), address.tls) == (shape, hosts, url.startswith("rediss"))


def test_who_we_are_is_read_with_its_signs() -> None:
    login = RedisAddress.parse("redis://desk:p%40ss%2F@host").login
    assert (login.user, login.password) == ("desk", "p@ss/")
    assert RedisAddress.parse("redis://:pw@host").login.user is None
    sentinels = RedisAddress.parse("redis+sentinel://:data@a/desk?sentinel_username=s&sentinel_password=w")
    assert (sentinels.sentinel_login.user, sentinels.sentinel_login.password) == ("s", "w")
    assert sentinels.passwords() == ("data", "w")


def test_a_database_stands_in_the_path_or_behind_it() -> None:
    assert [RedisAddress.parse(url).db for url in ("redis://h/3", "redis://h?db=4", "unix:///r.sock?db=5")] == [3, 4, 5]
    sentinels = RedisAddress.parse("redis+sentinel://h/desk/6")
    assert (sentinels.service, sentinels.db) == ("desk", 6)


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("http://h", "wrong shape"),
        ("redis://", "names no host"),
        ("redis://h:99999", "names no host"),
        ("redis://a,b", "several hosts"),
        ("redis://h/nought", "no number"),
        ("redis://h/1/2", "too long"),
        ("redis://h?ssl=1", "mean nothing here"),
        ("redis+sentinel://h", "names no primary"),
        ("redis+cluster://h/1", "only number 0"),
        ("unix://h/run", "names no socket"),
    ],
)
def test_F39_a_wrong_address_is_told_with_its_fault_and_without_its_password(url: str, fault: str) -> None:
    scheme, _, rest = url.partition("://")
    with pytest.raises(SettingsError, match=f"REDIS_URL .*{fault}") as told:
        Settings.load({"REDIS_URL": f"{scheme}://desk:canary@{rest}"})
    assert "canary" not in str(told.value)


def test_X60_the_password_is_a_secret_by_itself_too() -> None:
    settings = Settings.load({"REDIS_URL": "redis://desk:canary-pass@h"})
    assert "canary-pass" in settings.secrets()
    assert "canary" not in f"{settings!r} {settings.redis!r}"
