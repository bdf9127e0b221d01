"""The recipes as cards: what each does, how long it takes here, what it scored."""

from __future__ import annotations

import time
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from model_store import list_cards
from training.runs.jobs import (
    OFFERS,
    measure_speeds,
    read_limits,
    running,
    seconds_needed,
)
from training.scores import read_scores
from ui.knob_controls import read_changes
from ui.labels import exact_percent
from ui.times import roughly

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from training.knobs import Offer

DEFAULT_RECIPE = "quick"
_ORDER = ("classic", "quick", "balanced", "fashion")
_PATIENCE = 300.0  # seconds in which all recipes should have been timed
_PAUSE = 2.0  # seconds between two looks at what has been timed


def choose_recipe(default: str) -> str:
    """Show the cards and return the chosen recipe, always one of the offers.

    It stands in the address; without it there, it is `default`.
    """
    chosen = st.query_params.get("recipe", default)
    if chosen not in OFFERS:
        chosen = default if default in OFFERS else DEFAULT_RECIPE
    scores = _find_scores()
    pause = _PAUSE if _is_measuring() else None
    changes = {chosen: read_changes(chosen)}
    show = st.fragment(_show_cards, run_every=pause)
    show(chosen, changes, scores, is_measuring=pause is not None)
    return chosen


def _show_cards(
    chosen: str,
    changes: Mapping[str, Mapping[str, str]],
    scores: Mapping[str, float],
    *,
    is_measuring: bool,
) -> None:
    if is_measuring and not _is_measuring():
        st.rerun()  # ends the timer
    with st.container(key="recipes"):
        for recipe in sorted(OFFERS, key=_ORDER.index):
            offer = OFFERS[recipe]
            facts = _facts(recipe, changes.get(recipe, {}), scores.get(recipe))
            if is_measuring and seconds_needed(recipe) is None:
                facts = ["measuring…", *facts]
            with st.container(border=True, key=f"recipe-{recipe}"):
                st.html(_card(offer, facts, is_chosen=recipe == chosen))
                state = ", chosen" if recipe == chosen else ""
                if st.button(f"{offer.title}{state}", key=f"choose-recipe-{recipe}"):
                    _choose(recipe)
                    st.rerun()  # the knobs are not in this fragment


def _facts(recipe: str, changes: Mapping[str, str], score: float | None) -> list[str]:
    """Return how long the recipe takes as its knobs stand, and what it scored as it is."""
    seconds, facts = seconds_needed(recipe, changes), []
    if seconds is not None:
        facts.append(roughly(seconds) + (", as you set it" if changes else ""))
    if score is not None:
        facts.append(f"recognises {exact_percent(score)}" + (" unchanged" if changes else ""))
    return facts


def _card(offer: Offer, facts: Sequence[str], *, is_chosen: bool) -> str:
    known = f"<p class='known'>{'<br>'.join(facts)}</p>" if facts else ""
    return (
        f"<div class='recipe{' chosen' if is_chosen else ''}'><h3>{escape(offer.title)}</h3>"
        f"<p>{escape(offer.purpose)}</p>{known}</div>"
    )


def _choose(recipe: str) -> None:
    st.query_params["recipe"] = recipe
    st.query_params.pop("set", None)  # the knobs of another recipe


def _find_scores() -> dict[str, float]:
    """Return the denoised accuracy of each recipe: of its shipped model, or of a run of it."""
    measured = {recipe: score.denoised_accuracy for recipe, score in read_scores().items()}
    shipped = {card.recipe: card.metrics.get("denoised_accuracy") for card in list_cards("samples")}
    scores = measured | shipped
    return {recipe: score for recipe, score in scores.items() if isinstance(score, float)}


def _is_measuring() -> bool:
    """Whether the recipes are being timed; the first visit of this page has it begun."""
    if not read_limits().training or all(seconds_needed(recipe) for recipe in OFFERS):
        return False
    return running(None) is None and time.monotonic() - _begin_to_measure() < _PATIENCE


@st.cache_resource(show_spinner=False)
def _begin_to_measure() -> float:
    """Return when it was begun; long ago where it cannot be."""
    return time.monotonic() if measure_speeds() else -_PATIENCE
