"""A provider's keep-alive connection to the webhook."""

from __future__ import annotations

import asyncio
import re

SECRET = "bench-webhook-secret"
WEBHOOK = "/webhooks/telegram"

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Line:
    """One request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self._reader, self._writer, self._host = reader, writer, host

    @classmethod
    async def open(cls, url: str) -> Line:
        host, _, port = url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        return cls(reader, writer, f"{host}:{port}")

    async def post(self, body: bytes) -> int:
        """The status; what else the answer says is passed over."""
        head = (
            f"POST {WEBHOOK} HTTP/1.1\r\nhost: {self._host}\r\ncontent-type: application/json\r\n"
            f"x-telegram-bot-api-secret-token: {SECRET}\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        if length := _LENGTH.search(answer):
            await self._reader.readexactly(int(length[1]))
        return int(answer.split(b" ", 2)[1])

    def close(self) -> None:
        self._writer.close()
