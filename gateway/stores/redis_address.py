"""Where Redis is: REDIS_URL as one node, the primary that sentinels know, or a cluster. Opens nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qsl, unquote

REMEDY = "write it like redis://127.0.0.1:6379/0; docs/guides/redis.md has the other forms"

_URL = re.compile(
    r"(?P<scheme>unix|(?P<tls>rediss?)(?:\+(?P<kind>sentinel|cluster))?)://"
    r"(?:(?P<user>[^:@/]*)(?::(?P<password>[^@/]*))?@)?(?P<hosts>[^@/?#]*)(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?"
)
_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::(?P<port>\d{1,5}))?", re.ASCII)


class Shape(StrEnum):
    """What REDIS_URL names."""

    NODE = "node"
    SENTINEL = "sentinel"
    CLUSTER = "cluster"


@dataclass(frozen=True, kw_only=True)
class Login:
    """Who we are there; None where nobody asks."""

    user: str | None = None
    password: str | None = None


@dataclass(frozen=True, kw_only=True)
class RedisAddress:
    """A REDIS_URL, understood. `path` is a socket's file, `service` the sentinels' name of the primary."""

    shape: Shape
    hosts: tuple[tuple[str, int], ...] = ()
    path: str = ""
    service: str = ""
    db: int = 0
    tls: bool = False
    authority: str | None = None
    """The file of the certificates to trust, instead of the machine's own."""
    login: Login = field(default=Login(), repr=False)
    sentinel_login: Login = field(default=Login(), repr=False)

    @classmethod
    def parse(cls, url: str) -> RedisAddress:
        """Raises ValueError with the fault and the remedy, and nothing of the value: it may hold a password."""
        found = _URL.fullmatch(url)
        if found is None:
            raise ValueError(f"has the wrong shape; {REMEDY}")
        extra = _extras(found["query"] or "")
        login = Login(user=_plain(found["user"]), password=_plain(found["password"]))
        path = unquote(found["path"] or "")
        if found["scheme"] == "unix":
            if found["hosts"] or len(path) < 2:
                raise ValueError("names no socket; write it like unix:///run/redis.sock")
            return cls(shape=Shape.NODE, path=path, db=_db(extra.get("db", "")), login=login)
        shape = Shape(found["kind"] or Shape.NODE)
        port = 26379 if shape is Shape.SENTINEL else 6379
        hosts = tuple(_host(host, port) for host in found["hosts"].split(","))
        if shape is Shape.NODE and len(hosts) > 1:
            raise ValueError(f"names several hosts; {REMEDY}")
        service, db = _inside(shape, [*filter(None, path.split("/"))], extra.get("db", ""))
        return cls(
            shape=shape,
            hosts=hosts,
            service=service,
            db=db,
            tls=found["tls"] == "rediss",
            authority=extra.get("ssl_ca_certs"),
            login=login,
            sentinel_login=Login(user=extra.get("sentinel_username"), password=extra.get("sentinel_password")),
        )

    def passwords(self) -> tuple[str, ...]:
        """What no log may hold."""
        return tuple(filter(None, (self.login.password, self.sentinel_login.password)))


def _extras(query: str) -> dict[str, str]:
    extra = dict(parse_qsl(query, keep_blank_values=True))
    if unknown := extra.keys() - {"db", "ssl_ca_certs", "sentinel_username", "sentinel_password"}:
        raise ValueError(
            f"has options that mean nothing here ({len(unknown)}); "
            "those that do are db, ssl_ca_certs, sentinel_username and sentinel_password"
        )
    return extra


def _inside(shape: Shape, names: list[str], db: str) -> tuple[str, int]:
    """The primary's name, for sentinels, and the number of the database."""
    service = names.pop(0) if names and shape is Shape.SENTINEL else ""
    if shape is Shape.SENTINEL and not service:
        raise ValueError("names no primary; write what the sentinels call it behind the hosts, as in /mymaster")
    number = _db(names.pop(0) if names else db)
    if names:
        raise ValueError(f"has a path that is too long; {REMEDY}")
    if number and shape is Shape.CLUSTER:
        raise ValueError("names a database; a cluster has only number 0, so leave it out")
    return service, number


def _host(text: str, port: int) -> tuple[str, int]:
    found = _HOST.fullmatch(text)
    if found is None or int(found["port"] or port) > 65_535:
        raise ValueError(f"names no host; {REMEDY}")
    return found["name"].strip("[]"), int(found["port"] or port)


def _db(text: str) -> int:
    if text and not re.fullmatch(r"\d{1,4}", text, re.ASCII):
        raise ValueError(f"has a database that is no number; {REMEDY}")
    return int(text or 0)


def _plain(text: str | None) -> str | None:
    return unquote(text) if text else None
