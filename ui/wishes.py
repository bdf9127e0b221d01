"""What visitors wish of their runs: granted, or answered by one plain sentence on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from training.runs.run import RunError

if TYPE_CHECKING:
    from collections.abc import Callable

_PROBLEM = "wish-problem"
T = TypeVar("T")


def grant(wish: Callable[[], T]) -> T | None:
    """Do what a visitor asked for; when it cannot be, `show_problem` says why."""
    st.session_state.pop(_PROBLEM, None)
    try:
        return wish()
    except RunError as error:
        st.session_state[_PROBLEM] = str(error)
        return None


def show_problem() -> None:
    """Say, once, why the last wish was not granted."""
    problem = st.session_state.pop(_PROBLEM, None)
    if problem:
        st.warning(problem)
