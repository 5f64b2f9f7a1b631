"""Real redis-servers of our own, on private ports of this machine: started, killed, stopped and started again."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from signal import SIGKILL, SIGTERM, Signals
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

READY_S = 15.0
"""A server that takes longer has hung, however busy the machine is."""


def emptied(url: str) -> None:
    """Leave nothing in it."""
    with redis.Redis.from_url(url, protocol=2) as client:
        client.flushall()


class RedisServer:
    """One server and its folder. What it keeps there survives `kill`; its port stays the same."""

    def __init__(self, program: str, folder: Path, *options: str) -> None:
        self.port = free_port()
        self.folder = folder
        self._log = folder / f"redis-{self.port}.log"
        self._command = [program, "--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(folder), *options]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int:
        assert self._process is not None, "it does not run"
        return self._process.pid

    def start(self) -> None:
        """Return once it answers and has read what it keeps."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline:
            assert self._process.poll() is None, self._log.read_text()
            with suppress(redis.ConnectionError, redis.TimeoutError):
                self.ask("PING")
                return
            time.sleep(0.01)
        raise AssertionError(f"redis-server was not ready within {READY_S:.0f} s")

    def configure(self, *lines: str) -> None:
        """Give it a file of its own, which a sentinel writes to."""
        file = self.folder / f"redis-{self.port}.conf"
        file.write_text("\n".join(lines))
        self._command = [self._command[0], str(file), *self._command[1:]]

    def ask(self, *words: str | bytes | int) -> Any:
        """One command on a connection of its own."""
        with redis.Redis(port=self.port, protocol=2, socket_timeout=5, retry=Retry(NoBackoff(), 0)) as client:
            return client.execute_command(*words)

    def signal(self, number: Signals) -> None:
        """SIGSTOP hangs it, SIGCONT lets it go on."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """kill -9."""
        self._end(SIGKILL)

    def stop(self) -> None:
        """SIGTERM: it writes what it keeps and goes."""
        self._end(SIGTERM)

    def _end(self, number: Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(number)
            process.wait(READY_S)


@contextmanager
def running(program: str, folder: Path, *options: str) -> Iterator[RedisServer]:
    """A server that is gone when the block ends."""
    server = RedisServer(program, folder, *options)
    try:
        server.start()
        yield server
    finally:
        server.kill()


@contextmanager
def cluster(program: str, folder: Path, size: int, *more: str) -> Iterator[list[RedisServer]]:
    """A cluster of `size` primaries that share the slots. Gone when the block ends."""
    buses = [free_port() for _ in range(size)]
    options = ("--save", "", "--cluster-enabled", "yes", *more)
    servers = [
        RedisServer(program, folder, *options, "--cluster-port", str(bus), "--cluster-config-file", f"nodes-{bus}")
        for bus in buses
    ]
    try:
        for number, server in enumerate(servers):
            server.start()
            first, beyond = 16_384 * number // size, 16_384 * (number + 1) // size
            server.ask("CLUSTER", "ADDSLOTSRANGE", first, beyond - 1)
            server.ask("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
            servers[0].ask("CLUSTER", "MEET", "127.0.0.1", server.port, buses[number])
        together = (b"cluster_state:ok", b"cluster_known_nodes:%d\r" % size)
        _until(lambda: all(sign in _text(one, "CLUSTER", "INFO") for one in servers for sign in together))
        yield servers
    finally:
        for server in servers:
            server.kill()


@contextmanager
def watched(program: str, folder: Path, *, down_after_ms: int) -> Iterator[tuple[list[RedisServer], list[int]]]:
    """A primary and its replica, and the ports of three sentinels that call it `desk`. Gone when the block ends."""
    primary, replica = (RedisServer(program, folder, "--save", "", "--dbfilename", f"{n}.rdb") for n in range(2))
    sentinels = [RedisServer(program, folder, "--sentinel") for _ in range(3)]
    try:
        primary.start()
        replica.start()
        replica.ask("REPLICAOF", "127.0.0.1", primary.port)
        for sentinel in sentinels:
            sentinel.configure(
                f"port {sentinel.port}",
                f"sentinel monitor desk 127.0.0.1 {primary.port} 2",
                f"sentinel down-after-milliseconds desk {down_after_ms}",
                "sentinel failover-timeout desk 5000",
            )
            sentinel.start()
        _until(lambda: b"master_link_status:up" in _text(replica, "INFO", "replication"))
        _until(lambda: all(b"slaves=1,sentinels=3" in _text(one, "INFO", "sentinel") for one in sentinels))
        yield [primary, replica], [sentinel.port for sentinel in sentinels]
    finally:
        for server in (*sentinels, primary, replica):
            server.kill()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _text(server: RedisServer, *words: str) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=READY_S) as wire:
        wire.sendall(" ".join(words).encode() + b"\r\n")
        return wire.recv(1 << 16)


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + READY_S
    while not true():
        assert time.monotonic() < deadline, "the servers did not come together"
        time.sleep(0.02)
