"""Noise as photographs have it: Gaussian, of a camera, or of the kinds the app adds."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from imaging.noise import add_noise

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Patches = NDArray[np.float32]
    Rng = np.random.Generator

_MOST_SIGMA = 55 / 255
_GAMMA = 2.2  # close to the transfer function of sRGB
# Where the four pixels of a sensor's cell stand in red, green and blue (Bayer 1976).
_BAYER = np.array([[0, 1], [1, 2]])
_APP_KINDS = {"salt_pepper": 0.3, "poisson": 0.4, "speckle": 0.6, "uniform": 0.6}


def make_noisy(patches: Patches, rng: Rng, *, levels: tuple[float, float] | None = None) -> Patches:
    """Give each patch (N, H, W, 3) in [0, 1] a kind and a level of noise by chance.

    Nearly half get Gaussian noise up to 55 of 255 without clipping, as benchmarks have it; a
    quarter the same as an 8-bit file keeps it; a fifth that of a camera; the rest a kind the app
    can add. With `levels`, every second patch gets Gaussian noise between them instead.
    """
    makers: tuple[Callable[[Patches, Rng], Patches], ...]
    makers = (add_gaussian, _add_gaussian_to_8_bits, add_camera_noise, _add_app_noise)
    which = rng.choice(len(makers), len(patches), p=(0.45, 0.25, 0.2, 0.1))
    noisy = np.stack([makers[w](patch, rng) for w, patch in zip(which, patches, strict=True)])
    if levels:
        noisy[::2] = [_add_normal(patch, rng.uniform(*levels), rng) for patch in patches[::2]]
    return noisy


def add_gaussian(patch: Patches, rng: Rng) -> Patches:
    """Add N(0, sigma²), sigma up to 55 of 255; to one patch in sixteen the same to all colours.

    Faint noise comes more often: there the fine detail is, which takes the longest to learn.
    """
    sigma = rng.uniform(0, _MOST_SIGMA) * rng.choice((0.5, 1.0))
    return _add_normal(patch, sigma, rng, channels=1 if rng.random() < 1 / 16 else 3)


def _add_normal(patch: Patches, sigma: float, rng: Rng, *, channels: int = 3) -> Patches:
    noise = rng.standard_normal((*patch.shape[:2], channels), np.float32)
    return patch + np.float32(sigma) * noise


def _add_gaussian_to_8_bits(patch: Patches, rng: Rng) -> Patches:
    return _to_8_bits(add_gaussian(patch, rng))


def add_camera_noise(patch: Patches, rng: Rng) -> Patches:
    """Add what a sensor adds to the light, spread by demosaicing, then compressed.

    Shot and read noise after Brooks et al. 2019 ("Unprocessing images"), with a range that reaches
    to the worst of phones in the dark; JPEG after Guo et al. 2019 (CBDNet).
    """
    shot = np.exp(rng.uniform(np.log(1e-4), np.log(4e-2)))
    read = np.exp(2.18 * np.log(shot) + 1.2 + rng.normal(0, 0.26))
    light = patch**_GAMMA
    noise = np.sqrt(shot * light + read) * rng.standard_normal(patch.shape, np.float32)
    seen = np.clip(light + _demosaic(noise.astype(np.float32), rng), 0, 1) ** (1 / _GAMMA)
    seen = _to_8_bits(seen)
    return _compress(seen, int(rng.integers(70, 99))) if rng.random() < 0.6 else seen


def _add_app_noise(patch: Patches, rng: Rng) -> Patches:
    kind = str(rng.choice(list(_APP_KINDS)))
    level = rng.uniform(0, _APP_KINDS[kind])
    noisy = add_noise(patch[np.newaxis], kind, level, rng=rng)[0]
    # The app knows by how much the noise it adds brightens, and takes that off itself.
    return np.asarray(noisy - np.float32(level / 2)) if kind == "uniform" else noisy


def _demosaic(noise: Patches, rng: Rng) -> Patches:
    """Keep one colour a pixel, and fill the gaps in from the neighbours, bilinearly."""
    height, width = noise.shape[:2]
    cell = np.roll(_BAYER, rng.integers(0, 2, 2), axis=(0, 1))
    colours = np.tile(cell, (height // 2 + 1, width // 2 + 1))[:height, :width]
    there = colours[..., np.newaxis] == np.arange(3)
    filled_in = _spread(noise * there) / _spread(there.astype(np.float32))
    return np.where(there, noise, filled_in)


def _spread(channels: Patches) -> Patches:
    """Convolve with (1, 2, 1) down and across, the picture continued as in a mirror."""
    for axis in (0, 1):
        width = [(0, 0)] * 3
        width[axis] = (1, 1)
        padded = np.pad(channels, width, mode="reflect")
        before, here, after = (
            np.take(padded, range(k, k + channels.shape[axis]), axis=axis) for k in range(3)
        )
        channels = before + 2 * here + after
    return channels


def _to_8_bits(patch: Patches) -> Patches:
    return np.asarray(np.round(np.clip(patch, 0, 1) * 255) / np.float32(255), np.float32)


def _compress(patch: Patches, quality: int) -> Patches:
    file = io.BytesIO()
    pixels = np.round(patch * 255).astype(np.uint8)
    Image.fromarray(pixels).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file), np.float32) / np.float32(255)
