"""The five kinds of noise: each takes clean images and returns them noisy, clipped to [0, 1]."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Images = NDArray[np.float32]

MAX_LEVEL = (
    1.0  # the highest level of every kind: the noise is then as strong as the picture itself
)


def _uniform(images: Images, level: Images, rng: np.random.Generator) -> Images:
    noise: Images = level * rng.random(images.shape, dtype=np.float32)
    return images + noise


def _gaussian(images: Images, level: Images, rng: np.random.Generator) -> Images:
    return images + level * rng.standard_normal(images.shape, dtype=np.float32)


def _salt_pepper(images: Images, level: Images, rng: np.random.Generator) -> Images:
    hit = rng.random(images.shape, dtype=np.float32) < level
    salt = rng.random(images.shape, dtype=np.float32) < 0.5
    return np.where(hit, salt.astype(np.float32), images)


def _poisson(images: Images, level: Images, rng: np.random.Generator) -> Images:
    # A pixel of value x counts Poisson(x / level²) photons, so its deviation is level * sqrt(x).
    # The floor keeps the count within int64; below it the noise is under a ten-thousandth.
    variance = np.maximum(level, 1e-4) ** 2
    noisy: Images = (rng.poisson(images / variance) * variance).astype(np.float32)
    return noisy


def _speckle(images: Images, level: Images, rng: np.random.Generator) -> Images:
    return images * (1 + level * rng.standard_normal(images.shape, dtype=np.float32))


_KINDS: dict[str, Callable[[Images, Images, np.random.Generator], Images]] = {
    "uniform": _uniform,
    "gaussian": _gaussian,
    "salt_pepper": _salt_pepper,
    "poisson": _poisson,
    "speckle": _speckle,
}
NOISE_KINDS: tuple[str, ...] = tuple(_KINDS)


def add_noise(
    images: Images,
    kind: str = "uniform",
    level: ArrayLike = 0.6,
    *,
    rng: np.random.Generator,
) -> Images:
    """Return noisy copies of `images`, clipped to [0, 1]; level 0 returns them unchanged.

    Args:
        images: float32 (N, H, W, C) in [0, 1].
        kind: one of `NOISE_KINDS`. `uniform` adds U[0, level]; `gaussian` adds N(0, level²);
            `salt_pepper` sets that share of the values to 0 or 1; `poisson` is shot noise whose
            standard deviation at white is `level`; `speckle` multiplies by 1 + N(0, level²).
        level: in [0, 1], one for all images or one for each, shape (N,).
        rng: the only source of randomness: the same state gives the same noise.

    Raises:
        ValueError: for an unknown kind or a level outside [0, 1].
    """
    if kind not in _KINDS:
        raise ValueError(f"noise kind must be one of {', '.join(NOISE_KINDS)}. Received: {kind!r}")
    levels = np.asarray(level, dtype=np.float32)
    if not np.all((levels >= 0) & (levels <= MAX_LEVEL)):
        raise ValueError(f"noise level must lie in [0, {MAX_LEVEL:g}]. Received: {level!r}")
    per_image = levels.reshape(-1, 1, 1, 1)
    noisy = np.clip(_KINDS[kind](images, per_image, rng), 0, 1)
    return np.where(per_image > 0, noisy, images)
