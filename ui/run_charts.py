"""How a run learns, as curves: each figure on the images it learns from, and on others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go
import streamlit as st

from ui.charts import CONFIG, MUTED, lay_out, palette
from ui.choice import choose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.recipe import Part
    from training.runs.jobs import Epoch

_QUALITIES = {
    "denoiser": ("psnr", "PSNR in dB", ".1f"),
    "classifier": ("accuracy", "accuracy", ".0%"),
}
_LOSS = ("loss", "loss", ".3~g")
_MEASURES = {"quality": "Quality", "loss": "Loss"}
_HEIGHT = 200


def show_curves(history: Sequence[Epoch]) -> None:
    """Show a chart for each network that has learned something."""
    parts = list(dict.fromkeys(epoch.network for epoch in history))
    if not parts:
        return
    measure = choose("What to show", _MEASURES, key="curve", default="quality")
    for part in parts:
        figure = learning(history, part, measure)
        name = figure.layout.title.text
        st.plotly_chart(figure, config=CONFIG, key=f"learning-{part}", alt=name)


def learning(history: Sequence[Epoch], part: Part, measure: str) -> go.Figure:
    """Return a figure of one network by epoch, over all stages that trained it."""
    epochs = [epoch for epoch in history if epoch.network == part]
    figure_name, words, number_format = _QUALITIES[part] if measure == "quality" else _LOSS
    if not any(figure_name in epoch.figures for epoch in epochs):
        figure_name, words, number_format = _LOSS
    numbers = list(range(1, len(epochs) + 1))
    stages = [f"{epoch.stage.replace('_', ' ')}, epoch {epoch.number}" for epoch in epochs]
    figure = go.Figure()
    looks = (
        ("training", "", {"width": 2.5}),
        ("validation", "val_", {"width": 2.5, "dash": "dot"}),
    )
    for label, prefix, line in looks:
        figure.add_scatter(
            x=numbers,
            y=[epoch.figures.get(prefix + figure_name) for epoch in epochs],
            customdata=stages,
            name=label,
            mode="lines+markers" if len(epochs) < 40 else "lines",
            marker={"size": 6},
            line={**line, "color": palette()[0 if part == "denoiser" else 2]},
            hovertemplate=f"%{{customdata}}: %{{y:{number_format}}}",
        )
    for number in numbers[1:]:
        if epochs[number - 1].stage != epochs[number - 2].stage:
            figure.add_vline(number - 0.5, line={"color": MUTED, "width": 1, "dash": "dot"})
    lay_out(figure, height=_HEIGHT)
    title = f"{part.capitalize()}: {words}, by epoch"
    figure.update_layout(
        title={"text": title, "font": {"size": 14}, "x": 0, "y": 0.98, "yanchor": "top"},
        margin={"t": 46},
        legend={"x": 1, "xanchor": "right", "y": 1.02},
    )
    figure.update_xaxes(range=[0.5, len(epochs) + 0.5], tick0=1, dtick=-(-len(epochs) // 10))
    figure.update_yaxes(tickformat=number_format, nticks=5)
    return figure
