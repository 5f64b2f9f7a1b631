"""Disks with no room left: a small one that is truly full, and a process that may write no further."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

SIZE_KB = 4096


class Disk(Protocol):
    """Where a desk keeps its data: `folder`, which need not exist yet."""

    @property
    def folder(self) -> Path: ...

    def fill(self, pid: int) -> None:
        """From now on, nothing can be added."""
        ...

    def make_room(self, pid: int) -> None:
        """It can again."""
        ...


@dataclass(frozen=True)
class SmallDisk:
    """A tmpfs of SIZE_KB, filled by a file that means nothing: writes fail with ENOSPC."""

    folder: Path

    @property
    def _ballast(self) -> Path:
        return self.folder.parent / "ballast"

    def fill(self, pid: int) -> None:
        with self._ballast.open("wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(bytes(4096))
            except OSError:
                return

    def make_room(self, pid: int) -> None:
        self._ballast.unlink()


@dataclass(frozen=True)
class Allowance:
    """An ordinary disk, and a process that is forbidden to write to any file: writes fail with EFBIG."""

    folder: Path

    def fill(self, pid: int) -> None:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))

    def make_room(self, pid: int) -> None:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@contextmanager
def small_disk(at: Path) -> Iterator[SmallDisk | None]:
    """A disk mounted at `at` until the block ends; None where we may not mount."""
    at.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_KB}k", "none", str(at)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        yield None
        return
    try:
        yield SmallDisk(at / "data")
    finally:
        subprocess.run(["umount", str(at)], check=True)
