"""Rows of small photos to pick from."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import streamlit as st
from PIL import Image, ImageOps

from imaging.photos import PhotoError, decode_photo
from ui.components import show_gallery
from ui.photo_work import to_pixels
from ui.turns import READING, take_turn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ui.photo_source import Source

_SIDE = 144  # pixels of a thumbnail: twice what it is shown at
_MOST_KEPT = 32


def read_thumbnail(source: Source) -> Image.Image:
    """Return the middle of a photo as a small square; read once in a session.

    Raises:
        PhotoError: when the photo cannot be read, with the same words every time.
    """
    kept: dict[str, Image.Image | PhotoError] = st.session_state.setdefault("thumbnails", {})
    if source.digest not in kept:
        with st.spinner(f"Reading {source.name[:1].lower()}{source.name[1:]}"):
            kept[source.digest] = _make_thumbnail(source.content)
    for digest in list(kept)[:-_MOST_KEPT]:
        del kept[digest]
    thumbnail = kept[source.digest]
    if isinstance(thumbnail, PhotoError):
        raise thumbnail.with_traceback(None)
    return thumbnail


def _make_thumbnail(content: bytes) -> Image.Image | PhotoError:
    try:
        with take_turn(READING):
            image = Image.fromarray(to_pixels(decode_photo(content)))
    except PhotoError as error:
        return error
    return ImageOps.fit(image, (_SIDE, _SIDE), Image.Resampling.LANCZOS)


def show_thumbnails(
    sources: Sequence[Source], current: str, *, key: str, on_pick: Callable[[str], None]
) -> None:
    """Show small photos in a row, the current one marked; `on_pick` is given a digest."""
    sheet = Image.new("RGB", (len(sources) * _SIDE, _SIDE))
    for number, source in enumerate(sources):
        sheet.paste(read_thumbnail(source), (number * _SIDE, 0))

    def pick() -> None:
        picked = st.session_state[f"{key}-thumbnails"].get("picked")
        if picked in [source.digest for source in sources]:
            on_pick(picked)

    show_gallery(
        key=f"{key}-thumbnails",
        data={
            "label": "Example photos" if key == "example" else "Your photos",
            "look": "photos",
            "sheet": to_jpeg_uri(sheet),
            "columns": len(sources),
            "pictures": [
                {"id": source.digest, "name": source.name, "picked": source.digest == current}
                for source in sources
            ],
        },
        on_picked_change=pick,
    )


def to_jpeg_uri(image: Image.Image) -> str:
    """Return a small picture in the form a web page can hold."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=88)
    return f"data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode()}"
