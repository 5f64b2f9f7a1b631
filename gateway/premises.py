"""What a desk needs on its own side, looked at for `frontdesk doctor`: flows, disk, address, clock."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from channels.base import Finding, Provider
from channels.inquiry import NoAnswer, ask
from gateway.flowfolder import read_folder
from gateway.settings import Environment, Settings
from gateway.values import loopback

LITTLE_BYTES, TOO_LITTLE_BYTES = 1_000_000_000, 100_000_000
"""Free on the disk: less than the first is a warning; with less than the second SQLite may soon be unable to write."""
LATE, TOO_LATE = timedelta(seconds=30), timedelta(seconds=300)
"""Between a provider's clock and ours. Slack's signatures count for 300 s (C55); what they leave is for the network."""
EXAMPLES = ("example", "test", "invalid", "example.com", "example.net", "example.org")
"""Names kept for examples. Source: RFC 2606."""
OURS = ("FRONTDESK_", "TELEGRAM_", "SLACK_", "TWILIO_", "SMS_", "HANDOFF_", "OPENAI_", "TICKET_", "ZENDESK_")
"""How variables begin that nobody would set for another program of the same environment."""


def variables(settings: Settings, environ: Mapping[str, str], names: Iterable[str]) -> Sequence[Finding]:
    """How much is set, for which channels (`names`), and what is set that nobody reads."""
    known = {str(field.validation_alias) for field in Settings.model_fields.values()}
    given = known | {f"{name}_FILE" for name in Settings.SECRET}
    findings = [
        Finding.ok("settings", f"{len(given & environ.keys())} set; on: {', '.join(('web', *names))}"),
    ]
    if unread := sorted(name for name in environ.keys() - given if name.startswith(OURS)):
        remedy = "compare the names with docs/settings.md, or remove them"
        findings.append(Finding.warning("settings", f"nothing reads {', '.join(unread)}", remedy))
    return findings


def flows(settings: Settings, environ: Mapping[str, str]) -> Sequence[Finding]:
    """Do the flows compile?"""
    where = str(settings.flows_dir or "the ones that come with the desk")
    folder = read_folder(settings.flows_dir, environ)
    errors = [problem for problem in folder.problems if not problem.warning]
    if errors:
        found = f"{len(errors)} in {where}; the first: {errors[0].file}:{errors[0].line}: {errors[0].what}"
        return [Finding.failed("flows", found, "`frontdesk check` names each with its remedy")]
    if folder.problems:
        found = f"{folder.files} compile ({where}), with warnings: {len(folder.problems)}"
        return [Finding.warning("flows", found, "`frontdesk check` names each with its remedy")]
    return [Finding.ok("flows", f"{folder.files} compile ({where})")]


def disk(folder: Path) -> Sequence[Finding]:
    """Can the data's folder be written, and is there room?"""
    there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.is_dir())
    try:
        with tempfile.TemporaryFile(dir=there):
            free = shutil.disk_usage(there).free
    except OSError as fault:
        found = f"{there} cannot be written ({fault.strerror})"
        return [Finding.failed("data", found, "set FRONTDESK_DATA_DIR to a folder that this user may write to")]
    found, remedy = f"{there} can be written; {free / 1e9:.1f} GB are free", "make room on its disk"
    if free < TOO_LITTLE_BYTES:
        return [Finding.failed("data", found, remedy)]
    return [Finding.warning("data", found, remedy) if free < LITTLE_BYTES else Finding.ok("data", found)]


async def address(settings: Settings, http: aiohttp.ClientSession) -> Sequence[Finding]:
    """Is PUBLIC_URL one that others can call, and does it lead to a desk?"""
    url = settings.public_url
    if url is None:
        return [Finding.ok("address", "PUBLIC_URL is not set, so no provider can call this desk")]
    host = urlsplit(url).hostname or ""
    if f".{host}".endswith(tuple(f".{name}" for name in EXAMPLES)) or _link_local(host):
        return [Finding.failed("address", f"PUBLIC_URL is {url}, where nobody can be", "set it to your own address")]
    if settings.env is Environment.TEST and not loopback(url):
        remedy = "set FRONTDESK_ENV=production"
        return [Finding.failed("address", f"FRONTDESK_ENV=test lets strangers at {url} move the clock", remedy)]
    try:
        answered = await ask(http, f"{url}/healthz")
    except NoAnswer as away:
        remedy = "start `serve`, and let the proxy in front of it lead there"
        return [Finding.warning("address", f"nobody answers at {url}: {away}", remedy)]
    if answered.status != 200:
        remedy = "let the proxy in front of `serve` lead there, with the same path"
        return [Finding.warning("address", f"{url}/healthz answers {answered.status}, so it is no desk", remedy)]
    if not _public(host):
        remedy = "set PUBLIC_URL to an address that the world can reach"
        return [Finding.warning("address", f"a desk answers at {url}, but only near this machine", remedy)]
    if not url.startswith("https:"):
        remedy = "put TLS in front of the desk: providers call https only"
        return [Finding.warning("address", f"a desk answers at {url}, unencrypted", remedy)]
    return [Finding.ok("address", f"a desk answers at {url}")]


async def clock(providers: Iterable[Provider], http: aiohttp.ClientSession) -> Sequence[Finding]:
    """Is our clock right? Measured by the Date of a provider's answer."""
    for provider in providers:
        try:
            theirs = (await ask(http, provider.api_url)).at
        except NoAnswer:
            continue
        if theirs is not None:
            return [_skew(abs(datetime.now(UTC) - theirs))]
    return [Finding.ok("clock", "there was nobody to compare it with")]


def _skew(apart: timedelta) -> Finding:
    found, remedy = f"{apart.total_seconds():.0f} s from a provider's", "let the machine keep its time (NTP)"
    if apart > TOO_LATE:
        return Finding.failed("clock", f"{found}: signatures will be refused as too old", remedy)
    return Finding.warning("clock", found, remedy) if apart > LATE else Finding.ok("clock", found)


def _link_local(host: str) -> bool:
    """Where clouds keep their machines' secrets: never asked for anything (X42)."""
    try:
        return ip_address(host).is_link_local
    except ValueError:
        return False


def _public(host: str) -> bool:
    """Can the world reach it? Names that say otherwise, and addresses of the inside, cannot be."""
    try:
        return ip_address(host).is_global
    except ValueError:
        return not loopback(f"//{host}") and not host.endswith((".local", ".internal", ".lan"))
