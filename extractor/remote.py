"""Inputs and outputs at addresses ("s3://bucket/filings/*.pdf"), by way of fsspec: whatever it reaches."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from extractor.errors import DamagedInput, Form4Error, MissingInput
from extractor.readers.limits import Limits

_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


def is_url(name: str) -> bool:
    """Whether a name is an address such as "s3://bucket/filings" rather than a path."""
    return bool(_URL.match(name))


def _file_system(url: str) -> tuple[Any, str]:
    """(fsspec file system, path in it). Raises Form4Error where fsspec, or its part for this address, is missing."""
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise Form4Error(f"{url}: addresses need fsspec: pip install 'form4[ray]'") from None
    try:
        return url_to_fs(url)  # type: ignore[no-any-return]
    except (ImportError, ValueError) as error:  # the package for that protocol, or an unknown protocol
        raise Form4Error(f"{url}: {error}") from None


def find_urls(url: str) -> list[str]:
    """The files that an address names: itself, all below it, or those that match its pattern; sorted.

    Raises MissingInput where there are none, DamagedInput where they cannot be listed.
    """
    system, path = _file_system(url)
    try:
        if any(letter in path for letter in "*?[") and not system.exists(path):
            found, problem = system.glob(path), "no file matches this pattern"
            found = [name for name in found if not system.isdir(name)]
        elif system.isdir(path):
            found, problem = system.find(path), "the directory holds no files"
        else:
            return [url]
    except Exception as error:  # each file system raises its own
        raise DamagedInput(url, f"cannot be listed: {error}") from None
    if not found:
        raise MissingInput(url, problem)
    return [system.unstrip_protocol(name) for name in sorted(found)]


def read_url(url: str, path: str, limits: Limits) -> bytes:
    """The bytes at an address. Raises InputError; never reads beyond the limit."""
    system, place = _file_system(url)
    try:
        with system.open(place, "rb") as file:
            data: bytes = file.read(limits.max_bytes + 1)
    except FileNotFoundError:
        raise MissingInput(path, "no such file") from None
    except Exception as error:  # each file system raises its own
        raise DamagedInput(path, f"cannot be read: {error}") from None
    limits.check_bytes(len(data), path)
    return data


def put(file: Path, url: str) -> None:
    """Copy a finished file to an address. Object stores show it when it is whole."""
    system, place = _file_system(url)
    system.makedirs(place.rpartition("/")[0], exist_ok=True)
    system.put_file(str(file), place)
