"""Starting a run: the button, who trains already, and the limits of this machine."""

from __future__ import annotations

import time
from html import escape

import streamlit as st

from training.runs.jobs import Limits, Turn, queue_of_runs, read_limits, running, submit
from ui.owner import PARAMETER, read_or_make_owner
from ui.times import time_left, time_of_day
from ui.wishes import grant, show_problem

_DOUBLE_CLICK = 1.5  # seconds in which a second click is none


def show_start(
    recipe: str, changes: dict[str, str], owner: str | None, *, is_watching: bool
) -> None:
    """Show the button that starts a run, or why there is none.

    Who trains already is told, unless the visitor watches a run that does so.
    """
    limits = read_limits()
    if not limits.training:
        show_problem()
        st.info("Training is switched off here: run the app on your own machine to train.")
        return
    trains, waiting = running(owner), queue_of_runs(owner)
    st.button(
        "Join the queue" if trains or waiting else "Start training",
        type="primary",
        width="stretch",
        key="start",
        on_click=_start,
        args=(recipe, changes),
    )
    show_problem()
    if trains and not is_watching:
        _show_turn(trains, len(waiting))
    st.html(f"<p class='terms'>{limits_line(limits)}</p>")


def _start(recipe: str, changes: dict[str, str]) -> None:
    now = time.monotonic()
    if now - st.session_state.get("started-at", -_DOUBLE_CLICK) < _DOUBLE_CLICK:
        return
    st.session_state["started-at"] = now
    run_id = grant(lambda: submit(recipe, changes, read_or_make_owner()))
    if run_id:
        show_run_id(run_id)


def show_run_id(run_id: str | None) -> None:
    """Put a run into the address, or none."""
    if run_id:
        st.query_params["run"] = run_id
    else:
        st.query_params.pop("run", None)


def _show_turn(trains: Turn, waiting: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="turn"):
        st.html(f"<p class='note'>{turn_line(trains, waiting)}</p>", width="content")
        if trains.run_id:
            st.button(
                "Watch it",
                type="tertiary",
                key="watch",
                on_click=show_run_id,
                args=(trains.run_id,),
            )


def turn_line(trains: Turn, waiting: int) -> str:
    """Return who trains since when, how far it is, and how many wait, as HTML."""
    left = "" if trains.seconds_left is None else f", {time_left(trains.seconds_left)}"
    queue = f" {waiting} {'waits' if waiting == 1 else 'wait'} in the queue." if waiting else ""
    whose = "" if trains.run_id else "Somebody else's "
    return (
        f"{whose}<b>{escape(trains.title)}</b> has been training since "
        f"{time_of_day(trains.since)}: {trains.share:.0%} done{left}.{queue}"
    )


def limits_line(limits: Limits) -> str:
    """Return every limit that a visitor may meet here, as HTML."""
    own = f", {limits.per_visitor} of them yours" if limits.hosted else ""
    parts = [f"One run trains at a time; up to {max(limits.queue, 1)} wait{own}."]
    if limits.hours:
        parts.append(f"A run takes {limits.hours:g} hours at most.")
    if limits.hours_kept:
        parts.append(f"It is deleted {limits.hours_kept:g} hours after its end.")
    if limits.hosted:
        parts.append(
            f"All runs share {limits.megabytes:,.0f} MB; the oldest make room for new ones."
        )
        if PARAMETER in st.query_params:
            parts.append(
                "Your runs belong to the address of this page: keep it to find them again, and "
                "keep it to yourself."
            )
    return " ".join(parts)
