"""Plotly figures of the accuracy page, in the colours of the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
import streamlit as st

from training.datasets import CLASSES
from ui.labels import noise_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from model_store import ModelCard

CONFIG = {"displayModeBar": False, "scrollZoom": False}
MUTED = "#8C867A"  # reads on paper and on ink
_LEAST_SHARE = 0.002  # of the images; a smaller bin says nothing
_FULL = 0.85  # the share from which a cell on paper is dark enough for white digits
_LIGHT = ["#2F4B7C", "#B8742A", "#23704F", "#7A5195"]
_DARK = ["#8FB0E8", "#DDA45E", "#6CC39A", "#C3A1DD"]
_MEASURES = {"accuracy": ("Accuracy", ".0%"), "psnr": ("PSNR in dB", ".0f")}
_OTHER_METHODS: dict[str, tuple[str, dict[str, Any]]] = {
    "median": ("Median 3x3", {"width": 1.5, "dash": "dash"}),
    "bilateral": ("Bilateral", {"width": 1.5, "dash": "dash"}),
    "noisy": ("Not denoised", {"width": 1.5, "dash": "dot", "color": MUTED}),
}


def curves(cards: Sequence[ModelCard], kind: str, measure: str) -> go.Figure:
    """Return a measure against the noise level, for models, classical filters and noise alone."""
    name, number_format = _MEASURES[measure]
    figure = go.Figure()
    for card in cards:
        curve = _read_curve(card, kind, measure, "denoised")
        figure.add_scatter(**curve, name=card.title, line={"width": 3.5})
    for method, (label, line) in _OTHER_METHODS.items():
        figure.add_scatter(**_read_curve(cards[0], kind, measure, method), name=label, line=line)
    for card in cards:
        low, high = card.trained_noise.levels
        if kind in card.trained_noise.kinds and low == high:
            note = f"{card.title}:<br>as trained "
            line = {"color": MUTED, "width": 1}
            figure.add_vline(
                low, line=line, annotation_text=note, annotation_position="bottom left"
            )
    lay_out(figure, height=420)
    figure.update_layout(hovermode="x unified")
    figure.update_xaxes(title_text=f"Level of {noise_name(kind)} noise", range=[-0.01, 1.01])
    hover_format = ".1%" if measure == "accuracy" else ".1f"
    figure.update_yaxes(title_text=name, tickformat=number_format, hoverformat=hover_format)
    figure.update_yaxes(range=[0, 1] if measure == "accuracy" else [0, 50])
    return figure


def _read_curve(card: ModelCard, kind: str, measure: str, method: str) -> dict[str, Any]:
    known = card.metrics["curves"]
    return {"x": known["levels"], "y": known["kinds"][kind][method][measure], "mode": "lines"}


def confusion(counts: Sequence[Sequence[int]]) -> go.Figure:
    """Return a confusion matrix: labels down, guesses across; every cell can be clicked."""
    figure = go.Figure()
    shares = [[count / max(sum(row), 1) for count in row] for row in counts]
    figure.add_heatmap(
        z=shares,
        x=CLASSES,
        y=CLASSES,
        colorscale=[[0, "rgba(82,116,176,0.05)"], [1, "rgba(62,94,153,1)"]],
        zmin=0,
        zmax=1,
        showscale=False,
        hoverinfo="skip",
        xgap=2,
        ygap=2,
    )
    _add_cells(figure, counts, shares)
    lay_out(figure, height=430)
    figure.update_layout(margin={"t": 4})
    # By itself the range would leave a wide margin around the points.
    edges = (-0.5, len(CLASSES) - 0.5)
    figure.update_xaxes(title_text="taken for", tickangle=-45, range=edges)
    figure.update_yaxes(range=edges[::-1])
    for update in (figure.update_xaxes, figure.update_yaxes):
        update(fixedrange=True, showgrid=False, zeroline=False)
    return figure


def _add_cells(
    figure: go.Figure, counts: Sequence[Sequence[int]], shares: Sequence[Sequence[float]]
) -> None:
    """Add a point to each cell, with its count: a heat map cannot be clicked, points can."""
    numbers = [count for row in counts for count in row]
    ink, on_full = ("#ECE9E2", "#ECE9E2") if _is_dark() else ("#000000", "#FFFFFF")
    figure.add_scatter(
        x=CLASSES * len(CLASSES),
        y=[label for label in CLASSES for _ in CLASSES],
        mode="markers+text",
        text=[str(number) if number else "" for number in numbers],
        textfont={
            "size": 11,
            "color": [on_full if share > _FULL else ink for row in shares for share in row],
        },
        marker={"size": 30, "symbol": "square", "opacity": 0},
        hovertemplate="%{y}, taken for %{x}: %{text}<extra></extra>",
        # A clicked point must not dim the others.
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        showlegend=False,
    )


def gains(matrices: Mapping[str, Sequence[Sequence[int]]]) -> go.Figure:
    """Return, for each class, the share recognised noisy, denoised and clean, and what is won."""
    figure = go.Figure()
    shares = {
        stage: [row[number] / max(sum(row), 1) for number, row in enumerate(rows)]
        for stage, rows in matrices.items()
    }
    won = [then - first for first, then in zip(shares["noisy"], shares["denoised"], strict=True)]
    figure.add_bar(x=won, y=CLASSES, base=shares["noisy"], orientation="h", width=0.14)
    figure.update_traces(marker_color=MUTED, opacity=0.55, hoverinfo="skip", showlegend=False)
    colours = palette()
    looks = {
        "noisy": {"size": 11, "color": MUTED},
        "clean": {"size": 14, "symbol": "diamond-tall", "color": colours[2]},
        "denoised": {"size": 12, "color": colours[0]},
    }
    for stage, marker in looks.items():
        figure.add_scatter(x=shares[stage], y=CLASSES, name=stage, mode="markers", marker=marker)
        figure.data[-1].hovertemplate = f"%{{y}}, {stage}: %{{x:.1%}}<extra></extra>"
    for name, gain in zip(CLASSES, won, strict=True):
        text = f"{100 * gain:+.0f}".replace("-", "\N{MINUS SIGN}")
        figure.add_annotation(x=1, y=name, text=text, xref="paper", xanchor="right")
    figure.update_annotations(showarrow=False, font={"size": 13, "color": _text_colour()})
    lay_out(figure, height=460)
    shown = [0, 0.2, 0.4, 0.6, 0.8, 1]
    figure.update_xaxes(
        title_text="recognised", tickformat=".0%", tickvals=shown, range=[-0.02, 1.18]
    )
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure


def reliability(bins: Mapping[str, Sequence[Mapping[str, float]]]) -> go.Figure:
    """Return how often the model is right against how sure it is."""
    figure = go.Figure()
    colours = palette()
    looks = {"denoised": colours[0], "clean": colours[2], "noisy": MUTED}
    for stage, colour in looks.items():
        known = [b for b in bins[stage] if b["share"] >= _LEAST_SHARE]
        figure.add_scatter(
            x=[b["confidence"] for b in known],
            y=[b["accuracy"] for b in known],
            customdata=[b["share"] for b in known],
            name=stage,
            mode="lines+markers",
            line={"color": colour},
            hovertemplate="%{x:.0%} sure, %{y:.0%} right (%{customdata:.1%} of the images)",
        )
    figure.add_scatter(
        x=[0, 1], y=[0, 1], name="ideal", mode="lines", line={"dash": "dot", "color": MUTED}
    )
    lay_out(figure, height=460)
    figure.update_xaxes(title_text="how sure it is", tickformat=".0%", dtick=0.2, range=[0, 1.02])
    figure.update_yaxes(
        title_text="how often it is right", tickformat=".0%", dtick=0.2, range=[0, 1.02]
    )
    return figure


def lay_out(figure: go.Figure, *, height: int) -> None:
    """Give a figure the layout that all share."""
    figure.update_layout(
        height=height,
        margin={"l": 10, "r": 20, "t": 40, "b": 10},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        dragmode=False,
        colorway=palette(),
    )
    # The theme's own grey is too pale to read on paper.
    words = {"color": _text_colour()}
    figure.update_layout(legend_font=words)
    figure.update_xaxes(tickfont=words, title_font=words)
    figure.update_yaxes(tickfont=words, title_font=words)


def palette() -> list[str]:
    """Return the colours of curves in the theme of the visitor."""
    return _DARK if _is_dark() else _LIGHT


def _text_colour() -> str:
    return "#A39E93" if _is_dark() else "#6A655C"


def _is_dark() -> bool:
    return st.context.theme.type == "dark"
