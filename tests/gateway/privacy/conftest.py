"""A town of a thousand customers on each store, and every byte that the store has."""

from __future__ import annotations

import pytest


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
