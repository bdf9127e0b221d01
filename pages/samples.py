"""The start page: pick test images, set the noise, see it taken off and what the model says."""

import streamlit as st

from ui import sample_html
from ui.components import show_comparison, show_share_button
from ui.photo_model import has_photo_model
from ui.picker import read_picks, show_picker
from ui.sample_controls import show_controls, wants_every_model
from ui.sample_view import to_csv, to_strip_png, view_sample

title, share = st.columns([5, 1], vertical_alignment="bottom")
title.html(
    "<h1>Take the noise off a picture, and see what it is.</h1>"
    "<p class='lead'>A denoiser and a classifier at work on Fashion-MNIST test images. "
    "Drag, change the noise, pick another.</p>"
)
if has_photo_model():
    with title.container(key="own-photo"):
        st.page_link("../pages/photo.py", label="Or take the noise off your own photo →")
with share:
    show_share_button(key="share")

picks = read_picks()
if len(picks) > 1 or wants_every_model():
    controls, rows = st.container(), st.container(key="result")
else:  # the controls beside the picture, so that what they do is seen at once
    with st.container(key="result"):
        pictures, words = st.columns(2, gap="large")
    told, controls, details = (words.container() for _ in range(3))
with controls:
    settings = show_controls(several_models=True)
downloads = st.container(horizontal=True, vertical_alignment="center", key="downloads")
show_picker()
if not settings.models:
    st.stop()

views = [
    view_sample(model, position, kind=settings.kind, level=settings.level, seed=settings.seed)
    for position in picks
    for model in settings.models
]
if len(picks) > 1 or wants_every_model():
    for view in views:
        rows.html(sample_html.row(view))
else:
    view = views[0]
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
    told.html(sample_html.verdict(view))
    details.html(sample_html.bars(view))
    details.html(sample_html.figures(view))
with downloads:
    st.html("<p class='aside'>Download</p>", width="content")
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
