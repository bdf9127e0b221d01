"""Visitors' pictures: bytes to an array and back. What is taken, up to which size, and why not."""

from __future__ import annotations

import contextlib
import io
import math
import re
import struct
import zlib
from typing import TYPE_CHECKING, Literal

import numpy as np
from PIL import Image

from imaging.photo_pixels import HEIC, srgb_pixels, upright_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Photo = NDArray[np.float32]  # (H, W, 3), sRGB in [0, 1]
    Reason = Literal[
        "not-an-image",
        "corrupt-or-truncated",
        "not-an-allowed-format",
        "too-many-pixels",
        "too-many-bytes",
        "out-of-memory",
    ]

MAX_BYTES = 15 * 2**20  # as server.maxUploadSize in .streamlit/config.toml
MAX_PIXELS = 50_000_000
MAX_SIDE = 100_000  # no camera comes near; 50 million rows of one pixel take 700 MB to decode
WORKING_PIXELS = 16_000_000  # larger photos are reduced to this

_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")  # no other parser ever sees a visitor's bytes
_ALLOWED = re.compile(rb"\xff\xd8\xff|\x89PNG|RIFF....WEBP|" + HEIC.pattern, re.DOTALL)
_CODED_SIZE = re.compile(rb"ispe(?:\0{7}.)?\0{4}(.{8})", re.DOTALL)
_SMALLEST = 20  # bytes; a mere signature is shorter
_OTHERS = {
    "AVIF": rb"....ftypavi[fs]|....ftypmif1.{4,64}avif",
    "GIF": rb"GIF8",
    "BMP": rb"BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0",
    "TIFF": rb"II[*+]\0|MM\0[*+]",
    "JPEG 2000": rb"\0\0\0\x0cjP|\xff\x4f\xff\x51",
    "JPEG XL": rb"\0\0\0\x0cJXL|\xff\x0a",
    "PSD": rb"8BPS",
    "ICO": rb"\0\0[\1\2]\0[^\0]\0",
    "PPM": rb"P[1-7f]\s",
    "DDS": rb"DDS ",
    "EPS": rb"%!PS",
    "PDF": rb"%PDF",
    "SVG": rb"\s*(<\?xml[^>]*>\s*)?<svg",
    "Video": rb"....ftyp(mp4|isom|qt  |M4V)",
}

# What Pillow and pi-heif raise on pictures that they cannot decode: the list of Pillow's fuzz
# tests, and what its readers of chunks let through.
_UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    ArithmeticError,
    RuntimeError,
    struct.error,
    zlib.error,
)


class PhotoError(ValueError):
    """A picture is refused; the text is one plain sentence for the visitor."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        """Keep the reason, a fixed word for logs and tests, beside the sentence."""
        super().__init__(sentence)
        self.reason: Reason = reason


def decode_photo(data: bytes) -> Photo:
    """Return a picture upright, float32 (H, W, 3), sRGB in [0, 1], at most `WORKING_PIXELS`.

    The content decides, not a name: JPEG, PNG, WebP or HEIC; of several frames, the first.
    Transparent parts lie on white. Pictures of 16 bits come out with the precision of 8.

    Raises:
        PhotoError: for everything that is no such picture, too large or damaged.
    """
    with _plain_errors(data):
        image = _open(data)
        pixels = srgb_pixels(image, WORKING_PIXELS)
        image.close()  # gives its memory back before the array takes as much
        photo = np.empty(pixels.shape, np.float32)
        np.divide(pixels, np.float32(255), out=photo)
        return photo


def read_size(data: bytes) -> tuple[int, int]:
    """Return (width, height) of a picture as it was taken, upright, judged from its header.

    Raises:
        PhotoError: as `decode_photo`, but for damage behind the header.
    """
    with _plain_errors(data):
        return upright_size(_open(data))


def encode_png(photo: Photo) -> bytes:
    """Return a photo, (H, W, 3) in [0, 1], as a PNG of 8 bits without any metadata."""
    return _encode(photo, "PNG")


def encode_jpeg(photo: Photo, quality: int = 95) -> bytes:
    """Return a photo, (H, W, 3) in [0, 1], as a JPEG without any metadata, colours in full.

    Raises:
        PhotoError: for a side that is longer than a JPEG can be.
    """
    height, width = photo.shape[:2]
    if max(width, height) > 65_500:
        raise PhotoError(
            "too-many-pixels",
            f"A JPEG has at most 65,500 pixels a side and this picture is {width} × {height}: "
            "save it as PNG.",
        )
    return _encode(photo, "JPEG", quality=quality, subsampling="4:4:4")


def _encode(photo: Photo, kind: str, **settings: int | str) -> bytes:
    pixels = np.empty(photo.shape, np.uint8)
    for row, result in zip(photo, pixels, strict=True):  # by rows: no float copy of the whole
        result[...] = np.rint(np.clip(row, 0, 1) * 255)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind, **settings)
    return buffer.getvalue()


def _open(data: bytes) -> Image.Image:
    """Read the header, and refuse what is too large before any pixel is decoded."""
    if len(data) > MAX_BYTES:
        raise PhotoError(
            "too-many-bytes",
            f"The file has {_tenths(len(data) / 2**20)} MB and the limit is "
            f"{MAX_BYTES / 2**20:g} MB: save the picture smaller, or as JPEG, and try again.",
        )
    if HEIC.match(data):
        # A crop may show little of a large picture, all of which is decoded.
        for coded in _CODED_SIZE.findall(data):
            _check_pixels(*struct.unpack(">II", coded))
    image = Image.open(io.BytesIO(data), formats=_FORMATS)
    _check_pixels(*image.size)
    return image


def _check_pixels(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise _too_many(f"{width} × {height} = {_tenths(width * height / 1e6)}")
    if max(width, height) > MAX_SIDE:
        raise PhotoError(
            "too-many-pixels",
            f"The picture has {width} × {height} pixels and the limit is {MAX_SIDE} a side: "
            "cut it into parts and try again.",
        )


@contextlib.contextmanager
def _plain_errors(data: bytes) -> Iterator[None]:
    """Let nothing leave but a PhotoError that says what is wrong with `data`."""
    try:
        yield
    except PhotoError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many("more than 89") from None  # where Pillow begins to object
    except MemoryError:
        raise PhotoError(
            "out-of-memory",
            "There is no memory left for a picture of this size: try a smaller one, or later.",
        ) from None
    except _UNREADABLE as error:
        raise _unreadable(data) from error


def _too_many(megapixels: str) -> PhotoError:
    return PhotoError(
        "too-many-pixels",
        f"The picture has {megapixels} megapixels and the limit is {MAX_PIXELS / 1e6:g}: "
        "make it smaller and try again.",
    )


def _unreadable(data: bytes) -> PhotoError:
    """Tell damage from a format that is not taken, and from what is no picture at all."""
    for name, magic in _OTHERS.items():
        if re.match(magic, data[:1024], re.DOTALL):
            return PhotoError(
                "not-an-allowed-format",
                f"{name} files are not taken here: save the picture as JPEG or PNG and try again.",
            )
    if _ALLOWED.match(data) and len(data) >= _SMALLEST:
        return PhotoError(
            "corrupt-or-truncated",
            "The picture is damaged or cut off: save or send it once more and try again.",
        )
    return PhotoError(
        "not-an-image",
        "The file is empty or not a picture: choose a JPEG, PNG, WebP or HEIC.",
    )


def _tenths(number: float) -> str:
    """Round up, so that no figure above a limit reads like the limit."""
    return f"{math.ceil(number * 10) / 10:g}"
