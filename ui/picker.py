"""The gallery of test images; what is picked stands in the address."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from imaging.pictures import tile, to_data_uri, to_ink, to_png
from training.datasets import CLASSES, load_split
from ui.components import show_gallery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DEFAULT_PICK = [0]
_MOST_PICKS = 6
_GALLERY_PICTURES = 28  # to a page
_SHEET_COLUMNS = 7


def read_picks() -> list[int]:
    """Return the picked test images of the address: one to six, each once."""
    last = len(load_split("test")) - 1
    texts = st.query_params.get("pick", "").split(",")[: 10 * _MOST_PICKS]
    numbers = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 6]
    picks = [number for number in dict.fromkeys(numbers) if number <= last]
    return picks[:_MOST_PICKS] or DEFAULT_PICK


def _write_picks(picks: Sequence[int]) -> None:
    st.query_params["pick"] = ",".join(map(str, picks))


def show_picker(pictures: int = _GALLERY_PICTURES, *, offers_several: bool = True) -> None:
    """Show the gallery of test images with its filter, its pages and a surprise."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="picker"):
        st.html("<h3>Pick a picture</h3>")
        class_name = st.selectbox(
            "Class",
            ["All classes", *CLASSES],
            key="class",
            bind="query-params",
            label_visibility="collapsed",
            width=180,
        )
        positions = _positions_of(class_name)
        several = offers_several and st.toggle("Pick several", key="several", bind="query-params")
        st.button("Surprise me", on_click=_surprise, args=(positions,))
    pages = -(-len(positions) // pictures)
    gallery = st.container()
    page = st.pagination(pages, key="page", bind="query-params", max_visible_pages=5)
    start = (min(max(page, 1), pages) - 1) * pictures
    with gallery:
        _show_gallery(positions[start : start + pictures], several=several)


def _positions_of(class_name: str) -> NDArray[np.int64]:
    labels = load_split("test").labels
    if class_name in CLASSES:
        return np.flatnonzero(labels == CLASSES.index(class_name))
    return np.arange(len(labels))


def _show_gallery(positions: NDArray[np.int64], *, several: bool) -> None:
    split = load_split("test")
    picks = read_picks()
    sheet = tile([to_ink(picture) for picture in split.images(positions)], _SHEET_COLUMNS)
    show_gallery(
        key="gallery",
        data={
            "label": "Test images",
            "sheet": to_data_uri(to_png(sheet)),
            "columns": _SHEET_COLUMNS,
            "pictures": [
                {
                    "id": int(position),
                    "name": f"{CLASSES[split.labels[position]]}, test image {position}",
                    "picked": int(position) in picks,
                }
                for position in positions
            ],
        },
        on_picked_change=lambda: _pick(several=several),
    )


def _pick(*, several: bool) -> None:
    picked = st.session_state["gallery"].get("picked")
    if not isinstance(picked, int) or not 0 <= picked < len(load_split("test")):
        return
    picks = read_picks()
    if not several:
        _write_picks([picked])
    elif picked in picks:
        _write_picks([pick for pick in picks if pick != picked] or [picked])
    else:
        _write_picks([*picks, picked][-_MOST_PICKS:])


def _surprise(positions: NDArray[np.int64]) -> None:
    _write_picks([int(random.choice(positions))])
