"""From a picture of any kind to upright sRGB pixels; with the reader of HEIC that Pillow lacks.

A picture of 50 megapixels takes Pillow 200 MB. Converting it by strips of rows keeps what comes on
top of that small: no step ever makes a second copy of the full picture.
"""

from __future__ import annotations

import io
import math
import re
import struct
from typing import TYPE_CHECKING

import _pi_heif  # type: ignore[import-not-found]
import numpy as np
from PIL import ExifTags, Image, ImageCms, ImageFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PIL._imaging import PixelAccess

    Pixels = NDArray[np.uint8]  # (H, W, 3)
    ToSrgb = tuple[str, ImageCms.ImageCmsTransform]  # the mode it takes, and the conversion

HEIC = re.compile(rb"....ftyp(hei[cxms]|hev[cxms]|mif1|msf1)", re.DOTALL)

_STRIP = 2**20  # pixels converted at once: small beside the picture, large beside the overhead
_REACH = 3  # pixels of the result: how far a Lanczos window looks to either side

# What each EXIF orientation asks for, done on views so that nothing is copied.
_UPRIGHT: dict[int, Callable[[Pixels], Pixels]] = {
    1: lambda pixels: pixels,
    2: lambda pixels: pixels[:, ::-1],
    3: lambda pixels: pixels[::-1, ::-1],
    4: lambda pixels: pixels[::-1],
    5: lambda pixels: pixels.transpose(1, 0, 2),
    6: lambda pixels: pixels[::-1].transpose(1, 0, 2),
    7: lambda pixels: pixels[::-1, ::-1].transpose(1, 0, 2),
    8: lambda pixels: pixels[:, ::-1].transpose(1, 0, 2),
}
_SIDEWAYS = (5, 6, 7, 8)

_MODE_OF_SPACE = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK"}
_GREY_MODES = ("1", "L", "LA", "I;16")


class _HeicFile(ImageFile.ImageFile):
    """Reads a HEIC by pi-heif's binding to libheif, which turns it upright by itself.

    Not by the plugin which pi-heif 1.4.0 has for Pillow: it reads all metadata first, and its
    binding ends the whole process when the name of a metadata item is no UTF-8.
    """

    format = "HEIF"
    format_description = "HEIF container"

    def _open(self) -> None:
        assert self.fp is not None  # Pillow's promise
        threads, to_8_bit, bgr, packed, to_16_bit, decoder, unlimited = 2, 1, 0, 0, 0, "", 0
        found = _pi_heif.load_file(
            self.fp.read(), threads, to_8_bit, bgr, packed, to_16_bit, decoder, unlimited
        )
        # The first one where none is said to be the one to show.
        self._coded = max((item for item in found if item), key=lambda item: item.primary)
        self._size, self._stored = self._coded.size_mode
        # Grey of more than 8 bits is called I;10 or I;12.
        self._mode = "L" if self._stored.startswith("I;") else self._stored
        profile = self._coded.color_profile
        if profile.get("type") in {"rICC", "prof"}:
            self.info["icc_profile"] = profile["data"]
        self.tile = []

    def load(self) -> PixelAccess | None:
        if self._coded is not None:
            data, stride = self._coded.data, self._coded.stride
            if self._stored.startswith("I;"):
                values = np.frombuffer(data, "<u2").reshape(self.height, -1)[:, : self.width]
                data, stride = (values >> int(self._stored[2:]) - 8).astype(np.uint8), self.width
            self.load_prepare()
            self.frombytes(data, "raw", (self.mode, stride))
            self._coded = None  # the decoded picture goes, now that it has been copied
        return super().load()


