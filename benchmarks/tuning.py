"""Shows whether tuning the denoiser helps honestly: `python -m benchmarks.tuning`.

Compares the denoiser of a run before and after its tuning, behind the classifier it was tuned for
and behind one it never met, on the validation images. Needs the runs of `fashion` and `held_out`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.tables import print_table
from model_store.runtime import Network
from training.batches import add_random_noise
from training.datasets import load_split
from training.evaluate import accuracy, mean_psnr
from training.fit import build
from training.recipes import RECIPES, Noise

_RUNS = Path(__file__).parent.parent / "runs"


def main() -> None:
    """Measure and print."""
    recipe = RECIPES["fashion"]
    assert recipe.denoiser is not None
    split = load_split("validation")
    clean = split.images(slice(None))
    judges = {
        name: Network((_RUNS / run / "export" / "classifier.tflite").read_bytes())
        for name, run in (("its own classifier", "fashion"), ("a held-out one", "held_out"))
    }
    network = build(recipe.denoiser)
    rows = []
    for stage in ("denoiser", "tuning"):
        network.load_weights(_RUNS / "fashion" / f"{stage}.weights.h5")
        for kinds, level in ((("uniform",), 0.6), (("gaussian",), 0.5), (("salt_pepper",), 0.3)):
            noise = Noise(kinds, (level, level))
            noisy = add_random_noise(clean, noise, np.random.default_rng(0))
            out = np.clip(network.predict(noisy, batch_size=500, verbose=0), 0, 1)
            shares = [f"{accuracy(judge(out), split.labels):.2%}" for judge in judges.values()]
            rows.append([stage, f"{kinds[0]} {level}", f"{mean_psnr(clean, out):.2f} dB", *shares])
    print_table(["after", "noise", "PSNR", *judges], rows)


if __name__ == "__main__":
    main()
