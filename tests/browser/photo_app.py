"""The real app with a stand-in for the photo model: `streamlit run` it from the project's root."""

from pathlib import Path

import streamlit as st

from tests.photo_stand_in import make_photo_model
from ui import photo_model
from ui.server import MIDDLEWARE, tell_visitor

MODEL = make_photo_model()
photo_model.open_model = lambda _: MODEL
photo_model.list_cards = lambda _: [MODEL.card]
ROOT = Path(__file__).parent.parent.parent
app = st.App(str(ROOT / "ui" / "app.py"), middleware=MIDDLEWARE, on_script_error=tell_visitor)
