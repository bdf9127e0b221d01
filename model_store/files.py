"""Files that are either whole or not there."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Of Linux' renameat2: paths are relative to the working folder, and the two change places.
_HERE, _EXCHANGE = -100, 2


def write_json(path: Path, content: object) -> None:
    """Replace a JSON file so that a reader, or a crash, never meets half of it."""
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    replace_file(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))


def replace_file(path: Path, write: Callable[[Path], object]) -> None:
    """Replace a file by what `write` writes, so that a reader, or a crash, never meets half of it.

    `write` gets a path that ends like the real one. What it leaves behind when it fails is removed.
    """
    unique = f"{os.getpid()}-{threading.get_ident()}"
    temporary = path.with_name(f".tmp-{unique}-{path.name}")
    try:
        write(temporary)
        sync(temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def replace_folder(new: Path, folder: Path) -> None:
    """Put a folder in the place of another, which is then where the new one was.

    Linux exchanges the two at one stroke; elsewhere there is none for a moment.
    """
    exchange = getattr(ctypes.CDLL(None), "renameat2", None)
    if exchange and not exchange(_HERE, bytes(new), _HERE, bytes(folder), _EXCHANGE):
        return
    old = new.with_name(f"{new.name}-old")
    folder.rename(old)
    new.rename(folder)
    old.rename(new)


def sha256(path: Path) -> str:
    """Return the checksum of a file as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Wait until a file, or the list of names in a folder, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
