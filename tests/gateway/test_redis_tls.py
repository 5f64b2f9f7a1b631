"""Redis over TLS: trusted by the authority that was named, by no other, and by its name (X73)."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import StoreAway
from gateway.clock import SystemClock
from gateway.stores.redis import RedisStore
from gateway.stores.redis_address import RedisAddress
from tests.conformance.events import message
from tests.redis_servers import free_port, running

pytestmark = pytest.mark.anyio


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Of 127.0.0.1, and the authority for itself; the key lies beside it."""
    program = shutil.which("openssl") or pytest.skip("openssl is not installed -> apt-get install openssl")
    paper, key = tmp_path / "paper.pem", tmp_path / "key.pem"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    named = ["-subj", "/CN=redis", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = [program, "req", "-x509", *kind, *named, "-keyout", str(key), "-out", str(paper)]
    subprocess.run(command, check=True, capture_output=True)
    return paper


@pytest.fixture
def port(certificate: Path, redis_program: str, tmp_path: Path) -> Iterator[int]:
    """Where a server speaks TLS."""
    port = free_port()
    key = str(certificate.with_name("key.pem"))
    papers = ("--tls-cert-file", str(certificate), "--tls-key-file", key, "--tls-ca-cert-file", str(certificate))
    tls = ("--tls-port", str(port), *papers, "--tls-auth-clients", "no")
    with running(redis_program, tmp_path, "--save", "", *tls):
        yield port


async def test_X73_a_named_authority_is_trusted(port: int, certificate: Path) -> None:
    address = RedisAddress.parse(f"rediss://127.0.0.1:{port}/0?ssl_ca_certs={certificate}")
    store = await RedisStore.open(address, SystemClock())
    assert (await store.mailbox.accept(message("m1"), want_grant=True)).grant
    await store.close()


@pytest.mark.parametrize("url", ["rediss://127.0.0.1:{port}", "rediss://localhost:{port}?ssl_ca_certs={certificate}"])
async def test_X73_a_stranger_and_a_wrong_name_are_not(url: str, port: int, certificate: Path) -> None:
    address = RedisAddress.parse(url.format(port=port, certificate=certificate))
    with pytest.raises(StoreAway, match="cannot be reached"):
        await RedisStore.open(address, SystemClock())