Image.register_open(_HeicFile.format, _HeicFile, lambda prefix: bool(HEIC.match(prefix)))


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Return (width, height) as the picture is looked at, judged from its header."""
    width, height = image.size
    # The plain reader: the one for PNG would decode the pixels to find a late EXIF chunk.
    sideways = _orientation(image, Image.Image.getexif) in _SIDEWAYS
    return (height, width) if sideways else (width, height)


def srgb_pixels(image: Image.Image, most: int) -> Pixels:
    """Return a picture upright, in sRGB, on white, uint8 (H, W, 3) of at most `most` pixels.

    Args:
        image: opened, not yet loaded. A picture with too many pixels is reduced.
        most: the limit to H * W.
    """
    size = _reduced(*image.size, most)
    # A JPEG can be halved while it is decoded, which leaves box of what was decoded.
    drafted = image.draft(None, size) if size != image.size else None
    _scale_transparent_colour(image)
    image.load()
    box = drafted[1][2:] if drafted else image.size
    pixels = _resampled(image, box, size)
    return _UPRIGHT[_orientation(image, type(image).getexif)](pixels)


def _reduced(width: int, height: int, most: int) -> tuple[int, int]:
    """Return the largest size of the same shape that has at most `most` pixels."""
    if width * height <= most:
        return width, height
    scale = math.sqrt(most / (width * height))
    narrow = max(1, min(int(width * scale), most))
    return narrow, max(1, min(int(height * scale), most // narrow))


def _resampled(image: Image.Image, box: tuple[float, ...], size: tuple[int, int]) -> Pixels:
    """Convert and reduce the part of a picture from its corner to `box` (right, bottom)."""
    to_srgb = _colour_conversion(image)
    width, height = size
    scale = box[1] / height
    margin = _REACH * scale + 1
    pixels = np.empty((height, width, 3), np.uint8)
    step = max(1, _STRIP // max(width, image.width))
    for top in range(0, height, step):
        bottom = min(top + step, height)
        first = max(0, math.floor(top * scale - margin))
        last = min(image.height, math.ceil(bottom * scale + margin))
        if size == image.size:
            first, last = top, bottom
        strip = _flat_srgb(image.crop((0, first, image.width, last)), to_srgb)
        if size != image.size:
            # Windows reach over the edges of the box: strips join without a seam.
            part = (0, top * scale - first, box[0], bottom * scale - first)
            strip = strip.resize((width, bottom - top), Image.Resampling.LANCZOS, box=part)
        pixels[top:bottom] = np.asarray(strip)
    return pixels


def _flat_srgb(strip: Image.Image, to_srgb: ToSrgb | None) -> Image.Image:
    """Return pixels as 8-bit sRGB, laid on white where they are transparent."""
    if strip.mode == "I;16":
        strip = _eight_bit(strip)
    alpha = None
    if strip.has_transparency_data:
        strip = strip.convert("RGBA")
        alpha = strip.getchannel("A")
        strip = strip.convert("RGB")
    if to_srgb:
        mode, transform = to_srgb
        strip = ImageCms.applyTransform(strip.convert(mode), transform) or strip
    strip = strip.convert("RGB")
    if alpha:
        white = Image.new("RGB", strip.size, "white")
        white.paste(strip, mask=alpha)
        return white
    return strip


def _eight_bit(strip: Image.Image) -> Image.Image:
    """Scale 16-bit grey to 8 bits: Pillow's own conversion would clip it to white."""
    values = np.asarray(strip).astype(np.uint32)
    transparent = strip.info.get("transparency")
    if isinstance(transparent, int):
        values[values == transparent] = 65535
    return Image.fromarray(((values * 255 + 32767) // 65535).astype(np.uint8))


def _scale_transparent_colour(image: Image.Image) -> None:
    """Bring a PNG's transparent colour to the 8 bits which its pixels are decoded to."""
    key = image.info.get("transparency")
    kind = str(getattr(image, "tile", None) and image.tile[0].args)  # type: ignore[attr-defined]
    if isinstance(key, int) and kind in {"L;2", "L;4"}:
        image.info["transparency"] = key * {"L;2": 85, "L;4": 17}[kind] % 256
    elif isinstance(key, tuple) and kind == "RGB;16B":
        image.info["transparency"] = tuple(value >> 8 for value in key)


def _colour_conversion(image: Image.Image) -> ToSrgb | None:
    """Return what takes a picture's colours to sRGB; a profile that is broken counts as sRGB."""
    data = image.info.get("icc_profile")
    if not data:
        return None
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        mode = _MODE_OF_SPACE.get(profile.profile.xcolor_space)
        fits = {"CMYK": image.mode == "CMYK", "L": image.mode in _GREY_MODES}
        if mode is None or not fits.get(mode, image.mode != "CMYK"):
            return None
        srgb = ImageCms.createProfile("sRGB")
        return mode, ImageCms.buildTransform(profile, srgb, mode, "RGB")
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return None


def _orientation(image: Image.Image, read_exif: Callable[[Image.Image], Image.Exif]) -> int:
    """Return the EXIF orientation; 1, upright, where it is missing or makes no sense."""
    try:
        value = read_exif(image).get(ExifTags.Base.Orientation)
    except (SyntaxError, ValueError, TypeError, LookupError, OSError, EOFError, struct.error):
        return 1
    return int(value) if value in tuple(_UPRIGHT) else 1
