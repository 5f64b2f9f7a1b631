"""What the value of a setting may look like; a wrong one is told with its fault and the remedy, never shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr

from engine.errors import SettingsError

_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)


def http_url(text: str) -> str:
    """An http(s) address, perhaps with a path (C5); without the slash at its end. Raises ValueError."""
    url = _split(text)
    if url.query or url.fragment or text.endswith(("?", "#")):
        raise ValueError("has a query or a fragment; leave it out")
    return text.rstrip("/")


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
Countries = Annotated[frozenset[str], BeforeValidator(countries)]
Origins = Annotated[tuple[str, ...], BeforeValidator(origins)]
Folder = Annotated[Path, AfterValidator(folder)]


def _origin(text: str) -> str:
    url = _split(text)
    if url.path not in {"", "/"} or url.query or url.fragment:
        raise ValueError("holds more than origins; write scheme, host and port only, such as https://shop.example")
    return f"{url.scheme}://{url.netloc}".lower()


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
