"""The model of a run beside a shipped one, on the same pictures with the same noise."""

from __future__ import annotations

import threading
from collections import OrderedDict
from html import escape
from operator import gt, lt
from typing import TYPE_CHECKING

import streamlit as st

from model_store import ModelError, list_cards, open_model
from training.compare import Comparison, compare
from training.evaluate import Protocol
from training.runs.run import RunError
from training.samples import noisy_samples
from ui import charts
from ui.choice import choose
from ui.labels import NOISE_LABELS, bytes_words, exact_percent
from ui.run_pictures import columns, one_of_each_class, to_sources
from ui.turns import take_turn

if TYPE_CHECKING:
    from collections.abc import Callable

    from model_store import Composite, ModelCard

    Words = Callable[[float], str]
    IsBetter = Callable[[float, float], bool]

_USUAL_LEVEL = 0.6
_IMAGES = 1_000
_NEW = "this run"
_MOST_KEPT = 32  # comparisons
_LINES: tuple[tuple[str, str, Words, IsBetter], ...] = (
    ("Recognised, denoised", "denoised_accuracy", exact_percent, gt),
    ("Recognised, noisy", "noisy_accuracy", exact_percent, gt),
    ("Recognised, clean", "clean_accuracy", exact_percent, gt),
    ("PSNR, denoised", "denoised_psnr", lambda decibels: f"{decibels:.1f} dB", gt),
    ("SSIM, denoised", "denoised_ssim", lambda share: f"{share:.2f}", gt),
    ("Size", "bytes", bytes_words, lt),
    ("Time", "milliseconds", lambda number: f"{number:.1f} ms", lt),
)
_turn = threading.Semaphore(1)  # it keeps every core busy
_kept: OrderedDict[tuple[object, ...], Comparison] = OrderedDict()


def usual_noise(card: ModelCard) -> tuple[str, float]:
    """Return the noise to show a model with: its own, or the usual one where it knows many."""
    low, high = card.trained_noise.levels
    kinds = set(card.trained_noise.kinds)
    kind = next(iter(kinds)) if len(kinds) == 1 else "uniform"
    return kind, high if low == high else min(high, _USUAL_LEVEL)


def show_comparison_of_models(run_id: str) -> None:
    """Measure the model of a run and a shipped one of the visitor's choice, and show both."""
    cards = {card.id: card.title for card in list_cards("samples")}
    st.html("<h2 class='section'>Compared on the same noise</h2>")
    if not cards:
        st.info("The store holds no other model to compare with.")
        return
    default = "classic" if "classic" in cards else next(iter(cards))
    other_id = choose("Compare with", cards, key="against", default=default)
    bar = st.progress(0.0, "Measuring both")

    def tell(share: float) -> None:
        bar.progress(share, "Measuring both")

    try:
        new, other = open_model(run_id), open_model(other_id)
        kind, level = usual_noise(new.card)
        protocol = Protocol(kind=kind, level=level, seeds=1, images=_IMAGES)
        found = _measure(new, other, protocol, tell)
    except (ModelError, RunError) as error:
        st.warning(str(error))
        return
    finally:
        bar.empty()
    _show(found, new, other)


def _measure(
    new: Composite, other: Composite, protocol: Protocol, tell: Callable[[float], None]
) -> Comparison:
    """Compare, or return what is known of these very files."""
    sums = [file.sha256 for model in (new, other) for file in model.card.files.values()]
    key = (*sums, protocol)
    found = _kept.get(key)
    if found is None:
        with take_turn(_turn, lambda: tell(0.0)):
            found = _kept.get(key) or compare(new.card.id, other.card.id, protocol, tell)
            _kept[key] = found
            while len(_kept) > _MOST_KEPT:
                _kept.popitem(last=False)
    return found


def _show(found: Comparison, new: Composite, other: Composite) -> None:
    protocol = found.protocol
    noise = f"{NOISE_LABELS[protocol.kind].lower()} noise {protocol.level:g}"
    positions = one_of_each_class()
    _, noisy = noisy_samples(positions, kind=protocol.kind, level=protocol.level, seed=0)
    rows = {
        "noisy": to_sources(noisy),
        f"denoised by {other.card.title}": to_sources(other.denoise(noisy)),
        f"denoised by {_NEW}": to_sources(new.denoise(noisy)),
    }
    st.html(
        table(found, other.card.title)
        + f"<p class='terms'>The first {protocol.images:,} test images under {noise}, the same for "
        f"both; time for one picture, measured here and now.</p>{columns(rows)}"
        f"<p class='terms'>From above: noisy, {escape(other.card.title)}, "
        f"{_NEW}.</p>"
    )
    with st.expander("What each takes for what", key="confusions"):
        for column, scores, title in zip(
            st.columns(2, gap="medium"),
            (found.first, found.second),
            (_NEW.capitalize(), other.card.title),
            strict=True,
        ):
            share = exact_percent(scores.denoised_accuracy)
            column.html(f"<h3>{escape(title)}: {share} right</h3>")
            column.plotly_chart(
                charts.confusion(scores.confusion),
                config=charts.CONFIG,
                key=f"confusion-{'new' if scores is found.first else 'other'}",
                alt="Confusion matrix of the denoised pictures",
            )


def table(found: Comparison, other_title: str) -> str:
    """Return the figures of both, the better one of each bold, as HTML."""
    body = "".join(_line(found, *line) for line in _LINES)
    return (
        "<table class='compared'><thead><tr><td></td>"
        f"<th scope='col'>{_NEW.capitalize()}</th><th scope='col'>{escape(other_title)}</th>"
        f"</tr></thead><tbody>{body}</tbody></table>"
    )


def _line(found: Comparison, name: str, figure: str, words: Words, is_better: IsBetter) -> str:
    new, other = (float(getattr(scores, figure)) for scores in (found.first, found.second))
    cells = []
    for value, rival in ((new, other), (other, new)):
        wins = is_better(value, rival) and words(value) != words(rival)
        cells.append(f"<td{' class=better' if wins else ''}>{words(value)}</td>")
    return f"<tr><th scope='row'>{name}</th>{''.join(cells)}</tr>"
