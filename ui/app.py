"""The frame around every page: title, style, navigation."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_ROOT = Path(__file__).parent.parent

st.set_page_config(page_title="Image Noise Reducer", layout="wide")
st.html(_ROOT / "ui" / "style.css")
page = st.navigation(
    [
        st.Page(_ROOT / "pages" / "samples.py", title="Samples", default=True),
    ],
    position="top",
)
page.run()
