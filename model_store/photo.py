"""The composite for photos: colour, any size, one at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from imaging.letterbox import letterbox
from imaging.noise_level import estimate_noise
from imaging.tiling import apply_in_tiles
from model_store.composite import Composite

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from model_store.runtime import AnyNetwork

    Images = NDArray[np.float32]
    Probabilities = NDArray[np.float32]

BORDER = 32  # pixels of each tile that are thrown away: the network sees 31 far
STEP = 4  # pixels: what the sides of a picture for the denoiser must be multiples of
CLEAN = 1.5 / 255  # noise below this is nobody's concern: taking it off would only blur
_MIDDLE = 0.75  # of each side of a photo
# Pixels that are worked through for any photo: a small one is denoised in two to four of its turns,
# which takes a second in all and is better by 0.16 to 0.20 dB.
_PIXELS_AT_LEAST = 1_000_000


def denoise_in_tiles(
    denoiser: AnyNetwork, photo: Images, progress: Callable[[float], None] | None = None
) -> Images:
    """Return what the network makes of a photo (H, W, 3) of any size, not clipped."""
    return apply_in_tiles(
        lambda tile: denoiser(tile[np.newaxis])[0],
        photo,
        most_side=denoiser.input_shape[0],
        border=BORDER,
        step=STEP,
        progress=progress,
    )


@dataclass(frozen=True)
class PhotoComposite(Composite):
    """A model for photos in use. Safe to call from many threads."""

    def denoise(
        self,
        images: Images,
        strength: float = 1.0,
        progress: Callable[[float], None] | None = None,
        noise: float | None = None,
    ) -> Images:
        """Return the photo without its noise, in [0, 1]; one that has none comes back untouched.

        Args:
            images: float32 (1, H, W, 3), any height and width; values beyond [0, 1], which the
                noise may have made, are of use.
            strength: how much of what was found to be noise is taken off, 0 to 1.
            progress: told 0 to 1 as the work goes on; what it raises ends the work.
            noise: what `estimate_noise` says of the photo, by whoever has asked it already.
        """
        self._check(images)
        photo = images[0]
        noise = estimate_noise(photo) if noise is None else noise
        if noise < CLEAN or strength == 0:
            return np.clip(images, 0, 1)
        denoised = self._denoise(photo, progress or (lambda _: None))
        if strength < 1:
            denoised = photo + np.float32(strength) * (denoised - photo)
        return np.clip(denoised, 0, 1, out=denoised)[np.newaxis]

    def _denoise(self, photo: Images, progress: Callable[[float], None]) -> Images:
        """Return the mean of what the network makes of a small photo turned one way and another."""
        turns = min(4, max(1, _PIXELS_AT_LEAST // (photo.shape[0] * photo.shape[1])))

        def denoise(turn: int) -> Images:
            turned = denoise_in_tiles(
                self.denoiser,
                np.rot90(photo, turn),
                lambda share: progress((turn + share) / turns),
            )
            return np.rot90(turned, -turn)

        return denoise(0) if turns == 1 else np.mean([denoise(n) for n in range(turns)], axis=0)

    def classify(self, images: Images) -> Probabilities:
        """Return the class probabilities (1, classes) of the photo as it is.

        They are the mean of those of the whole photo and of its middle, where the garment is. The
        middle is mirrored, so that the two differ more.
        """
        self._check(images)
        views = [self.seen(images[0]), self.seen(_middle(images[0]))[:, ::-1]]
        probabilities: Probabilities = self.classifier(np.stack(views)).mean(axis=0, keepdims=True)
        return probabilities

    def seen(self, photo: Images) -> Images:
        """Return what the classifier sees of a photo (H, W, 3): the whole of it, in a square."""
        return letterbox(photo, self.classifier.input_shape[0])

    def _check(self, images: Images) -> None:
        is_photo = images.ndim == 4 and images.shape[0] == 1 and images.shape[3] == 3
        if not is_photo or images.dtype != np.float32 or not images.size:
            raise ValueError(
                "A photo must be float32 of shape (1, H, W, 3). "
                f"Received: {images.dtype} {images.shape}"
            )
        if not np.isfinite(images).all():
            raise ValueError("A photo must have finite values only.")


def _middle(photo: Images) -> Images:
    top, left = (round(side * (1 - _MIDDLE) / 2) for side in photo.shape[:2])
    return photo[top : photo.shape[0] - top, left : photo.shape[1] - left]
