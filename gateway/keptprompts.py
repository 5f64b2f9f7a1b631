"""Every text of a prompt that a model was ever told, in the store by its version: old notes still name it (S21)."""

from __future__ import annotations

from engine.prompts import Prompts, version_of
from engine.store import Records

PROMPT = "prompt"
"""The kind of record; its key is a part's version, its blob the text of the part's file."""


async def keep_prompts(records: Records, prompts: Prompts) -> None:
    """Keep the deployed parts for the notes that will name them; what is kept already stays. May raise StoreAway."""
    for text in set(prompts.sources.values()):
        await records.put(PROMPT, version_of(text), text.encode(), expect=0)


async def kept_text(records: Records, version: str) -> str | None:
    """The text of one version, if it is kept. May raise StoreAway."""
    record = await records.get(PROMPT, version)
    return record.blob.decode() if record is not None else None
