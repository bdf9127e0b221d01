"""The composite: a denoiser followed by a classifier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from model_store.card import ModelCard
    from model_store.runtime import AnyNetwork

    Images = NDArray[np.float32]
    Probabilities = NDArray[np.float32]


@dataclass(frozen=True)
class Result:
    """What the composite makes of some pictures."""

    denoised: Images  # the shape of the input, in [0, 1]
    probabilities: Probabilities  # (N, classes), of the denoised pictures


@dataclass(frozen=True)
class Composite:
    """A model in use. Safe to call from many threads."""

    card: ModelCard
    denoiser: AnyNetwork
    classifier: AnyNetwork

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes, in the order of the probabilities."""
        return self.card.classes

    def denoise(self, images: Images) -> Images:
        """Return the images, float32 (N, H, W, C) in [0, 1], without their noise."""
        self._check(images)
        return np.clip(self.denoiser(images), 0, 1)

    def classify(self, images: Images) -> Probabilities:
        """Return the class probabilities (N, classes) of the images as they are."""
        self._check(images)
        return self.classifier(images)

    def __call__(self, images: Images) -> Result:
        """Denoise the images, then classify what came out."""
        denoised = self.denoise(images)
        return Result(denoised=denoised, probabilities=self.classify(denoised))

    def _check(self, images: Images) -> None:
        wanted = self.denoiser.input_shape
        is_right = images.shape[1:] == wanted and len(images) and images.dtype == np.float32
        if not is_right or not np.all((images >= 0) & (images <= 1)):
            raise ValueError(
                f"Images must be float32 of shape (N, {', '.join(map(str, wanted))}) in [0, 1]. "
                f"Received: {images.dtype} {images.shape}"
            )
