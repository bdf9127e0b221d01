"""The knobs of a recipe. What is turned stands in the address: `set=images:9000,width:0.5`."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from training.knobs import ALL_KINDS, Knob, check_changes, knobs, to_changes
from training.runs.jobs import JobError
from ui.labels import NOISE_LABELS
from ui.wishes import grant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_PARAMETER = "set"
_MOST_CHARACTERS = 500  # of the parameter
_VISIBLE = ("noise.kind", "noise.level", "images")  # and the epochs; the rest is folded away
_MOST_STEPS = 200  # of a slider for whole numbers; with more of them it goes by thousands


def choose_knobs(recipe: str) -> dict[str, str]:
    """Show the knobs and return what they change in the recipe, always within bounds."""
    turned = read_changes(recipe)
    found = knobs(recipe)
    epochs = [_shorten(knob) for knob in found if knob.key.endswith(".epochs")]
    for knob in found:
        if knob.key in _VISIBLE:
            _show(recipe, knob, turned)
    for column, knob in zip(st.columns(len(epochs)), epochs, strict=True):
        with column:
            _show(recipe, knob, turned)
    shown = {*_VISIBLE, *(knob.key for knob in epochs)}
    with st.expander("More settings", key="more-settings"):
        for knob in found:
            if knob.key not in shown:
                _show(recipe, knob, turned)
    return turned


def read_changes(recipe: str) -> dict[str, str]:
    """Return the changes of the address; what is not within bounds is left out."""
    told = st.query_params.get(_PARAMETER, "")[:_MOST_CHARACTERS]
    changes: dict[str, str] = {}
    for pair in told.split(","):
        key, _, text = pair.partition(":")
        try:
            changes |= check_changes(recipe, {key: text})
        except JobError:
            continue
    return changes


def to_address(changes: Mapping[str, str]) -> str:
    """Return changes as they stand in the address."""
    return ",".join(f"{key}:{text}" for key, text in changes.items())


def _show(recipe: str, knob: Knob, turned: dict[str, str]) -> None:
    value: Any = turned.get(knob.key, knob.value)
    widget = f"knob-{recipe}-{knob.key}"
    common: dict[str, Any] = {
        "key": widget,
        "help": knob.help,
        "on_change": _turn,
        "args": (recipe, knob.key, widget),
    }
    if knob.kind == "choice":
        names = {ALL_KINDS: "All kinds", **NOISE_LABELS}
        st.session_state[widget] = value
        st.segmented_control(
            knob.label,
            knob.choices,
            required=True,
            format_func=lambda name: names.get(name, name),
            wrap=True,
            **common,
        )
    elif knob.is_logarithmic:
        st.session_state[widget] = _to_text(float(value))
        st.select_slider(knob.label, _magnitudes(knob, float(value)), **common)
    elif knob.kind == "number":
        st.session_state[widget] = float(value)
        step = 0.05 if knob.highest <= 1 else 0.25
        st.slider(knob.label, float(knob.lowest), float(knob.highest), step=step, **common)
    elif knob.highest > _MOST_STEPS and knob.highest > 1000:
        st.session_state[widget] = round(float(value))
        st.slider(knob.label, round(knob.lowest), round(knob.highest), step=1000, **common)
    else:
        st.session_state[widget] = round(float(value))
        st.number_input(knob.label, round(knob.lowest), round(knob.highest), **common)


def _shorten(knob: Knob) -> Knob:
    """Return a knob for the number of epochs with a label for half a column."""
    return replace(knob, label=f"Epochs, {knob.key.removesuffix('.epochs')}")


def _turn(recipe: str, key: str, widget: str) -> None:
    """Write what was turned into the address; what is out of bounds stays as it was."""
    value = st.session_state[widget]
    checked = grant(lambda: to_changes(recipe, {key: value}))
    if checked is None:
        return
    changes = {k: text for k, text in read_changes(recipe).items() if k != key} | checked
    if changes:
        st.query_params[_PARAMETER] = to_address(changes)
    else:
        st.query_params.pop(_PARAMETER, None)


def _magnitudes(knob: Knob, value: float) -> list[str]:
    """Return 1, 2 and 5 of every magnitude within the bounds, and the value itself."""
    low, high = (math.floor(math.log10(bound)) for bound in (knob.lowest, knob.highest))
    steps = {digit * 10.0**power for power in range(low, high + 1) for digit in (1, 2, 5)}
    within = {float(_to_text(step)) for step in steps if knob.lowest <= step <= knob.highest}
    return [_to_text(step) for step in sorted(within | {value})]


def _to_text(value: float) -> str:
    return f"{value:.10g}"
