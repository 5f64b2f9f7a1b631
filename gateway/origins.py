"""Which pages may post to us: our own and those the operator names (C91)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


class Origins:
    """The allowed origins. With no PUBLIC_URL and none named, a loopback page may post to the address it came from."""

    def __init__(self, public_url: str | None, named: Iterable[str] = ()) -> None:
        self._own = origin_of(public_url) if public_url else None
        self._allowed = {origin_of(url) for url in (*named, *([public_url] if public_url else []))} - {None}

    @property
    def secure(self) -> bool:
        """Whether our own pages are served over https, so that cookies must be."""
        return self._own is not None and self._own.startswith("https:")

    def admit(self, origin: str | None, host: str | None) -> bool:
        """Whether a request with this Origin and Host header comes from an allowed page. No Origin is no page."""
        claimed = origin_of(origin) if origin else None
        if claimed is None:
            return False
        if claimed in self._allowed:
            return True
        # Host is what the page's author chose: a name that resolves to us must not make its page ours.
        return self._own is None and _loopback(claimed) and claimed == origin_of(f"http://{host}")

    def serves(self, host: str | None) -> bool:
        """Whether a page that was asked for under this Host header is one of ours: what it reads carries no Origin.

        A foreign page whose name was made to resolve to us sends its own name here.
        """
        named = origin_of(f"http://{host}") if host else None
        if named is None:
            return False
        return _loopback(named) or bool({named, origin_of(f"https://{host}")} & self._allowed)


def origin_of(url: str) -> str | None:
    """`scheme://host[:port]` of an http(s) URL, lower-case and without a default port; None for anything else."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.username is not None:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, _DEFAULT_PORTS[parts.scheme]) else "")


def _loopback(origin: str) -> bool:
    host = urlsplit(origin).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
