"""The controls of the photo page: noise to add, strength, the visitor's own answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from imaging.noise import MAX_LEVEL
from ui.choice import choose, choose_level
from ui.labels import NOISE_LABELS
from ui.photo_work import NO_NOISE, Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.photo_source import Source

_TITLES = {NO_NOISE: "None", **NOISE_LABELS}
_EXAMPLE_KIND, _LEVEL = "gaussian", 0.15  # an example shows at once what denoising does


def choose_noise(source: Source) -> Settings:
    """Show what noise to add; none to a visitor's photo unless asked to."""
    default = _EXAMPLE_KIND if source.example else NO_NOISE
    with st.container(border=True, key="controls"):
        kinds, levels = st.columns([3, 2], gap="large")
        with kinds:
            kind = choose("Add noise, to see it taken off", _TITLES, key="add", default=default)
        with levels:
            if kind == NO_NOISE:
                return Settings()
            level = choose_level("Level", MAX_LEVEL, key="add-level", default=_LEVEL)
    return Settings(kind, level)


def choose_strength() -> float:
    """Show how much of the denoising to keep, and return it as a share."""
    strength = choose_level("Strength", 1.0, key="strength", default=1.0, number_format="percent")
    # The slider blends in the browser, by this, so that no picture is sent again.
    st.html(f"<style>.stApp {{ --strength: {strength:.2f} }}</style>")
    return strength


def ask_what_it_is(source: Source, classes: Sequence[str]) -> None:
    """Let the visitor say what it is. The answer stays in this visitor's session."""
    st.selectbox(
        "Not right?",
        classes,
        index=None,
        placeholder="Not right? It is a …",
        key=_answer_key(source),
        label_visibility="collapsed",
        width=260,
    )


def read_answer(source: Source) -> str | None:
    """Return what the visitor said that it is, if anything."""
    answer = st.session_state.get(_answer_key(source))
    return answer if isinstance(answer, str) else None


def _answer_key(source: Source) -> str:
    return f"answer-{source.digest}"
