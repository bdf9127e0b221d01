"""The words visitors read for what the code calls by its technical name."""

from __future__ import annotations

NOISE_LABELS = {
    "uniform": "Uniform",
    "gaussian": "Gaussian",
    "salt_pepper": "Salt & pepper",
    "poisson": "Shot",
    "speckle": "Speckle",
}


def percent(share: float) -> str:
    """Return a share in [0, 1] as whole per cent, never a certainty."""
    if share >= 0.995:
        return "> 99 %"
    return f"{share:.0%}".replace("%", " %")
