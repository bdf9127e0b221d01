"""Watching a run: where it stands, its curves, and the button that stops it.

What changes by itself is drawn by fragments, which need no rerun of the page; their timers end with
the run.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from training.runs.jobs import RunState, queue_of_runs, running, snapshot, stop
from training.runs.run import RunError
from ui.owner import may_change
from ui.run_charts import show_curves
from ui.run_start import turn_line
from ui.times import duration, time_left
from ui.wishes import grant, show_problem

if TYPE_CHECKING:
    from training.runs.jobs import Progress, RunSnapshot

_STOPPING = "stopping"
_PAUSE = 1.0  # seconds between two looks at a run
_STAGES = {
    "": "Getting ready",
    "denoiser": "Denoiser",
    "classifier": "Classifier",
    "refinement": "Denoiser, made thinner",
    "second_refinement": "Denoiser, made thinner again",
    "fine_tuning": "Denoiser, tuned for all noise of photos",
    "tuning": "Denoiser, tuned for the classifier",
    "adaptation": "Classifier, getting used to denoised pictures",
    "finishing": "Writing and measuring the model",
}


def find_run(run_id: str | None) -> RunSnapshot | None:
    """Return the run of an id, or None where there is none."""
    if not run_id:
        return None
    try:
        return snapshot(run_id)
    except RunError:
        return None


def watch(seen: RunSnapshot, owner: str | None) -> None:
    """Show a run that waits or trains; when it ends, the page is drawn anew."""
    st.fragment(_watch, run_every=_PAUSE)(seen.id, owner)


def _watch(run_id: str, owner: str | None) -> None:
    seen = find_run(run_id)
    if seen is None or not seen.is_live:
        st.rerun()  # ends the timer
        return
    if seen.state is RunState.QUEUED:
        _show_waiting(seen, owner)
    else:
        st.html(_head(seen.title, stage_words(seen.progress), _time_left(seen.progress)))
        st.progress(min(max(seen.progress.share, 0.0), 1.0))
    _show_stop(seen, owner)
    show_problem()
    show_curves(seen.history)


def _show_waiting(seen: RunSnapshot, owner: str | None) -> None:
    place = f"Number {seen.place} in the queue" if seen.place else "About to start"
    st.html(_head(seen.title, place, ""))
    trains = running(owner)
    if trains:
        waiting = len(queue_of_runs(owner))
        st.html(f"<p class='note'>{turn_line(trains, waiting)}</p>")


def _show_stop(seen: RunSnapshot, owner: str | None) -> None:
    is_waiting = seen.state is RunState.QUEUED
    asked = st.session_state.get(_STOPPING) == seen.id
    with st.container(horizontal=True, vertical_alignment="center", key="stop-row"):
        if may_change(seen, owner):
            label = "Cancel" if is_waiting else "Stop and keep the best"
            st.button(
                "Stopping…" if asked else label,
                key="stop",
                disabled=asked,
                on_click=_stop,
                args=(seen.id, owner),
            )
        st.html("<p class='terms'>You can close this page: it goes on.</p>", width="content")


def _stop(run_id: str, owner: str | None) -> None:
    def wish() -> bool:
        stop(run_id, owner)
        return True

    if grant(wish):
        st.session_state[_STOPPING] = run_id


def forget_stop() -> None:
    """Let a run that is taken up again be stopped again."""
    st.session_state.pop(_STOPPING, None)


def stage_words(progress: Progress) -> str:
    """Return what a run does at the moment."""
    name = _STAGES.get(progress.stage, progress.stage.capitalize())
    return f"{name}, epoch {progress.epoch} of {progress.epochs}" if progress.epochs else name


def _time_left(progress: Progress) -> str:
    seconds = progress.seconds_left
    return "" if seconds is None else time_left(seconds)


def _head(title: str, state: str, aside: str) -> str:
    return (
        f"<div class='run-head'><p class='by'>{escape(title)}</p>"
        f"<h2>{escape(state)}</h2><span>{escape(aside)}</span></div>"
    )


def end_head(seen: RunSnapshot) -> str:
    """Return how a run ended, and why, as HTML."""
    words = {
        RunState.DONE: "Done",
        RunState.STOPPED: "Stopped",
        RunState.FAILED: "Ended before its time",
        RunState.LOST: "Lost",
    }[seen.state]
    took = (seen.ended or 0) - (seen.started or seen.ended or 0)
    aside = f"trained for {duration(took)}" if took > 0 else ""
    reason = f"<p class='note'>{escape(seen.reason)}</p>" if seen.reason else ""
    return _head(seen.title, words, aside) + reason
