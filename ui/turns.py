"""Turns: what takes a lot of memory is done one at a time in the whole process, whoever asks.

The semaphores are module globals, as any visitor can clear Streamlit's caches.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

READING = threading.Semaphore(1)  # a second or so: decode, encode
DENOISING = threading.Semaphore(1)  # may take a minute
_PATIENCE = 0.25  # s between two words to a visitor who waits


@contextmanager
def take_turn(turn: threading.Semaphore, tell: Callable[[], object] = bool) -> Iterator[None]:
    """Wait for one's turn, calling `tell` from time to time, and hold it.

    What `tell` raises ends the waiting: so Streamlit lets go of a visitor who has left.
    """
    while not turn.acquire(timeout=_PATIENCE):
        tell()
    try:
        yield
    finally:
        turn.release()
