"""Pictures to look at: samples as ink on paper, enlarged pixel by pixel, as PNG."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Picture = NDArray[np.float32]  # (H, W, 1) in [0, 1]

_GAP = 12  # pixels around each picture of a strip
_CAPTION = 22  # pixels of height


def to_ink(picture: Picture, scale: int = 1) -> Image.Image:
    """Return a sample dark on light, every pixel enlarged to a square of `scale` pixels."""
    ink = np.round((1 - picture[..., 0]) * 255).astype(np.uint8)
    height, width = ink.shape
    return Image.fromarray(ink).resize((width * scale, height * scale), Image.Resampling.NEAREST)


def to_png(image: Image.Image) -> bytes:
    """Return the image as the bytes of a PNG file, without metadata."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def to_data_uri(png: bytes) -> str:
    """Return a PNG in the form a web page can hold."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def tile(pictures: Sequence[Image.Image], columns: int) -> Image.Image:
    """Return pictures of one size as a sheet without gaps, row by row."""
    width, height = pictures[0].size
    rows = -(-len(pictures) // columns)
    sheet = Image.new("L", (columns * width, rows * height), 255)
    for number, picture in enumerate(pictures):
        sheet.paste(picture, (number % columns * width, number // columns * height))
    return sheet


def strip(pictures: Sequence[Image.Image], captions: Sequence[str]) -> Image.Image:
    """Return pictures of one size side by side on white, each with its caption below."""
    width, height = pictures[0].size
    step = width + _GAP
    canvas = Image.new("L", (step * len(pictures) + _GAP, height + 2 * _GAP + _CAPTION), 255)
    draw = ImageDraw.Draw(canvas)
    font = ImageFont.load_default(14)
    for number, (picture, caption) in enumerate(zip(pictures, captions, strict=True)):
        left = _GAP + number * step
        canvas.paste(picture, (left, _GAP))
        draw.text((left, height + _GAP + 6), caption, fill=0, font=font)
    return canvas
