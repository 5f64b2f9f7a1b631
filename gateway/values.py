"""What the value of a setting may look like; a wrong one is told with its fault and the remedy, never shown."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr

from engine.errors import SettingsError
from engine.flowfile.atoms import seconds

_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)


def http_url(text: str) -> str:
    """An http(s) address, perhaps with a path (C5); without the slash at its end. Raises ValueError."""
    url = _split(text)
    if url.query or url.fragment or text.endswith(("?", "#")):
        raise ValueError("has a query or a fragment; leave it out")
    return text.rstrip("/")


def hook_url(text: str) -> str:
    """An http(s) address to post to, to the letter: a query and a slash at its end count. Raises ValueError.

    Any address of the operator's own network will do, but no link-local one: there, clouds answer with keys (X42).
    """
    url = _split(text)
    if not text.isascii():
        raise ValueError("holds a character beyond ASCII; write it as %XX, in a host's name as xn--")
    if url.fragment or text.endswith("#"):
        raise ValueError("has a fragment; leave out what begins with #")
    if _link_local(url.hostname or ""):
        raise ValueError("is a link-local address; give the address of a system of yours")
    return text


def origins(text: object) -> object:
    """`scheme://host[:port]`, lower-case, from a list with commas. Raises ValueError."""
    return tuple(_origin(part.strip()) for part in text.split(",")) if isinstance(text, str) else text


def folder(path: Path) -> Path:
    """A folder that exists. Raises ValueError."""
    if not path.is_dir():
        raise ValueError("is not a folder; give one that exists")
    return path


def countries(text: object) -> object:
    """ISO 3166 alpha-2 codes, upper-case, from a list with commas. Raises ValueError."""
    if not isinstance(text, str):
        return text
    codes = frozenset(part.strip().upper() for part in text.split(","))
    if not all(_COUNTRY.fullmatch(code) for code in codes):
        raise ValueError("holds more than countries; write two-letter codes with commas between, such as US,CA")
    return codes


def lasting(most: str, *, zero: bool = False) -> BeforeValidator:
    """A duration up to `most`, perhaps zero, in seconds: written like a flow's, and a bare number is seconds."""
    most_s = seconds(most) or 0.0

    def check(text: object) -> object:
        if not isinstance(text, str):
            return text
        found = float(text) if _NUMBER.fullmatch(text) else seconds(text)
        if found is None:
            raise ValueError("is no duration; write it like 5m, 24h or 1h 30m; a bare number is seconds")
        if found > most_s or not (found or zero):
            raise ValueError(f"is outside what works; write a duration {'from 0' if zero else 'above 0, up'} to {most}")
        return found

    return BeforeValidator(check)


def matching(shape: str, remedy: str) -> AfterValidator:
    """A text that matches `shape` from end to end."""
    pattern = re.compile(shape, re.ASCII)

    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(f"has the wrong shape; {remedy}")
        return text

    return AfterValidator(check)


def shaped(shape: str, remedy: str) -> AfterValidator:
    """A secret that matches `shape` from end to end."""
    pattern = re.compile(shape, re.ASCII)

    def check(secret: SecretStr) -> SecretStr:
        if not pattern.fullmatch(secret.get_secret_value()):
            raise ValueError(f"has the wrong shape; {remedy}")
        return secret

    return AfterValidator(check)


def secretly(parse: Callable[[str], object]) -> AfterValidator:
    """A secret that `parse` takes without a ValueError, whose words must not repeat it."""

    def check(secret: SecretStr) -> SecretStr:
        parse(secret.get_secret_value())
        return secret

    return AfterValidator(check)


def parsed(parse: Callable[[str], object]) -> AfterValidator:
    """A text that `parse` takes without a SettingsError."""

    def check(text: str) -> str:
        try:
            parse(text)
        except SettingsError as error:
            raise ValueError(str(error)) from None
        return text

    return AfterValidator(check)


def loopback(url: str) -> bool:
    """Does the address lead back to this machine?"""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


HttpUrl = Annotated[str, AfterValidator(http_url)]
HookUrl = Annotated[str, AfterValidator(hook_url)]
Countries = Annotated[frozenset[str], BeforeValidator(countries)]
Origins = Annotated[tuple[str, ...], BeforeValidator(origins)]
Folder = Annotated[Path, AfterValidator(folder)]


def _origin(text: str) -> str:
    url = _split(text)
    if url.path not in {"", "/"} or url.query or url.fragment:
        raise ValueError("holds more than origins; write scheme, host and port only, such as https://shop.example")
    return f"{url.scheme}://{url.netloc}".lower()


def _link_local(host: str) -> bool:
    """Also when written as one number, in hexadecimal, or inside an IPv6 address (X43)."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        try:
            address = ip_address(socket.inet_aton(host.rstrip(".")))
        except OSError:
            return False
    return (getattr(address, "ipv4_mapped", None) or address).is_link_local


def _split(text: str) -> SplitResult:
    try:
        url = urlsplit(text)
        sound = url.scheme in {"http", "https"} and bool(url.hostname) and url.port != 0 and not re.search(r"\s", text)
    except ValueError:
        sound = False
    if not sound:
        raise ValueError("is not an http(s) address; write it like https://desk.example")
    if url.username is not None or url.password is not None:
        raise ValueError("holds a user name or password; leave them out")
    return url
