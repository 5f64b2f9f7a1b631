"""What tests of the commands stand on."""

from __future__ import annotations

from pathlib import Path

import pytest
import redis

from tests.gateway.kept_desk import Environ


@pytest.fixture(params=["sqlite", pytest.param("redis", marks=pytest.mark.redis)])
def environ(request: pytest.FixtureRequest, tmp_path: Path) -> Environ:
    """The settings of a desk on either store, which is empty."""
    found = {"FRONTDESK_DATA_DIR": str(tmp_path / "data")}
    if request.param == "redis":
        url = request.getfixturevalue("redis_url")
        with redis.Redis.from_url(url) as client:
            client.flushall()
        found["REDIS_URL"] = url
    return found
