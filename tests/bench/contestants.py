"""Who takes part: the floors, aiogram's FSM, and Frontdesk in its ways of running."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tests.bench.line import SECRET
from tests.bench.providers import BOT_TOKEN

ROOT = Path(__file__).parents[2]
FLOWS = ROOT / "tests" / "chaos" / "flows"
APPOINTMENTS = ROOT / "tests" / "bench" / "flows"

_RUN = ("-c", "from gateway.cli.main import run; run()")

FLOOR, CAREFUL = "floor on Redis", "floor with lock and dedupe on Redis"
AIOGRAM, OURS = "aiogram FSM on Redis", "Frontdesk on Redis"
FLOOR_HERE, CAREFUL_HERE = "floor", "floor with lock and dedupe"
OURS_HERE = "Frontdesk on SQLite"
"""Here: without Redis."""

EVERYSEC, ALWAYS = "everysec", "always"


@dataclass(frozen=True, kw_only=True)
class Contestant:
    """What is run: a name for the tables, arguments for this Python, and the variables it wants.

    `beside` are programs that share its work; `fsync` is how the Redis of its own keeps what it is told, None: it has
    no Redis.
    """

    name: str
    program: tuple[str, ...]
    environ: Mapping[str, str]
    beside: tuple[tuple[str, ...], ...] = ()
    fsync: str | None = None


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where Telegram and the shop are, and a folder of its own for what one contestant keeps."""

    telegram: str
    shop: str
    data: Path


def floor(places: Places, *, careful: bool, talk: str = "refund") -> Contestant:
    """Written by hand, in memory; `careful` with a lock per chat and a set of seen updates."""
    return Contestant(
        name=CAREFUL_HERE if careful else FLOOR_HERE,
        program=("-m", "tests.bench.floors", "--talk", talk, *(["--careful"] if careful else [])),
        environ={"TELEGRAM_API_URL": places.telegram, "SHOP_API_URL": places.shop, "BOT_TOKEN": BOT_TOKEN},
    )


def aiogram(places: Places) -> Contestant:
    """aiogram's Dispatcher and FSM; wants Redis."""
    return replace(
        on_redis(floor(places, careful=False)),
        name=AIOGRAM,
        program=("-m", "tests.bench.floors.aiogram_fsm"),
    )


def frontdesk(places: Places, *, channels: Mapping[str, str] | None = None, flows: Path = FLOWS) -> Contestant:
    """The gateway as in production, on SQLite; `channels` are the variables that switch them on, None: Telegram."""
    telegram = {
        "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "TELEGRAM_API_URL": places.telegram,
    }
    return Contestant(
        name=OURS_HERE,
        program=(*_RUN, "serve", "--port", "0"),
        environ={
            "FRONTDESK_ENV": "production",
            "FRONTDESK_DATA_DIR": str(places.data),
            "FLOWS_DIR": str(flows),
            "SHOP_API_URL": places.shop,
            "PUBLIC_URL": "https://desk.example",
            **(telegram if channels is None else channels),
        },
    )


def on_redis(contestant: Contestant, *, fsync: str = EVERYSEC) -> Contestant:
    """The same with its customers in a Redis."""
    name = contestant.name.removesuffix(" on SQLite") + " on Redis"
    return replace(contestant, name=name if fsync == EVERYSEC else f"{name}, {fsync}", fsync=fsync)


def apart(contestant: Contestant, workers: int) -> Contestant:
    """Frontdesk with its doors in one process and so many workers beside it."""
    named = f"{contestant.name}, doors and {workers} worker{'s' if workers > 1 else ''}"
    doors = (*contestant.program, "--no-worker")
    return replace(contestant, name=named, program=doors, beside=((*_RUN, "work"),) * workers)
