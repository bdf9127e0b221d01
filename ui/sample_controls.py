"""The controls of the start page. All they hold is in the address, and is checked here again."""

from __future__ import annotations

import random
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from imaging.noise import MAX_LEVEL
from imaging.pictures import tile, to_data_uri, to_ink, to_png
from model_store import Composite, ModelError, list_cards, open_model
from training.datasets import CLASSES, load_split
from ui.choice import choose, choose_level, choose_whole
from ui.components import show_gallery
from ui.labels import NOISE_LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from model_store import ModelCard

DEFAULT_MODEL = "fashion"
_EVERY_MODEL = "all"
DEFAULT_PICK = [0]
_MOST_PICKS = 6
_MOST_SEED = 9999
_GALLERY_PICTURES = 28  # to a page
_SHEET_COLUMNS = 7


def choose_noise(card: ModelCard | None) -> tuple[str, float]:
    """Return a kind of noise and a level in bounds; mark what the model was trained for."""
    kind = choose("Noise", NOISE_LABELS, key="noise", default="uniform")
    level = choose_level("Level", MAX_LEVEL, key="level", default=0.6)
    if card:
        st.html(_training_mark(card, kind))
    return kind, level


def choose_seed() -> int:
    """Return the seed of the noise, in bounds."""
    explanation = "Another seed is another draw of the same noise."
    return choose_whole("Noise seed", _MOST_SEED, key="seed", default=0, explanation=explanation)


def choose_models(*, several: bool = False) -> list[Composite]:
    """Show the models and return the chosen one, or the next that works; empty: there is none.

    With `several`, all can be chosen at once.
    """
    cards = {card.id: card for card in list_cards()}
    if not cards:
        return []
    ids = sorted(cards, key=lambda model_id: (model_id != DEFAULT_MODEL, model_id))
    titles = {model_id: cards[model_id].title for model_id in ids}
    if several and len(ids) > 1:
        titles[_EVERY_MODEL] = "All"
    chosen = choose("Model", titles, key="model", default=ids[0])
    if chosen == _EVERY_MODEL:
        return list(filter(None, map(_open_or_tell, ids)))
    models = map(_open_or_tell, dict.fromkeys([chosen, *ids]))
    return list(islice(filter(None, models), 1))


def _open_or_tell(model_id: str) -> Composite | None:
    try:
        return open_model(model_id)
    except ModelError as error:
        st.warning(f"{error} Another model stands in where there is one.")
        return None


def _training_mark(card: ModelCard, kind: str) -> str:
    """Return HTML that marks, below the level slider, what the model was trained for."""
    low, high = card.trained_noise.levels
    if kind not in card.trained_noise.kinds:
        return "<p class='mark'>not trained for this noise</p>"
    if low == high:
        return (
            f"<p class='mark point' style='--at:{low / MAX_LEVEL:.3f}'><span>as trained</span></p>"
        )
    return f"<p class='mark'>trained from {low:g} to {high:g}</p>"


def read_picks() -> list[int]:
    """Return the picked test images of the address: one to six, each once."""
    last = len(load_split("test")) - 1
    texts = st.query_params.get("pick", "").split(",")[: 10 * _MOST_PICKS]
    numbers = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 6]
    picks = [number for number in dict.fromkeys(numbers) if number <= last]
    return picks[:_MOST_PICKS] or DEFAULT_PICK


def _write_picks(picks: Sequence[int]) -> None:
    st.query_params["pick"] = ",".join(map(str, picks))


def show_picker() -> None:
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
        several = st.toggle("Several", key="several", bind="query-params")
        st.button("Surprise me", on_click=_surprise, args=(positions,))
    pages = -(-len(positions) // _GALLERY_PICTURES)
    gallery = st.container()
    page = st.pagination(pages, key="page", bind="query-params", max_visible_pages=5)
    start = (min(max(page, 1), pages) - 1) * _GALLERY_PICTURES
    with gallery:
        _show_gallery(positions[start : start + _GALLERY_PICTURES], several=several)


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
