"""The pictures behind a cell of a confusion matrix, each with a way to the start page.

The cell stands in the address, so that the way back from a picture leads to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from imaging.pictures import to_data_uri, to_ink, to_png
from model_store import ModelError, open_model
from training.datasets import CLASSES
from training.samples import noisy_samples

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from model_store import ModelCard

_CELL = "cell"  # its name in the address
_STAGES = ("noisy", "denoised")


def choose_mistake(stage: str) -> None:
    """Take up the cell that was clicked in the matrix of a stage."""
    points = st.session_state[f"confusion-{stage}"]["selection"]["points"]
    names = [(point.get("y"), point.get("x")) for point in points]
    if names and names[0][0] in CLASSES and names[0][1] in CLASSES:
        label, guess = (CLASSES.index(name) for name in names[0])
        st.query_params[_CELL] = f"{stage}-{label}-{guess}"


def show_mistakes(card: ModelCard) -> None:
    """Show the pictures of the chosen pair of classes; at first, of the commonest mistake."""
    stage, label, guess = _read_choice(card)
    count = card.metrics["confusion"][stage][label][guess]
    name = CLASSES[label]
    if label == guess:
        total = sum(card.metrics["confusion"][stage][label])
        st.html(f"<p class='note'><b>{name}</b>, {stage}: {count} of {total:,} recognised</p>")
        return
    positions = card.metrics["mistakes"][stage].get(f"{label}>{guess}", [])
    number = "1 picture" if count == 1 else f"{count} pictures"
    shown = f", the surest {len(positions)} of them" if len(positions) < count else ""
    st.html(
        f"<p class='note'><b>{name}, taken for {CLASSES[guess]}</b>, {stage}: {number}{shown}</p>"
    )
    if positions:
        st.html(f"<div class='mistakes'>{_links(card, stage, positions)}</div>")
        st.caption("As the classifier saw them. Click one to open it on the start page.")


def _read_choice(card: ModelCard) -> tuple[str, int, int]:
    stage, _, pair = st.query_params.get(_CELL, "").partition("-")
    label, _, guess = pair.partition("-")
    numbers = [str(number) for number in range(len(CLASSES))]
    if stage in _STAGES and label in numbers and guess in numbers:
        return stage, int(label), int(guess)
    confusion = card.metrics["confusion"]["denoised"]
    counts = {
        (label, guess): count
        for label, row in enumerate(confusion)
        for guess, count in enumerate(row)
        if label != guess
    }
    return ("denoised", *max(counts, key=counts.__getitem__))


def _links(card: ModelCard, stage: str, positions: list[int]) -> str:
    protocol = card.metrics["protocol"]
    kind, level = protocol["kind"], protocol["level"]
    links = []
    for position, picture in zip(positions, _seen(card, stage, positions), strict=True):
        query = {"pick": position, "model": card.id, "noise": kind, "level": level}
        uri = to_data_uri(to_png(to_ink(picture)))
        links.append(
            f"<a href='./?{urlencode(query)}' target='_self'>"
            f"<img src='{uri}' alt='Open test image {position}' title='Test image {position}'></a>"
        )
    return "".join(links)


def _seen(card: ModelCard, stage: str, positions: list[int]) -> NDArray[np.float32]:
    """Return the pictures as the classifier saw them, in the noise of the first seed."""
    kind, level = card.metrics["protocol"]["kind"], card.metrics["protocol"]["level"]
    checksum = card.files["denoiser.tflite"].sha256
    try:
        if stage == "denoised":
            return _denoise(card.id, checksum, tuple(positions), kind, level)
    except ModelError:
        pass  # what was measured can be told all the same
    return noisy_samples(positions, kind=kind, level=level, seed=0)[1]


# The page is all from the card, and at once there; this is the one thing on it to be worked out.
@st.cache_data(max_entries=64, show_spinner=False)
def _denoise(
    model_id: str,
    checksum: str,  # noqa: ARG001 - another model must not be answered for by this one's pictures
    positions: tuple[int, ...],
    kind: str,
    level: float,
) -> NDArray[np.float32]:
    _, noisy = noisy_samples(positions, kind=kind, level=level, seed=0)
    return open_model(model_id).denoise(noisy)
