"""How it works: the whole way of one picture, step by step, in one scroll."""

import streamlit as st

from ui import sample_html
from ui.picker import read_picks, show_picker
from ui.sample_controls import show_controls
from ui.sample_view import view_sample

_CHOICE = 14  # pictures to pick from: few, not to stand in the way of the next step

st.html(
    "<h1>How it works</h1>"
    "<p class='lead'>One picture, from the data set to the answer. Take another picture or change "
    "the noise on the way, and every step follows.</p>"
)
steps = [st.container() for _ in range(5)]
data, noise, classifier, denoiser, composite = (step.container() for step in steps)
with steps[0]:
    show_picker(_CHOICE, offers_several=False)
with steps[1]:
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

data.html(
    sample_html.step(
        1,
        "The data",
        "Fashion-MNIST: 70,000 small pictures of clothes, 28 by 28 pixels, grey, in ten classes. "
        "Models learn from 55,000 of them. This one is from the 10,000 test pictures, which no "
        "model ever saw. We show them as ink on paper.",
        sample_html.strip(view, ("clean",)),
    )
)
noise.html(
    sample_html.step(
        2,
        "The noise",
        "A camera in the dark, a bad line, dust: we play them by random numbers added to every "
        "pixel, or put in its place. The seed decides which numbers, so that a link repeats them.",
        sample_html.strip(view, ("clean", "noisy")),
    )
)
classifier.html(
    sample_html.step(
        3,
        "The classifier",
        "A neural network that learned to name pictures without noise. Shown noise as it is, it "
        "takes the grain for a pattern, and may be quite sure of nonsense.",
        sample_html.bars(view, ("clean", "noisy")),
    )
)
denoiser.html(
    sample_html.step(
        4,
        "The denoiser",
        "A second network, shown noisy pictures and asked for the clean ones, learned what clothes "
        "look like and what noise looks like. The last picture is what it took off: the darker, "
        "the more. Good denoising leaves grain there, and no garment.",
        sample_html.strip(view, ("noisy", "denoised", "taken off")),
    )
)
composite.html(
    sample_html.step(
        5,
        "The composite",
        "Both in a row are one model: denoise, then classify. The classifier is the same as "
        "before; only what it gets to see has changed.",
        sample_html.verdict(view) + sample_html.bars(view) + sample_html.figures(view),
    )
)
