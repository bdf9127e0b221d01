"""The real app with a stand-in for the training process: `streamlit run` it from the root."""

from pathlib import Path

import streamlit as st

from training.runs import dispatch
from ui.server import MIDDLEWARE, tell_visitor, warm_up

dispatch.child_command = lambda run: ["-m", "tests.browser.retrain_child", str(run.folder)]
ROOT = Path(__file__).parent.parent.parent
app = st.App(
    str(ROOT / "ui" / "app.py"),
    lifespan=warm_up,
    middleware=MIDDLEWARE,
    on_script_error=tell_visitor,
)
