"""The desk that the tests of casework talk to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.engine.flows_for_tests import SHOP
from tests.engine.talk import Table
from tests.gateway.people_desk import PeopleDesk, people_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[PeopleDesk]:
    async with people_desk(tmp_path, actions=Table(SHOP)) as found:
        yield found
