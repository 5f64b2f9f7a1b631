"""Of a thousand people one is forgotten: no trace of her is left, and every byte of the others is (X62)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from channels.base import Kind
from engine.conversation import Conversation
from engine.memory import person_key
from engine.message import Limits
from engine.store import Change
from gateway.clock import SystemClock
from gateway.optouts import has_opted_out, keep_opted_out
from gateway.privacy.belongings import Belongings
from gateway.privacy.export import export
from gateway.privacy.forget import AUDIT, Busy, Forgetting
from gateway.privacy.persons import FORGETTING, find
from gateway.rehearsal.props import RecordingChannel
from gateway.rehearsal.stage import Stage
from gateway.rows import encode
from gateway.stores.redis import RedisStore
from gateway.stores.redis_address import RedisAddress
from gateway.stores.sqlite import SqliteStore
from gateway.stores.store import Store
from tests.gateway.privacy.town import (
    Atom,
    address,
    conversation,
    furnish,
    holding,
    keys_of,
    marks,
    rows_of,
    settle,
    stage,
    writes,
)

pytestmark = pytest.mark.anyio

PEOPLE = range(1000)
HER = 420
"""She asked for a person, too."""
RICH = (HER, 7, 421, 440, 999)
"""Of whom a desk holds all that it can."""
NEW = ("audit", "pseudonyms", "sqlite_sequence")
"""Where what remains is written: a tombstone, and the key of its hash."""


@dataclass(frozen=True, kw_only=True)
class Town:
    """A store with people in it: opened anew for each who asks, and read byte by byte while nobody has it open."""

    stage: type[Stage]
    folder: Path
    open: Callable[[], AsyncIterator[Store]]
    atoms: Callable[[], list[Atom]]


@pytest.fixture(params=["sqlite", pytest.param("redis", marks=pytest.mark.redis)])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Town:
    """On each store, empty."""
    if request.param == "sqlite":
        file = tmp_path / "desk.db"

        async def on_sqlite() -> AsyncIterator[Store]:
            store = await SqliteStore.open(file, SystemClock())
            yield store
            await store.close()

        return Town(stage=Stage, folder=tmp_path, open=on_sqlite, atoms=lambda: list(rows_of(file)))
    url: str = request.getfixturevalue("redis_url")

    class OnRedis(Stage):
        async def open_store(self) -> Store:
            return await RedisStore.open(RedisAddress.parse(url), self.clock)

    async def on_redis() -> AsyncIterator[Store]:
        store = await RedisStore.open(RedisAddress.parse(url), SystemClock())
        yield store
        await store.close()

    return Town(stage=OnRedis, folder=tmp_path, open=on_redis, atoms=lambda: list(keys_of(url)))


async def peopled(town: Town, people: range, rich: tuple[int, ...]) -> None:
    """Let them all come."""
    async with stage(town.folder, town.stage) as desk:
        await settle(desk, people)
    async with asynccontextmanager(town.open)() as store:
        await furnish(store.mailbox, store.records, rich)


async def forgotten(store: Store, name: str, *, busy_s: float = 0.0) -> Belongings:
    """Forget whoever is called so."""
    (person,) = await find(store.mailbox, store.records, name)
    forgetting = Forgetting(mailbox=store.mailbox, records=store.records, clock=SystemClock(), by="ann", busy_s=busy_s)
    return await forgetting.forget(person)


async def test_X62_of_a_thousand_people_one_leaves_no_trace_and_the_others_are_whole(town: Town) -> None:
    await peopled(town, PEOPLE, RICH)
    before = town.atoms()
    words = [*marks(HER), f"ho_{HER:04}"]
    kinds = {atom[1] if atom[0] in ("record", "entry") else atom[0] for atom in holding(before, *words)}
    assert len(kinds) > 8, "there is much to forget"
    async with asynccontextmanager(town.open)() as store:
        theirs = await forgotten(store, conversation(HER))
        words += theirs.cases
        assert len(theirs.cases) == 2
        assert await find(store.mailbox, store.records, conversation(HER)) == []
    after = town.atoms()
    assert holding(after, *words) == []
    for file in town.folder.rglob("*"):
        assert not file.is_file() or not [one for one in words if one.encode() in file.read_bytes()], file
    assert _lost(holding_none(before, words), after) == []
    assert all(_is_new(atom) for atom in _lost(after, before)), _lost(after, before)


def holding_none(atoms: list[Atom], words: list[str]) -> list[Atom]:
    """Those of other people."""
    hers = set(holding(atoms, *words))
    return [atom for atom in atoms if atom not in hers]


def _lost(some: list[Atom], others: list[Atom]) -> list[Atom]:
    """Those of `some` that are not among `others`; of a queue's waits it does not matter at which place they stand."""
    known = {_placeless(atom) for atom in others}
    return [atom for atom in some if _placeless(atom) not in known and not _counts(atom)]


def _placeless(atom: Atom) -> Atom:
    if not any("waits" in part for part in atom[:3]):
        return atom
    return tuple(part for part in atom if not re.fullmatch(r"\d+(-0)?", part))


