"""Small web components: what a Streamlit element cannot do well."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from streamlit.components.v2 import component

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

_FOLDER = Path(__file__).parent


def _register(name: str, *parts: str) -> ComponentRenderer:
    """Return a component; further parts of its script share one scope, as it has no imports."""
    html, css = ((_FOLDER / f"{name}.{kind}").read_text("utf-8") for kind in ("html", "css"))
    js = "\n".join((_FOLDER / f"{script}.js").read_text("utf-8") for script in (name, *parts))
    return component(f"image_noise_reducer.{name}", html=html, css=css, js=js)


show_comparison = _register("comparison")
show_gallery = _register("gallery")
show_share_button = _register("share")
show_zoom = _register("zoom", "zoom_view", "zoom_box", "zoom_pointers")
