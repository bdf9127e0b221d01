"""Time to denoise and classify one image in the process: `python -m benchmarks.inference`."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.tables import print_table, spread
from model_store import list_cards, open_model
from model_store.store import MODELS
from training.datasets import load_split

_WARM_UP, _TIMES = 20, 500


def main() -> None:
    """Measure and print."""
    pictures = load_split("test").images(np.arange(_WARM_UP + _TIMES))
    rows = []
    for card in list_cards("samples"):
        model = open_model(card.id)
        seconds = []
        for picture in pictures:
            started = time.perf_counter()
            model(picture[np.newaxis])
            seconds.append(time.perf_counter() - started)
        size = sum(path.stat().st_size for path in (MODELS / card.id).glob("*.tflite"))
        rows.append([card.id, *spread(seconds[_WARM_UP:]), f"{size / 1e6:.2f}"])
    print_table(["model", "median ms", "p95 ms", "max ms", "LiteRT files, MB"], rows)


if __name__ == "__main__":
    main()