def _counts(atom: Atom) -> bool:
    """A partition's counter, SQLite's own, and the rows' numbers of what is gone."""
    return atom[0] == "sqlite_sequence" or atom[0].endswith(":q")


def _is_new(atom: Atom) -> bool:
    return any(word in part for part in atom for word in NEW)


async def test_X62_a_number_that_two_have_names_both(town: Town) -> None:
    await peopled(town, range(3), ())
    async with asynccontextmanager(town.open)() as store:
        other = address(1)
        await store.records.put("profile", f"telegram:bot:{other.person}", b"{}")
        found = await find(store.mailbox, store.records, other.person)
        assert [person.key for person in found] == [f"telegram:bot:{other.person}", person_key(other)]
        assert len(await find(store.mailbox, store.records, f"web:{other.person}")) == 1
        assert await find(store.mailbox, store.records, "guest-00") == [], "part of a name is no name"


async def test_X62_an_export_has_all_that_is_forgotten_and_nothing_of_others(town: Town) -> None:
    await peopled(town, range(419, 423), RICH)
    async with asynccontextmanager(town.open)() as store:
        (person,) = await find(store.mailbox, store.records, conversation(HER))
        made = str(await export(store.mailbox, store.records, person))
        for mark in marks(HER):
            assert mark in made
        assert not [mark for mark in marks(421) if mark in made]
        kinds = ["profile", "journal", "session", "stream", "thread", "desk", "dead", "quarantine", "spending"]
        assert [kind for kind in kinds if f"'kind': '{kind}'" not in made] == []


async def test_X62_what_was_cut_off_is_finished_by_the_same_command(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await peopled(town, range(419, 423), RICH)
    async with asynccontextmanager(town.open)() as store:
        with monkeypatch.context() as cut:
            cut.setattr(store.records, "drop", _dies)
            with pytest.raises(KeyboardInterrupt):
                await forgotten(store, conversation(HER))
        assert await store.mailbox.peek(conversation(HER)) is None
        await forgotten(store, conversation(HER))
        assert await store.records.get(FORGETTING, person_key(address(HER))) is None
        assert len(await store.records.read(AUDIT, "forget")) == 1
    assert holding(town.atoms(), *marks(HER)) == []


async def _dies(kind: str, key: str) -> None:
    raise KeyboardInterrupt


async def test_X62_a_conversation_that_is_worked_on_is_waited_for_and_then_named(town: Town) -> None:
    async with asynccontextmanager(town.open)() as store:
        accepted = await store.mailbox.accept(writes(1, 1, "hello"), want_grant=True)
        assert accepted.grant is not None
        with pytest.raises(Busy, match=r"web:site:guest-0001- is being worked on.*Run the same command again"):
            await forgotten(store, conversation(1))
        waiting = asyncio.create_task(forgotten(store, conversation(1), busy_s=20.0))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        await store.mailbox.release(accepted.grant)
        await waiting
        assert await store.mailbox.conversations() == []


async def test_X65_who_opted_out_and_is_forgotten_is_not_written_to(town: Town) -> None:
    async with asynccontextmanager(town.open)() as store:
        for number, out in ((1, True), (2, False)):
            accepted = await store.mailbox.accept(writes(number, 1, "hello"), want_grant=True)
            assert accepted.grant is not None
            state = encode(Conversation(id=conversation(number), address=address(number), opted_out=out))
            await store.mailbox.release(await store.mailbox.commit(accepted.grant, Change(state=state, consumed=())))
            await forgotten(store, conversation(number))
        assert await has_opted_out(store.records, address(1))
        assert not await has_opted_out(store.records, address(2))
    assert holding(town.atoms(), *marks(1), *marks(2)) == []


class Texting(RecordingChannel):
    """A channel that knows words of consent."""

    @property
    def kind(self) -> Kind:
        limits = Limits(max_chars=1000, opt_out_words=("stop",), opt_in_words=("start",))
        return Kind(name=self.name, settings=(), limits=limits)


class TextingDesk(Stage):
    """A desk on it, and its store."""

    store: Store

    async def open_store(self) -> Store:
        self.channel, self.store = Texting("web"), await super().open_store()
        return self.store


async def test_X65_the_next_message_of_somebody_who_opted_out_is_not_answered(tmp_path: Path) -> None:
    desk = stage(tmp_path, TextingDesk)
    async with desk:
        assert isinstance(desk, TextingDesk)
        records = desk.store.records
        await keep_opted_out(records, person_key(address(1)), opted_out=True)
        assert await desk.hear([writes(1, 1, "join the club")]) == []
        assert len(await desk.hear([writes(1, 2, "start")])) == 1
        assert len(await desk.hear([writes(2, 1, "join the club")])) == 1
        await keep_opted_out(records, person_key(address(3)), opted_out=True)
        await keep_opted_out(records, person_key(address(3)), opted_out=False)
        assert len(await desk.hear([writes(3, 1, "join the club")])) == 1
