"""Two pictures in one block of bytes, the form in which a component takes them unchanged."""

from __future__ import annotations

import json
import struct
import zlib
from typing import TYPE_CHECKING

from imaging.photos import PhotoError, encode_jpeg, encode_png

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ui.photo_source import Source
    from ui.photo_work import Work

    Photo = NDArray[np.float32]

# Both pictures must fit into one message to the browser, of server.maxMessageSize.
_MOST_BYTES = 18_000_000
_QUALITIES = (92, 84, 72, 55, 30)  # the first is not to be told from the original by eye


def pack(before: Photo, after: Photo) -> bytes:
    """Return both pictures as files in one block: the size of the first, the first, the second."""
    first, second = b"", b""
    for quality in _QUALITIES:
        first, second = _encode(before, quality), _encode(after, quality)
        if len(first) + len(second) <= _MOST_BYTES:
            break
    return struct.pack("<I", len(first)) + first + second


def for_zoom(work: Work, source: Source, before_name: str) -> bytes:
    """Return the pictures, and before them what the slider is to say of them.

    Only what belongs to the pictures is in it: equal bytes are not sent to the browser again.
    """
    height, width = work.before.shape[:2]
    words = {
        "photo": source.digest,
        "made": zlib.crc32(work.pictures),
        "name": source.name,
        "size": [width, height],
        "before": before_name,
        "after": "denoised",
    }
    said = json.dumps(words).encode()
    return struct.pack("<I", len(said)) + said + work.pictures


def _encode(photo: Photo, quality: int) -> bytes:
    try:
        return encode_jpeg(photo, quality)
    except PhotoError:  # a side longer than a JPEG can be
        return encode_png(photo)
