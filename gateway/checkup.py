"""The round that `frontdesk doctor` makes: every check side by side, each with a deadline of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from channels.base import Check, Finding
from gateway import premises, storeroom
from gateway.modelcheck import model
from gateway.providers import pool, providers_of
from gateway.settings import Settings
from gateway.tracecheck import traces

CHECK_WITHIN_S = 5.0


async def examine(settings: Settings, environ: Mapping[str, str]) -> list[Finding]:
    """Everything that can be said about a desk with these settings, in a fixed order. Changes nothing but to create
    an empty store where there is none."""
    from gateway.stores.opening import STORE_FILE  # noqa: PLC0415 - the whole desk: other commands do without

    folder = settings.data_dir
    # First and alone: whether a desk runs here decides what may be asked of providers.
    taken, kept = await _store(settings, folder / STORE_FILE)
    async with pool() as http:
        providers = providers_of(settings, http, alone=not taken)
        checks: dict[str, Check] = {
            "flows": partial(asyncio.to_thread, premises.flows, settings, environ),
            "data": partial(asyncio.to_thread, premises.disk, folder),
            "address": partial(premises.address, settings, http),
            "model": partial(model, settings, http),
            "traces": partial(traces, settings, http),
            "clock": partial(premises.clock, providers, http),
        }
        for provider in providers:
            checks |= provider.checks()
        rounds = await asyncio.gather(*(_within_time(name, check) for name, check in checks.items()))
    named = premises.variables(settings, environ, [provider.name for provider in providers])
    return [*named, *kept, *(finding for found in rounds for finding in found)]


async def _store(settings: Settings, file: Path) -> tuple[bool, list[Finding]]:
    """As `storeroom.store`; a store that does not answer counts as taken, for nobody knows that it is not."""
    try:
        async with asyncio.timeout(CHECK_WITHIN_S):
            return await storeroom.store(settings, file)
    except TimeoutError:
        return True, [_late("store", "look at the machine it is on, and at what else uses it")]


async def _within_time(name: str, check: Check) -> Sequence[Finding]:
    try:
        async with asyncio.timeout(CHECK_WITHIN_S):
            return await check()
    except TimeoutError:
        return [_late(name, "run it again; if that stays so, look at the network between this machine and there")]


def _late(name: str, remedy: str) -> Finding:
    return Finding.failed(name, f"no answer within {CHECK_WITHIN_S:g} s", remedy)
