"""The runs a visitor may see, the newest first."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from training.knobs import knobs
from training.runs.jobs import OFFERS, RunState, read_limits
from ui.labels import NOISE_LABELS, in_markdown
from ui.run_start import show_run_id
from ui.times import time_of_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.runs.jobs import RunSnapshot

_MOST = 10
_STATES = {
    RunState.QUEUED: "under way",  # it may have started since this list was drawn
    RunState.RUNNING: "under way",
    RunState.DONE: "done",
    RunState.STOPPED: "stopped",
    RunState.FAILED: "ended before its time",
    RunState.LOST: "lost",
}


def show_runs(runs: Sequence[RunSnapshot], shown: str | None) -> None:
    """Show a line for each run, with its title as the way to it; more of them on a wish."""
    if not runs:
        return
    whose = "Your runs" if read_limits().hosted else "Runs on this machine"
    st.html(f"<h2 class='section'>{whose}</h2>")
    most = len(runs) if st.session_state.get("all-runs") else _MOST
    for seen in runs[:most]:
        with st.container(horizontal=True, vertical_alignment="center", key=f"run-row-{seen.id}"):
            st.button(
                in_markdown(seen.title),
                type="tertiary",
                key=f"open-{seen.id}",
                on_click=show_run_id,
                args=(seen.id,),
            )
            here = ", shown above" if seen.id == shown else ""
            st.html(
                f"<p class='terms'>{escape(_words(seen))}{here}</p>",
                width="content",
            )
    if len(runs) > most:
        st.toggle(f"All {len(runs)} runs", key="all-runs")


def _words(seen: RunSnapshot) -> str:
    labels = {knob.key: knob.label for knob in knobs(seen.recipe)} if seen.recipe in OFFERS else {}
    turned = ", ".join(
        f"{labels.get(key, key)} {NOISE_LABELS.get(text, text)}".lower()
        for key, text in seen.changes.items()
    )
    parts = [_STATES[seen.state], time_of_day(seen.created), turned]
    return " · ".join(filter(None, parts))
