"""The web app: `streamlit run streamlit_app.py`."""

import streamlit as st

from ui.server import MIDDLEWARE, tell_visitor, warm_up

app = st.App("ui/app.py", lifespan=warm_up, middleware=MIDDLEWARE, on_script_error=tell_visitor)
