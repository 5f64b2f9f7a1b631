"""What a fault of Redis means: the store is away, why, and what mends it. No word of a request is repeated (C16)."""

from __future__ import annotations

import re

from redis.exceptions import RedisError, ResponseError
from redis.exceptions import TimeoutError as SocketTimeout

from engine.errors import StoreAway

FAULTS = (OSError, RedisError)
"""Everything by which a connection says that it does not work now; a deadline is an OSError too."""

_REMEDIES = {
    "OOM": "its memory is full; raise `maxmemory`, and look at what fills it",
    "READONLY": "it is a replica and takes no writes; name the primary in REDIS_URL, or its sentinels",
    "LOADING": "it is still reading its data from disk; wait",
    "MASTERDOWN": "it is a replica without its primary; look at the primary",
    "CLUSTERDOWN": "a part of the cluster is down; look at its nodes",
    "TRYAGAIN": "the cluster is moving these keys; wait",
    "MOVED": "the cluster is moving these keys; wait",
    "ASK": "the cluster is moving these keys; wait",
    "NOREPLICAS": "too few of its replicas are there; look at them, or lower `min-replicas-to-write`",
    "MISCONF": "it cannot write to its disk and so takes no writes; look at that disk",
    "BUSY": "another script keeps it busy; look at what else uses it",
    "WRONGPASS": "it knows no such user and password; correct REDIS_URL",
    "NOPERM": "the user of REDIS_URL may not do that; docs/guides/redis.md says what it needs",
}
_BY_TYPE = {
    "NoScriptError": "NOSCRIPT",
    "OutOfMemoryError": "OOM",
    "ReadOnlyError": "READONLY",
    "BusyLoadingError": "LOADING",
    "MasterDownError": "MASTERDOWN",
    "ClusterDownError": "CLUSTERDOWN",
    "TryAgainError": "TRYAGAIN",
    "MovedError": "MOVED",
    "AskError": "ASK",
    "AuthenticationError": "WRONGPASS",
    "NoPermissionError": "NOPERM",
}
"""Where the library has a type for an error, it takes its code off; which have one differs from version to version."""
_CODE = re.compile(r"(?:^|-)([A-Z]{2,})\b")
_LINE = re.compile(r"user_script:(\d+)")


def away(fault: BaseException) -> StoreAway:
    """Nobody there, or nobody in time: what was asked may have been done, and may be asked again (I8)."""
    if isinstance(fault, ResponseError) or type(fault).__name__ in _BY_TYPE:
        return refused(fault)
    if isinstance(fault, TimeoutError | SocketTimeout):
        return StoreAway("Redis does not answer in time; look at its load, and at the network between it and here")
    return StoreAway(f"Redis cannot be reached ({type(fault).__name__}); start it, or correct REDIS_URL")


def code_of(fault: BaseException) -> str:
    """The first word of an error of Redis's, such as MOVED."""
    return _BY_TYPE.get(type(fault).__name__) or _found(_CODE, fault, "ERR")


def refused(fault: BaseException, script: str = "") -> StoreAway:
    """Redis answered with an error. Its code is told and its words are not: they may quote what was asked."""
    code = code_of(fault)
    line = _found(_LINE, fault, "")
    where = f" `{script}`" * bool(script) + f" at line {line}" * bool(line)
    remedy = _REMEDIES.get(code, "look at its log, and at what else writes to it")
    return StoreAway(f"Redis refused{where} ({code}): {remedy}")


def _found(pattern: re.Pattern[str], fault: BaseException, otherwise: str) -> str:
    found = pattern.search(str(fault))
    return found[1] if found else otherwise
