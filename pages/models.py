"""Models: every model's card, the shipped ones and the visitor's own, compared in a table."""

import streamlit as st

from training.runs.jobs import OFFERS, list_runs
from ui import model_html
from ui.choice import choose
from ui.knob_controls import to_address
from ui.model_list import ORDERS, list_models
from ui.owner import read_owner
from ui.photo_model import has_photo_model

st.html(
    "<h1>The models</h1>"
    "<p class='lead'>What each is for, how well it does it, what it learned from. Yours appear "
    "here when they are trained.</p>"
)
entries = list_models(list_runs(read_owner()))
if not entries:
    st.info("The store holds no model that works. Restore model_store/models and reload.")
    st.stop()

titles = {name: title for name, (title, _) in ORDERS.items()}
order = choose("Sorted by", titles, key="sort", default="accuracy")
entries.sort(key=ORDERS[order][1])
st.html(model_html.table(entries) + model_html.protocols(entries))

with st.container(key="models"):
    for entry in entries:
        card = entry.card
        with st.container(border=True, key=f"model-{card.id}"):
            st.html(model_html.card(entry))
            with st.container(horizontal=True):
                if card.domain == "samples":
                    query = {"model": card.id}
                    st.page_link("../pages/samples.py", label="Use it", query_params=query)
                elif has_photo_model():
                    st.page_link("../pages/photo.py", label="Use it")
                if entry.is_run:
                    query = {"run": card.id}
                    st.page_link("../pages/retrain.py", label="Its training", query_params=query)
                if card.recipe in OFFERS:
                    query = {"recipe": card.recipe, "set": to_address(entry.changes)}
                    st.page_link("../pages/retrain.py", label="Retrain it", query_params=query)
