"""The parts of the start page that are text and bars, as HTML for `st.html`."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from imaging.pictures import to_data_uri, to_ink, to_png
from training.datasets import CLASSES
from ui.labels import percent
from ui.sample_view import STAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.sample_view import Guess, SampleView


def picture_uri(view: SampleView, stage: str) -> str:
    """Return a picture, ten times enlarged, for `src`."""
    return to_data_uri(to_png(to_ink(view.pictures[stage], scale=10)))


def picture_alt(view: SampleView, stage: str) -> str:
    """Return what a picture shows, for those who do not see it."""
    return f"Test image {view.position}, {view.label}, {stage}"


def verdict(view: SampleView) -> str:
    """Return the headline: what is on the picture, and what the noise had made of it."""
    guess = view.guess("denoised")
    mark = _mark(guess)
    truth = "" if guess.is_right else f"<p class='truth'>It is: {escape(view.label)}</p>"
    return (
        f"<div class='verdict'><h2>{escape(guess.name)} "
        f"<small>{percent(guess.probability)} sure</small> {mark}</h2>"
        f"{verdict_line(view)}{truth}</div>"
    )


def verdict_line(view: SampleView) -> str:
    """Return the one plain line: noisy guess → denoised guess."""
    noisy, denoised = _say(view.guess("noisy")), _say(view.guess("denoised"))
    return f"<p class='line'>Noisy: {noisy} <span>→ denoised: {denoised}</span></p>"


def bars(view: SampleView, stages: Sequence[str] = STAGES) -> str:
    """Return the class probabilities of the pictures side by side, as a table with bars."""
    heads = "".join(f"<th scope='col'>{stage} {_mark(view.guess(stage))}</th>" for stage in stages)
    rows = "".join(_bar_row(view, number, stages) for number in range(len(CLASSES)))
    return (
        "<table class='bars'><caption>How likely each class is, by picture</caption>"
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _bar_row(view: SampleView, number: int, stages: Sequence[str]) -> str:
    name = CLASSES[number]
    cells = []
    for stage in stages:
        share = float(view.probabilities[stage][number])
        guess = view.guess(stage)
        role = ("right" if guess.is_right else "wrong") if guess.name == name else "other"
        cells.append(
            f"<td><span class='share'>{percent(share)}</span>"
            f"<span class='bar {role}' style='--share:{share:.4f}'></span></td>"
        )
    is_label = name == view.label
    attribute = " class='label'" if is_label else ""
    return f"<tr{attribute}><th scope='row'>{escape(name)}</th>{''.join(cells)}</tr>"


def strip(view: SampleView, stages: Sequence[str] = STAGES) -> str:
    """Return pictures side by side."""
    figures = "".join(
        f"<figure><img src='{picture_uri(view, stage)}' alt='{escape(picture_alt(view, stage))}'>"
        f"<figcaption>{stage}</figcaption></figure>"
        for stage in stages
    )
    return f"<div class='strip'>{figures}</div>"


def figures(view: SampleView) -> str:
    """Return PSNR, SSIM and time as figures with their names below."""
    (noisy_psnr, noisy_ssim), (psnr, ssim) = (view.quality[stage] for stage in STAGES[1:])
    shown = (
        (f"{_decibels(noisy_psnr)} → {_decibels(psnr)} dB", "PSNR, noisy → denoised"),
        (f"{noisy_ssim:.2f} → {ssim:.2f}", "SSIM"),
        (_milliseconds(view.seconds), "to denoise and classify"),
    )
    cells = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for value, name in shown)
    return f"<dl class='figures'>{cells}</dl>"


def row(view: SampleView) -> str:
    """Return one of several samples: pictures, model, verdict and figures."""
    by = f"<p class='by'>{escape(view.model_title)}</p>"
    words = f"<div>{by}{verdict(view)}{figures(view)}</div>"
    return f"<div class='sample-row'>{strip(view)}{words}</div>"


def step(number: int, title: str, text: str, shown: str) -> str:
    """Return a step of the way: what it is for, beside what it does to the picture."""
    return (
        f"<section class='step'><div><h2><span>{number}</span> {title}</h2><p>{text}</p></div>"
        f"<div>{shown}</div></section>"
    )


def _decibels(psnr: float) -> str:
    return "∞" if math.isinf(psnr) else f"{psnr:.1f}"


def _milliseconds(seconds: float) -> str:
    milliseconds = seconds * 1000
    return f"{milliseconds:.1f} ms" if milliseconds < 10 else f"{milliseconds:.0f} ms"


def _say(guess: Guess) -> str:
    return f"<b>{escape(guess.name)}</b> {percent(guess.probability)} {_mark(guess)}"


def _mark(guess: Guess) -> str:
    if guess.is_right:
        return "<span class='right' role='img' aria-label='right'>✓</span>"
    return "<span class='wrong' role='img' aria-label='wrong'>✗</span>"
