"""`frontdesk webhooks`: have each channel's provider deliver to PUBLIC_URL, see where it does, or stop it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import typer

from channels.base import Finding, Provider
from gateway.cli.findings import console, masked, sound, table
from gateway.settings import from_environment
from gateway.telemetry import start_quiet_logs

NOBODY = "No channel is on whose provider could deliver to this desk; docs/settings.md says what switches one on."

app = typer.Typer(no_args_is_help=True, help="Register PUBLIC_URL with the providers that allow it.")

Walk = Callable[[Provider], Awaitable[Sequence[Finding]]]


@app.command("set")
def register() -> None:
    """Have every provider deliver to PUBLIC_URL. Exit code 1 when one does not."""
    _walk(lambda provider: provider.register(), needs_some=True)


@app.command("show")
def registered() -> None:
    """Where every provider delivers. Exit code 1 when that is not here."""
    _walk(lambda provider: provider.registered())


@app.command("delete")
def unregister() -> None:
    """Have every provider deliver nowhere; messages wait there as long as it keeps them."""
    _walk(lambda provider: provider.unregister())


def _walk(step: Walk, *, needs_some: bool = False) -> None:
    from gateway.providers import pool, providers_of  # noqa: PLC0415 - with the channels: other commands do without

    settings = from_environment()
    start_quiet_logs(settings)

    async def walked() -> list[tuple[str, Sequence[Finding]]]:
        async with pool() as http:
            return [(provider.name, await step(provider)) for provider in providers_of(settings, http)]

    rows = [(name, finding) for name, found in asyncio.run(walked()) for finding in masked(found, settings)]
    console().print(table(rows) if rows else NOBODY)
    if not sound(finding for _, finding in rows) or (needs_some and not rows):
        raise typer.Exit(1)
