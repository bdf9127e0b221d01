"""How well the models work: curves, confusions, gains and reliability, read from the cards."""

from dataclasses import astuple

import streamlit as st

from model_store import list_cards
from ui import charts
from ui.choice import choose
from ui.labels import NOISE_LABELS, exact_percent, noise_name, noise_words, percent
from ui.mistakes import choose_mistake, show_mistakes

st.html(
    "<h1>How well does it work?</h1>"
    "<p class='lead'>Measured on test images that no model was trained on or chosen by.</p>"
)
cards = [card for card in list_cards("samples") if "curves" in card.metrics]
cards.sort(key=lambda card: -card.metrics["denoised_accuracy"])
if not cards:
    st.info("No model in the store has been measured. Run: python -m training export RUN --to DIR")
    st.stop()

st.html("<h2 class='section'>Against the strength of the noise</h2>")
with st.container(horizontal=True, gap="large"):
    kind = choose("Noise", NOISE_LABELS, key="noise", default="uniform")
    measures = {"accuracy": "Accuracy", "psnr": "PSNR"}
    measure = choose("Measure", measures, key="measure", default="accuracy")
st.plotly_chart(
    charts.curves(cards, kind, measure),
    config=charts.CONFIG,
    key="curves",
    alt=f"{measures[measure]} against the level of {noise_name(kind)} noise, for each method",
)
images = cards[0].metrics["curves"]["images"]
trained = "; ".join(f"{card.title}, {noise_words(*astuple(card.trained_noise))}" for card in cards)
st.caption(
    f"The first {images:,} test images a point. Trained for: {trained}. Before a filter, the mean "
    f"of the noise is taken off; {cards[0].title} classifies what filters and noise leave."
)

st.html("<h2 class='section'>What is taken for what</h2>")
titles = {card.id: card.title for card in cards}
model_id = choose("Model", titles, key="model", default=cards[0].id)
card = next(card for card in cards if card.id == model_id)
metrics, protocol = card.metrics, card.metrics["protocol"]
noise = f"{noise_name(protocol['kind'])} noise {protocol['level']:g}"
for column, stage, title in zip(
    st.columns(2, gap="medium"),
    ("noisy", "denoised"),
    (f"Under {noise}", "The same, denoised"),
    strict=True,
):
    with column:
        st.html(f"<h3>{title}: {percent(metrics[f'{stage}_accuracy'])} right</h3>")
        st.plotly_chart(
            charts.confusion(metrics["confusion"][stage]),
            config=charts.CONFIG,
            key=f"confusion-{stage}",
            on_select=lambda stage=stage: choose_mistake(stage),
            selection_mode="points",
            alt=f"Confusion matrix, {stage}",
        )
st.caption("Rows are what it is, columns what it was taken for. Click a cell to see its pictures.")
show_mistakes(card)

gains, trust = st.columns(2, gap="large")
with gains:
    st.html("<h2 class='section'>What denoising gives back, class by class</h2>")
    st.plotly_chart(
        charts.gains(metrics["confusion"]),
        config=charts.CONFIG,
        key="gains",
        alt="Share of each class recognised: noisy, denoised, clean",
    )
    st.caption("The numbers: percentage points won by denoising.")
with trust:
    st.html("<h2 class='section'>Can its certainty be trusted?</h2>")
    st.plotly_chart(
        charts.reliability(metrics["reliability"]),
        config=charts.CONFIG,
        key="reliability",
        alt="Reliability diagram: accuracy against confidence",
    )
    errors = metrics["calibration_error"]
    told = (f"{exact_percent(errors[stage])} {stage}" for stage in ("clean", "denoised", "noisy"))
    st.caption(f"How far off its certainty is on average, in 15 bins: {', '.join(told)}.")
