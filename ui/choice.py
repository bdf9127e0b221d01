"""Choices that stand in the address, which is the truth: back, forward and links repeat them.

Streamlit's own `bind="query-params"` writes labels in place of names, and forgets a page's values
when the visitor goes to another page; these stay.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Mapping


def choose(label: str, titles: Mapping[str, str], *, key: str, default: str) -> str:
    """Show the titles and return the name of the chosen one, always one of `titles`.

    The name stands in the address under `key`; without it, or with nonsense there, it is `default`.
    """
    name = st.query_params.get(key, default)
    if name not in titles:
        name = default
    widget = _widget_for(key, name)
    st.segmented_control(
        label,
        list(titles),
        required=True,
        format_func=titles.__getitem__,
        key=widget,
        on_change=_write,
        args=(widget, key, default),
        wrap=True,
    )
    return name


def choose_level(
    label: str, highest: float, *, key: str, default: float, number_format: str | None = None
) -> float:
    """Show a slider from 0 in steps of 0.05 and return its value, always within bounds.

    With the format "percent" the slider reads 60% for 0.6; the address says 0.6 all the same.
    """
    level = _read_number(key, default, highest)
    widget = _widget_for(key, level)
    st.slider(
        label,
        0.0,
        highest,
        step=0.05,
        format=number_format,
        key=widget,
        on_change=_write,
        args=(widget, key, default),
    )
    return level


def choose_whole(label: str, highest: int, *, key: str, default: int, explanation: str) -> int:
    """Show a field for a whole number from 0 and return it, always within bounds."""
    number = int(_read_number(key, default, highest))
    widget = _widget_for(key, number)
    arguments = (widget, key, default)
    st.number_input(
        label, 0, highest, key=widget, on_change=_write, args=arguments, help=explanation
    )
    return number


def _read_number(key: str, default: float, highest: float) -> float:
    try:
        number = float(st.query_params.get(key, default))
    except ValueError:
        return default
    return min(max(number, 0), highest) if math.isfinite(number) else default


def _widget_for(key: str, value: str | float) -> str:
    """Return the key of the widget, which then shows what the address says."""
    widget = f"choose-{key}"
    st.session_state[widget] = value
    return widget


def _write(widget: str, key: str, default: str | float) -> None:
    value = st.session_state[widget]
    if value in (None, default):
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = f"{value:g}" if isinstance(value, float) else str(value)
