"""What the photo page says, as HTML for `st.html`. Nothing of it comes from the visitor."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from ui.labels import percent
from ui.photo_gallery import to_jpeg_uri
from ui.photo_work import to_pixels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ui.photo_verdict import Verdict
    from ui.photo_work import Work

NONE_OF_THESE = "None of these"
_ROWS = 5  # of the bars: the likeliest classes
# Up to which deviation of the noise, on the scale to 255, it is called what.
_WORDS = (
    (0, "No noise found"),
    (3, "Hardly any noise"),
    (9, "A little noise"),
    (22, "Clear noise"),
    (45, "Strong noise"),
)
_STRONGEST = "Very strong noise"


def verdict(found: Verdict, before_name: str, said: str | None) -> str:
    """Return the headline, and how denoising changed what is seen; `said` by the visitor."""
    name, share = found.best(found.after)
    title = "No garment it knows" if name == NONE_OF_THESE else escape(name)
    mark = _mark(name, said)
    truth = f"<p class='truth'>You said: {escape(said)}</p>" if said else ""
    before, after = (
        f"<b>{escape(name)}</b> {percent(share)} {_mark(name, said)}"
        for name, share in map(found.best, (found.before, found.after))
    )
    return (
        f"<div class='verdict'><h2>{title} <small>{percent(share)} sure</small> {mark}</h2>"
        f"<p class='line'>{escape(before_name.capitalize())}: {before} "
        f"<span>→ denoised: {after}</span></p>{truth}</div>"
    )


def bars(found: Verdict, before_name: str, said: str | None) -> str:
    """Return the likeliest classes before and after, as a table with bars."""
    likeliest = np.argsort(-np.maximum(found.before, found.after), kind="stable")[:_ROWS]
    order = sorted(likeliest, key=lambda number: -found.after[number])
    rows = "".join(_bar_row(found, int(number), said) for number in order)
    return (
        "<table class='bars'><caption>How likely each class is, before and after denoising; the "
        f"likeliest {len(order)} of {len(found.classes)}</caption><thead><tr><td></td>"
        f"<th scope='col'>{escape(before_name)}</th><th scope='col'>denoised</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _bar_row(found: Verdict, number: int, said: str | None) -> str:
    name = found.classes[number]
    attribute = " class='label'" if name == said else ""
    cells = (_cell(found, shares, number, said) for shares in (found.before, found.after))
    return f"<tr{attribute}><th scope='row'>{escape(name)}</th>{''.join(cells)}</tr>"


def _cell(found: Verdict, shares: NDArray[np.float32], number: int, said: str | None) -> str:
    name, share = found.classes[number], float(shares[number])
    role = "other"
    if found.best(shares)[0] == name:
        role = "best" if said is None else "right" if name == said else "wrong"
    return (
        f"<td><span class='share'>{percent(share)}</span>"
        f"<span class='bar {role}' style='--share:{share:.4f}'></span></td>"
    )


def _mark(name: str, said: str | None) -> str:
    if said is None:
        return ""
    if name == said:
        return "<span class='right' role='img' aria-label='right'>✓</span>"
    return "<span class='wrong' role='img' aria-label='wrong'>✗</span>"


def noise_words(deviation: float) -> str:
    """Return what a deviation on the scale to 255 is called."""
    return next((word for most, word in _WORDS if deviation <= most), _STRONGEST)


def noise(work: Work) -> str:
    """Return how much noise was found, in words and as a number, and what follows."""
    deviation = work.noise * 255
    number = "under ± 1" if deviation < 1 else f"about ± {deviation:.0f}"
    text = f"{number} of 255, found by itself"
    if work.is_untouched:
        text += ". So the photo comes back as it was: denoising would mostly blur it."
    elif deviation <= 3:
        text += ". Denoising may mostly blur it."
    return f"<div class='found'><h3>{noise_words(deviation)}</h3><p>{text}</p></div>"


def seen(found: Verdict) -> str:
    """Return the small picture that the classifier gets to see."""
    uri = to_jpeg_uri(Image.fromarray(to_pixels(found.seen)))
    return (
        f"<div class='seen'><img src='{uri}' alt='What the classifier sees'>"
        "<p>What the classifier sees, and its middle once more. Is there more than one garment? "
        "Crop the photo to one.</p>"
        "</div>"
    )


def facts(work: Work) -> str:
    """Return the size of the photo, what it was reduced to, and the time."""
    height, width = work.before.shape[:2]
    size = f"{width} × {height}, {width * height / 1e6:.1f} MP"
    if (width, height) != work.size:
        size = f"{work.size[0]} × {work.size[1]}, reduced to {size}"
    return f"<p class='facts'>{size}, {work.seconds:.1f} s</p>"
