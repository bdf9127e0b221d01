"""How it works: the whole way of one picture, step by step, in one scroll."""

import streamlit as st

from ui import sample_html
from ui.picker import read_picks, show_picker
from ui.sample_controls import show_controls
from ui.sample_view import view_sample

st.html(
    "<h1>How it works</h1>"
    "<p class='lead'>One picture, from the data set to the answer. Set the noise or pick another "
    "picture at the end, and follow it again.</p>"
)
settings = show_controls()
if not settings.models:
    st.stop()
view = view_sample(
    settings.models[0],
    read_picks()[0],
    kind=settings.kind,
    level=settings.level,
    seed=settings.seed,
)

STEPS = (
    (
        "The data",
        "Fashion-MNIST: 70,000 small pictures of clothes, 28 by 28 pixels, grey, in ten classes. "
        "Models learn from 55,000 of them. This one is from the 10,000 test pictures, which no "
        "model ever saw. We show them as ink on paper.",
        sample_html.strip(view, ("clean",)),
    ),
    (
        "The noise",
        "A camera in the dark, a bad line, dust: we play them by random numbers added to every "
        "pixel, or put in its place. The seed decides which numbers, so that a link repeats them.",
        sample_html.strip(view, ("clean", "noisy")),
    ),
    (
        "The classifier",
        "A neural network that learned to name pictures without noise. Shown noise as it is, it "
        "takes the grain for a pattern, and may be quite sure of nonsense.",
        sample_html.bars(view, ("clean", "noisy")),
    ),
    (
        "The denoiser",
        "A second network, shown noisy pictures and asked for the clean ones, learned what clothes "
        "look like and what noise looks like. On the right is what it took off: good denoising "
        "leaves grain there, and no garment.",
        sample_html.strip(view, ("noisy", "denoised", "removed")),
    ),
    (
        "The composite",
        "Both in a row are one model: denoise, then classify. The classifier is the same as "
        "before; only what it gets to see has changed.",
        sample_html.verdict(view) + sample_html.bars(view) + sample_html.figures(view),
    ),
)
for number, (title, text, shown) in enumerate(STEPS, start=1):
    st.html(
        f"<section class='step'><div><h2><span>{number}</span> {title}</h2><p>{text}</p></div>"
        f"<div>{shown}</div></section>"
    )
show_picker()
