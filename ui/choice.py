"""One choice of a few, whose technical name, not its label, stands in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Mapping


def choose(label: str, titles: Mapping[str, str], *, key: str, default: str) -> str:
    """Show the titles and return the name of the chosen one, always one of `titles`.

    The address is the truth, under `key`; without it, or with nonsense in it, it is `default`.
    """
    name = st.query_params.get(key, default)
    if name not in titles:
        name = default
    widget = f"choose-{key}"
    st.session_state[widget] = name
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


def _write(widget: str, key: str, default: str) -> None:
    name = st.session_state[widget]
    if name == default or not isinstance(name, str):
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = name
