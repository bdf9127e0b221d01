"""The controls of pages about samples: model, noise, level, seed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import streamlit as st

from imaging.noise import MAX_LEVEL
from model_store import Composite, ModelError, list_cards, open_model
from ui.choice import choose, choose_level, choose_whole
from ui.labels import NOISE_LABELS, in_markdown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model_store import ModelCard

_DEFAULT_MODEL = "fashion"
_EVERY_MODEL = "all"
_MOST_SEED = 9999


@dataclass(frozen=True)
class Settings:
    """What a visitor has set, within bounds."""

    models: tuple[Composite, ...]  # empty: no model in the store works
    kind: str
    level: float
    seed: int


def wants_every_model() -> bool:
    """Return whether the address asks for all models at once."""
    return st.query_params.get("model") == _EVERY_MODEL


def show_controls(*, several_models: bool = False) -> Settings:
    """Show the controls in a card and return what they say; tell if no model works.

    The card fits a narrow column as well as the whole page: what has no room goes below.
    With `several_models`, all models can be chosen at once; else there is at most one.
    """
    with st.container(border=True, horizontal=True, gap="medium", key="controls"):
        kind = choose("Noise", NOISE_LABELS, key="noise", default="uniform")
        with st.container(key="level"):
            level = choose_level("Level", MAX_LEVEL, key="level", default=0.6)
            mark = st.container()
        models = _choose_models(several=several_models)
        explanation = "Another seed is another draw of the same noise."
        seed = choose_whole(
            "Noise seed", _MOST_SEED, key="seed", default=0, explanation=explanation
        )
    if models:
        mark.html(_training_mark(models[0].card, kind))
    if not models:
        st.error("The store holds no model that works. Restore model_store/models and reload.")
    return Settings(models, kind, level, seed)


def _choose_models(*, several: bool) -> tuple[Composite, ...]:
    """Show the models and return the chosen one, or the next that works."""
    cards = {card.id: card for card in list_cards("samples")}
    ids = sorted(cards, key=lambda model_id: (model_id != _DEFAULT_MODEL, model_id))
    titles = {model_id: cards[model_id].title for model_id in ids}
    retrained = _open_retrained(titles)
    if retrained:
        ids.append(retrained.card.id)
        titles[retrained.card.id] = in_markdown(retrained.card.title)
    if not ids:
        return ()
    if several and len(ids) > 1:
        titles[_EVERY_MODEL] = "All"
    chosen = choose("Model", titles, key="model", default=ids[0])
    if chosen == _EVERY_MODEL:
        return tuple(filter(None, map(_open_or_tell, ids)))
    models = map(_open_or_tell, dict.fromkeys([chosen, *ids]))
    return tuple(islice(filter(None, models), 1))


def _open_retrained(shipped: Mapping[str, str]) -> Composite | None:
    """Return the model of a run that the address names; only who knows its id gets it."""
    model_id = st.query_params.get("model", "")
    if model_id in {"", _EVERY_MODEL, *shipped}:
        return None
    try:
        model = open_model(model_id)
    except ModelError:
        model = None
    if model is None or model.card.domain != "samples":
        st.info("The model of this link is not here any more; another one stands in for it.")
        return None
    return model


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
