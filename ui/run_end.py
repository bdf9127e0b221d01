"""A run that has ended: use its model, rename, download, delete; or go on with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from model_store import ModelError
from model_store.card import CARD_FILE, read_card
from model_store.store import runs_folder
from training.runs.jobs import delete, finish, rename, resume, undelete
from ui.labels import bytes_words, in_markdown
from ui.owner import may_change
from ui.run_charts import show_curves
from ui.run_compare import usual_noise
from ui.run_monitor import end_head, forget_stop
from ui.run_start import show_run_id
from ui.wishes import grant, show_problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from training.runs.jobs import RunSnapshot

_DELETED = "deleted-run"
_FILES = {
    "composite.keras": "The whole model for Keras",
    "composite.weights.h5": "Its weights alone",
    "denoiser.tflite": "The denoiser for LiteRT",
    "classifier.tflite": "The classifier for LiteRT",
    CARD_FILE: "Its card",
}


def show_end(seen: RunSnapshot, owner: str | None) -> None:
    """Show how a run ended, what can be done with it, and its curves."""
    forget_stop()
    st.html(end_head(seen))
    with st.container(horizontal=True, vertical_alignment="center", key="run-actions"):
        if seen.has_model:
            _show_use(seen)
            _show_downloads(runs_folder() / seen.id / "model", seen.id)
        if may_change(seen, owner):
            _show_changes(seen, owner)
    show_problem()
    show_curves(seen.history)


def _show_use(seen: RunSnapshot) -> None:
    query = {"model": seen.id}
    try:
        kind, level = usual_noise(read_card(runs_folder() / seen.id / "model"))
        query |= {"noise": kind, "level": f"{level:g}"}
    except ModelError:
        pass  # the start page tells
    with st.container(key="use-it", width="content"):
        st.page_link("../pages/samples.py", label="Use it", query_params=query)


def _show_downloads(folder: Path, run_id: str) -> None:
    with st.popover("Download", key="download-run"):
        for name, words in _FILES.items():
            path = folder / name
            if path.is_file():
                st.download_button(
                    f"{words} ({in_markdown(name)}, {bytes_words(path.stat().st_size)})",
                    path.read_bytes,
                    f"{run_id}-{name}",
                    "application/json" if name == CARD_FILE else "application/octet-stream",
                    key=f"download-{name}",
                    on_click="ignore",
                    type="tertiary",
                )


def _show_changes(seen: RunSnapshot, owner: str | None) -> None:
    if seen.can_finish:
        _button("Make a model of it", partial(finish, seen.id, owner), is_primary=True)
    if seen.can_resume:
        _button("Go on training", partial(resume, seen.id, owner))
    with st.popover("Rename", key="rename-run"):
        widget = f"title-{seen.id}"
        st.text_input("Title", seen.title, max_chars=60, key=widget)
        _button("Save", lambda: rename(seen.id, str(st.session_state[widget]), owner))
    st.button("Delete", key="delete", type="tertiary", on_click=_delete, args=(seen, owner))


def _button(label: str, wish: Callable[[], None], *, is_primary: bool = False) -> None:
    st.button(
        label,
        key=f"run-{label}",
        type="primary" if is_primary else "secondary",
        on_click=grant,
        args=(wish,),
    )


def _delete(seen: RunSnapshot, owner: str | None) -> None:
    def wish() -> bool:
        delete(seen.id, owner)
        return True

    if grant(wish):
        st.session_state[_DELETED] = (seen.id, seen.title)
        show_run_id(None)


def show_undo(owner: str | None) -> None:
    """Offer to bring back the run that was just deleted."""
    run_id, title = st.session_state.get(_DELETED, ("", ""))
    if not run_id or st.query_params.get("run"):
        st.session_state.pop(_DELETED, None)
        return
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="undo"):
        st.markdown(f"Deleted: {in_markdown(title)}", width="content")
        st.button("Undo", on_click=_undelete, args=(run_id, owner))


def _undelete(run_id: str, owner: str | None) -> None:
    def wish() -> bool:
        undelete(run_id, owner)
        return True

    if grant(wish):
        show_run_id(run_id)
    st.session_state.pop(_DELETED, None)
