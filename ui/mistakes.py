"""The pictures behind a cell of a confusion matrix, each with a way to the start page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from imaging.pictures import to_data_uri, to_ink, to_png
from training.datasets import CLASSES
from training.samples import noisy_samples

if TYPE_CHECKING:
    from model_store import ModelCard


def choose_mistake(stage: str) -> None:
    """Take up the cell that was clicked in the matrix of a stage."""
    points = st.session_state[f"confusion-{stage}"]["selection"]["points"]
    names = [(point.get("y"), point.get("x")) for point in points]
    if names and names[0][0] in CLASSES and names[0][1] in CLASSES:
        label, guess = (CLASSES.index(name) for name in names[0])
        st.session_state["mistake"] = f"{stage} {label}>{guess}"


def show_mistakes(card: ModelCard) -> None:
    """Show the pictures of the chosen pair of classes; at first, of the commonest mistake."""
    stage, label, guess = _read_choice(card)
    count = card.metrics["confusion"][stage][label][guess]
    names = f"{CLASSES[label]}, taken for {CLASSES[guess]}"
    if label == guess:
        st.html(f"<p class='note'>{CLASSES[label]} was recognised {count} times {stage}.</p>")
        return
    positions = card.metrics["mistakes"][stage].get(f"{label}>{guess}", [])
    shown = f", the surest {len(positions)} of them" if len(positions) < count else ""
    st.html(f"<p class='note'><b>{names}</b> ({stage}): {count} pictures{shown}</p>")
    if positions:
        st.html(f"<div class='mistakes'>{_links(card, positions)}</div>")


def _read_choice(card: ModelCard) -> tuple[str, int, int]:
    choice = st.session_state.get("mistake")
    if choice:
        stage, _, pair = choice.partition(" ")
        label, _, guess = pair.partition(">")
        return stage, int(label), int(guess)
    confusion = card.metrics["confusion"]["denoised"]
    counts = {
        (label, guess): count
        for label, row in enumerate(confusion)
        for guess, count in enumerate(row)
        if label != guess
    }
    return ("denoised", *max(counts, key=counts.__getitem__))


def _links(card: ModelCard, positions: list[int]) -> str:
    protocol = card.metrics["protocol"]
    kind, level = protocol["kind"], protocol["level"]
    _, noisy = noisy_samples(positions, kind=kind, level=level, seed=0)
    links = []
    for position, picture in zip(positions, noisy, strict=True):
        query = {"pick": position, "model": card.id, "noise": kind, "level": level}
        uri = to_data_uri(to_png(to_ink(picture)))
        links.append(
            f"<a href='/?{urlencode(query)}' target='_self'>"
            f"<img src='{uri}' alt='Open test image {position}' title='Test image {position}'></a>"
        )
    return "".join(links)
