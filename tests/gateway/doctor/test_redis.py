"""`frontdesk doctor` on a desk whose conversations are in Redis (F14)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from channels.base import Mark
from gateway.stores import opening
from tests.channels import telegram_double as telegrams
from tests.gateway.doctor.rounds import examined, one, polling
from tests.redis_servers import RedisServer

pytestmark = pytest.mark.anyio


async def test_a_redis_that_keeps_what_it_is_given_is_sound(redis_server: RedisServer, tmp_path: Path) -> None:
    found = await one("store", tmp_path, REDIS_URL=redis_server.url)
    assert (found.mark, found.found) == (Mark.OK, "Redis can be written, and keeps what it is given")


async def test_F14_each_thing_that_is_wrong_has_its_line_and_its_remedy(
    redis_server: RedisServer, tmp_path: Path
) -> None:
    redis_server.ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu")
    redis_server.ask("CONFIG", "SET", "appendonly", "no")
    found = (await examined(tmp_path, REDIS_URL=redis_server.url))["store"]
    assert [(finding.mark, finding.remedy) for finding in found] == [
        (Mark.FAILED, "set `maxmemory-policy noeviction`"),
        (Mark.WARNING, "set `appendonly yes`"),
    ]


async def test_F13_a_full_one_is_a_failure(redis_server: RedisServer, tmp_path: Path) -> None:
    await one("store", tmp_path, REDIS_URL=redis_server.url)
    redis_server.ask("CONFIG", "SET", "maxmemory", "1mb")
    found = await one("store", tmp_path, REDIS_URL=redis_server.url)
    assert found.mark is Mark.FAILED
    assert "its memory is full" in found.remedy + found.found


async def test_nobody_knows_whether_a_desk_runs_there_so_no_provider_is_asked_for_updates(
    redis_server: RedisServer, telegram: telegrams.TelegramDouble, tmp_path: Path
) -> None:
    await examined(tmp_path, REDIS_URL=redis_server.url, **polling(telegram))
    assert telegram.asked("getMe")
    assert telegram.asked("getUpdates") == []


async def test_F39_a_missing_package_is_told_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gateway.stores.redis", None)
    found = await one("store", tmp_path, REDIS_URL="redis://127.0.0.1:1/0")
    assert found.mark is Mark.FAILED
    assert f"{found.found}; {found.remedy}" == opening.NOT_INSTALLED
