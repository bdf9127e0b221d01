"""The start page: pick test images, set the noise, see it taken off and what the model says."""

import streamlit as st

from ui import sample_html
from ui.components import show_comparison, show_share_button
from ui.picker import read_picks, show_picker
from ui.sample_controls import show_controls
from ui.sample_view import to_csv, to_strip_png, view_sample

title, share = st.columns([5, 1], vertical_alignment="bottom")
title.html(
    "<h1>Take the noise off a picture, and see what it is.</h1>"
    "<p class='lead'>A denoiser and a classifier at work on Fashion-MNIST test images. "
    "Drag the seam, change the noise, pick another picture.</p>"
)
with share:
    show_share_button(key="share")

result = st.container(key="result")
settings = show_controls(several_models=True)
show_picker()
if not settings.models:
    st.stop()

views = [
    view_sample(model, position, kind=settings.kind, level=settings.level, seed=settings.seed)
    for position in read_picks()
    for model in settings.models
]
with result:
    if len(views) == 1:
        view = views[0]
        pictures, words = st.columns([9, 11], gap="large")
        with pictures:
            show_comparison(
                key="comparison",
                data={
                    side: {
                        "src": sample_html.picture_uri(view, stage),
                        "alt": sample_html.picture_alt(view, stage),
                        "label": stage,
                    }
                    for side, stage in (("before", "noisy"), ("after", "denoised"))
                },
            )
            st.html(sample_html.strip(view))
        with words:
            st.html(sample_html.verdict(view))
            st.html(sample_html.bars(view))
            st.html(sample_html.figures(view))
    else:
        for view in views:
            st.html(sample_html.row(view))
    with st.container(horizontal=True, key="downloads"):
        st.download_button(
            "Pictures (PNG)",
            lambda: to_strip_png(views),
            "denoised.png",
            "image/png",
            on_click="ignore",
            type="tertiary",
        )
        st.download_button(
            "Probabilities (CSV)",
            lambda: to_csv(views),
            "probabilities.csv",
            "text/csv",
            on_click="ignore",
            type="tertiary",
        )
