"""What a run makes of the same ten pictures, after each epoch so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.run_monitor import find_run
from ui.run_pictures import columns, cut_sheet

if TYPE_CHECKING:
    from training.runs.jobs import RunSnapshot

_PAUSE = 2.0  # seconds between two looks at a run


def show_strip(seen: RunSnapshot) -> None:
    """Show the pictures, with a slider back through the epochs; they follow a live run."""
    st.fragment(_show, run_every=_PAUSE if seen.is_live else None)(seen.id)


def _show(run_id: str) -> None:
    seen = find_run(run_id)
    if seen is None or not seen.previews:
        return
    title, scrub = st.columns([3, 2], vertical_alignment="bottom", gap="large")
    title.html("<h2 class='section'>What it makes of the same ten pictures</h2>")
    with scrub:
        chosen = _choose_epoch(run_id, len(seen.previews))
    preview = seen.previews[chosen - 1]
    caption = f"denoised after epoch {preview.epoch} of the {preview.stage}"
    rows = {"noisy": cut_sheet(seen.noisy), caption: cut_sheet(preview.path)}
    st.html(
        columns({name: sources for name, sources in rows.items() if sources})
        + f"<p class='terms'>Test images it never learns from: noisy above, {caption} below.</p>"
    )


def _choose_epoch(run_id: str, newest: int) -> int:
    """Return the chosen preview, from 1; the newest one until the visitor goes back."""
    kept = f"scrubbed-{run_id}"
    chosen = min(st.session_state.get(kept) or newest, newest)
    if newest < 2:
        return newest
    widget = f"scrub-{run_id}"
    st.session_state[widget] = chosen
    st.slider("Epoch", 1, newest, key=widget, on_change=_keep, args=(kept, widget, newest))
    return chosen


def _keep(kept: str, widget: str, newest: int) -> None:
    value = int(st.session_state[widget])
    # At the end of the slider it follows the run again.
    st.session_state[kept] = value if value < newest else None
