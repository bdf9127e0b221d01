"""Classical denoisers, each told the mean and the deviation of the noise it meets."""

from __future__ import annotations

from multiprocessing import Pool
from typing import TYPE_CHECKING

import bm3d
import numpy as np
from skimage.restoration import denoise_nl_means, denoise_wavelet

from imaging.classical import bilateral, median

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Images = NDArray[np.float32]
    Picture = NDArray[np.float32]  # (H, W)


def _nl_means(picture: Picture, sigma: float) -> Picture:
    found: Picture = denoise_nl_means(
        picture, patch_size=5, patch_distance=6, h=0.8 * sigma, sigma=sigma, fast_mode=True
    )
    return found


def _wavelet(picture: Picture, sigma: float) -> Picture:
    found: Picture = denoise_wavelet(picture, sigma=sigma, method="BayesShrink", mode="soft")
    return found


def _bm3d(picture: Picture, sigma: float) -> Picture:
    found: Picture = bm3d.bm3d(picture, sigma)
    return found


def _one_by_one(
    filter_one: Callable[[Picture, float], Picture],
) -> Callable[[Images, float], Images]:
    def filter_all(noisy: Images, sigma: float) -> Images:
        return np.stack([filter_one(picture[..., 0], sigma) for picture in noisy])[..., np.newaxis]

    return filter_all


def _bm3d_on_all_cores(noisy: Images, sigma: float) -> Images:
    with Pool() as pool:
        out = pool.starmap(_bm3d, [(picture[..., 0], sigma) for picture in noisy])
    return np.stack(out)[..., np.newaxis]


PEERS: dict[str, Callable[[Images, float], Images]] = {
    "median 3x3": lambda noisy, _: median(noisy),
    "bilateral": lambda noisy, sigma: bilateral(noisy, contrast=2 * sigma),
    "non-local means": _one_by_one(_nl_means),
    "wavelet": _one_by_one(_wavelet),
    "BM3D": _bm3d_on_all_cores,
}


def denoise(name: str, clean: Images, noisy: Images) -> Images:
    """Return what a peer makes of noisy images (N, H, W, 1), clipped to [0, 1].

    The mean of the noise is taken off first; mean and deviation are measured on the very images.
    """
    noise = noisy.astype(np.float64) - clean
    mean, sigma = float(noise.mean()), max(float(noise.std()), 1e-3)
    out = PEERS[name]((noisy - mean).astype(np.float32), sigma)
    return np.clip(out, 0, 1).astype(np.float32)
