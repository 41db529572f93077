"""Splits by owner: the same people file again and again, so documents of one are never divided."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from training.annotations import AnnotatedDocument


def owner_key(item: AnnotatedDocument) -> str:
    """Who filed: the key that synthesis stores, else the first owner of the record, else the document itself."""
    key = item.meta.get("owner_key")
    if key:
        return str(key).casefold()
    owners = (item.record or {}).get("reporting_owners") or [{}]
    return str(owners[0].get("name") or item.id).casefold()


def in_share(key: str, share: float, seed: int) -> bool:
    """Whether a key falls into the given share of all keys; stable over runs and machines."""
    digest = hashlib.sha256(f"{seed}:{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64


def split_by_owner(
    documents: Iterable[AnnotatedDocument], share: float, seed: int
) -> tuple[list[AnnotatedDocument], list[AnnotatedDocument]]:
    """(rest, held out): all documents of about `share` of the owners are held out."""
    rest: list[AnnotatedDocument] = []
    held: list[AnnotatedDocument] = []
    for item in documents:
        (held if in_share(owner_key(item), share, seed) else rest).append(item)
    return rest, held
