"""The frame around every page: title, style, navigation."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui.photo_model import has_photo_model
from ui.photo_work import forget_photos

_ROOT = Path(__file__).parent.parent
_SHARED = ("pick", "noise", "level", "seed", "model")  # what goes along from page to page

st.set_page_config("Image Noise Reducer", _ROOT / "ui" / "icon.png", layout="wide")
st.html(_ROOT / "ui" / "style.css")
photo = st.Page(_ROOT / "pages" / "photo.py", title="Your photo", url_path="your-photo")
pages = [
    st.Page(_ROOT / "pages" / "samples.py", title="Samples", default=True),
    *([photo] if has_photo_model() else []),
    st.Page(_ROOT / "pages" / "accuracy.py", title="Accuracy"),
    st.Page(_ROOT / "pages" / "pipeline.py", title="How it works", url_path="how-it-works"),
    st.Page(_ROOT / "pages" / "retrain.py", title="Retrain", url_path="retrain"),
    st.Page(_ROOT / "pages" / "models.py", title="Models", url_path="models"),
]
page = st.navigation(pages, position="hidden")
with st.container(horizontal=True, key="header", vertical_alignment="center", gap="medium"):
    st.html("<div class='brand'>Image Noise Reducer</div>")
    query = {name: st.query_params[name] for name in _SHARED if name in st.query_params}
    for other in pages:
        with st.container(key=f"nav-{'current' if other == page else other.url_path}"):
            st.page_link(other, query_params=query)
if page.url_path != "your-photo":
    forget_photos()
page.run()
