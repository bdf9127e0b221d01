"""The photo model on people's own photos of clothes: `PHOTO_DATA=DIR python -m benchmarks.clothes`.

Over the validation photos: as they are, with Gaussian noise of a deviation of 50 of 255, and after
the model has taken that off. Beside it what is usually done: the photo in grey, reduced to 28 by 28
pixels, given to `fashion`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import ImageOps

from benchmarks.tables import print_table
from model_store import open_model
from training.datasets import CLASSES, SIDE
from training.evaluate import accuracy
from training.photos.evaluate import SIGMA, evaluate_photos
from training.photos.garments import list_garments


def usual_way() -> dict[str, float]:
    """Return the accuracy of `fashion` on the reduced photos, as they are and inverted."""
    model = open_model("fashion")
    garments = [g for g in list_garments("validation") if g.label < len(CLASSES)]
    labels = np.array([garment.label for garment in garments])
    grey = [ImageOps.grayscale(garment.open()).resize((SIDE, SIDE)) for garment in garments]
    pictures = np.stack([np.asarray(g, np.float32) for g in grey])[..., np.newaxis]
    pictures /= np.float32(255)
    return {
        "grey, 28 by 28": accuracy(model.classify(pictures), labels),
        "the same, inverted": accuracy(model.classify(1 - pictures), labels),
    }


def print_accuracies(found: dict[str, Any]) -> None:
    """Print what is told right of garments, and of what is none of the ten classes."""
    rows = [[name, f"{share:.1%}", "-", "-"] for name, share in usual_way().items()]
    for stage in ("clean", "noisy", "denoised"):
        shares = (
            found[f"{stage}_accuracy"],
            found["told_as_none"][stage],
            found["lost_to_none"][stage],
        )
        rows.append([f"photo, {stage}", *(f"{share:.1%}" for share in shares)])
    heads = ["method", "garments right", "others told as none", "garments lost to none"]
    print_table(heads, rows)


def main() -> None:
    """Measure and print."""
    found = evaluate_photos(open_model("photo"))
    print_accuracies(found)
    print(
        f"\n{found['protocol']['images']} photos of garments. PSNR under Gaussian noise {SIGMA}: "
        f"{found['noisy_psnr']:.2f} dB, denoised {found['denoised_psnr']:.2f} dB.\n"
    )
    for stage, error in found["calibration_error"].items():
        print(f"Calibration error, {stage}: {error:.1%}")
    print_table(
        ["mistake", "photos"], [[k, str(n)] for k, n in found["confusions"]["clean"].items()]
    )


if __name__ == "__main__":
    main()
