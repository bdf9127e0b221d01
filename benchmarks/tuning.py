"""Shows whether tuning the denoiser helps honestly: `python -m benchmarks.tuning`.

Compares the denoiser of a run before and after its tuning, behind the classifier it was tuned for
and behind one it never met, on the validation images. Needs the finished runs `runs/fashion` and
`runs/held_out`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.tables import print_table
from model_store.runtime import Network
from training.batches import add_random_noise
from training.datasets import load_split
from training.evaluate import accuracy, mean_psnr
from training.fit import load_best
from training.recipe import Noise
from training.recipes import RECIPES
from training.runs.run import Run

_RUNS = Path(__file__).parent.parent / "runs"
_NOISES = (("uniform", 0.6), ("gaussian", 0.5), ("salt_pepper", 0.3))


def main() -> None:
    """Measure and print."""
    split = load_split("validation")
    clean = split.images(slice(None))
    judges = {
        name: Network((_RUNS / run / "export" / "classifier.tflite").read_bytes())
        for name, run in (("its own classifier", "fashion"), ("a held-out one", "held_out"))
    }
    recipe, rows = RECIPES["fashion"], []
    for count, stage in enumerate(recipe.stages, start=1):
        if stage.network != "denoiser":
            continue
        until_here = replace(recipe, stages=recipe.stages[:count])
        network = load_best(Run(_RUNS / "fashion"), until_here)["denoiser"]
        for kind, level in _NOISES:
            noise = Noise((kind,), (level, level))
            noisy = add_random_noise(clean, noise, np.random.default_rng(0))
            out = np.clip(network.predict(noisy, batch_size=500, verbose=0), 0, 1)
            shares = [f"{accuracy(judge(out), split.labels):.2%}" for judge in judges.values()]
            rows.append([stage.name, f"{kind} {level}", f"{mean_psnr(clean, out):.2f} dB", *shares])
    print_table(["after the stage", "noise", "PSNR", *judges], rows)


if __name__ == "__main__":
    main()
