"""What recipes scored whose models are not shipped. Free of TensorFlow.

Each file of `data/scores` is what `python -m training evaluate RUN --json` printed of a run of the
recipe as it stands.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

_FOLDER = Path(__file__).parent / "data" / "scores"


class Score(msgspec.Struct, frozen=True):
    """Figures over all test images, as `training.evaluate.evaluate` returns them."""

    denoised_accuracy: float  # in [0, 1], at uniform noise 0.6


def read_scores() -> dict[str, Score]:
    """Return what was measured, by recipe."""
    return {
        path.stem: msgspec.json.decode(path.read_bytes(), type=Score)
        for path in sorted(_FOLDER.glob("*.json"))
    }
