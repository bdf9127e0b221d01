"""Locks between processes: files the kernel holds for a process and frees when it dies."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PATIENCE = 1.0  # seconds; longer than anybody holds a lock only to see whether it is free


def take(path: Path, patience: float = _PATIENCE) -> int | None:
    """Return the descriptor that holds the lock until it is closed; None when it is taken."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                os.close(descriptor)
                return None
            time.sleep(0.02)
        else:
            return descriptor


def training_lock(store: Path) -> Path:
    """Return the file whose lock a training holds for its life: one at a time in a store."""
    return store / ".training.lock"


@contextmanager
def changing(store: Path) -> Iterator[None]:
    """Hold the short lock under which runs are made, moved and taken out of the queue."""
    descriptor = os.open(store / ".queue.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
