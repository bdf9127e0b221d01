"""The words visitors read for what the code calls by its technical name."""

from __future__ import annotations

import re

NOISE_LABELS = {
    "uniform": "Uniform",
    "gaussian": "Gaussian",
    "salt_pepper": "Salt & pepper",
    "poisson": "Shot",
    "speckle": "Speckle",
}


def noise_name(kind: str) -> str:
    """Return what a kind of noise is called within a sentence, where Gauss keeps his capital."""
    label = NOISE_LABELS.get(kind, kind)
    return label if kind == "gaussian" else label.lower()


def percent(share: float) -> str:
    """Return a share in [0, 1] as whole per cent, never a certainty."""
    if share >= 0.995:
        return "> 99 %"
    return f"{share:.0%}".replace("%", " %")


def exact_percent(share: float) -> str:
    """Return a share in [0, 1] with one digit after the point, as figures are compared."""
    return f"{100 * share:.1f}\N{NO-BREAK SPACE}%"


def in_markdown(text: str) -> str:
    """Return what a visitor wrote such that Markdown, as in labels, shows it as it is."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def noise_words(kinds: tuple[str, ...], levels: tuple[float, float]) -> str:
    """Return what noise a model was trained for."""
    low, high = levels
    level = f"{low:.2g}" if low == high else f"from {low:.2g} to {high:.2g}"
    names = list(dict.fromkeys(noise_name(kind) for kind in kinds))
    if set(kinds) >= NOISE_LABELS.keys():
        return f"all {len(names)} kinds, {level}"
    return f"{', '.join(names)}, {level}"


def bytes_words(count: float) -> str:
    """Return a size as people read it."""
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.0f} kB"


def count_words(count: float) -> str:
    """Return a large count as people read it."""
    for size, name in ((1e9, "billion"), (1e6, "million")):
        if count >= size:
            return f"{count / size:.1f} {name}"
    return f"{count:,.0f}"
