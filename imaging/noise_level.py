"""How strong the noise in a photo is, told from the photo alone.

After Chen, Zhu and Heng, "An Efficient Statistical Method for Image Noise Level Estimation"
(ICCV 2015): the contents of small patches lie in few directions, white noise in all alike, so the
small eigenvalues of the patches' covariance are the variance of the noise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Photo = NDArray[np.float32]  # (H, W, 3)
    Patches = NDArray[np.float32]  # (3, 8, 8, N): what is done is done to many of them at once

_SIDE = 8
_FEWEST = 2 * 3 * _SIDE**2  # patches; with fewer, chance spreads the eigenvalues too far
_MOST = 15_000  # patches; more of them only take longer
_CALM = 0.1  # the share of patches that counts as calm


def estimate_noise(photo: Photo) -> float:
    """Return the standard deviation of the noise on the 0..1 scale, at least 0.

    It is the largest of three estimates, as each overlooks some noise:

    - the method on all channels together: the most precise, but blind to noise that is the same
      in every channel, as in grey photos and JPEG files;
    - on each channel by itself, where the photo is calmest: a few percent too low;
    - the same at half the size, where coarse noise still shows, as phones leave it: about a third
      too high before JPEG, and a photo full of fine texture seems noisy.

    Args:
        photo: float32 (H, W, 3) in [0, 1]. Noise that was clipped counts as what is left of it.
            Under 27x27 pixels nothing can be told, and the answer is 0.
    """
    patches, coarse = _patches(photo, block=1), _patches(photo, block=2)
    together = patches.reshape(3 * _SIDE**2, -1)
    # White noise is half as strong in means of 2x2 pixels.
    return max(
        _deviation(together), _deviation_where_calm(patches), 2 * _deviation_where_calm(coarse)
    )


def _patches(photo: Photo, *, block: int) -> Patches:
    """Cut patches from all over the photo, each value the mean of `block` x `block` pixels."""
    size = _SIDE * block
    height, width = photo.shape[:2]
    if min(height, width) < size:
        return np.empty((3, _SIDE, _SIDE, 0), np.float32)
    # An odd step meets every place of the 8x8 grid of JPEG and of the 2x2 grid of the sensor.
    step = int(np.ceil(np.sqrt(height * width / _MOST))) | 1
    patches = np.zeros(
        (_SIDE, _SIDE, 3, -(-(height - size + 1) // step), -(-(width - size + 1) // step)),
        np.float32,
    )
    for down, across in np.ndindex(size, size):
        same_place = photo[
            down : height - size + down + 1 : step, across : width - size + across + 1 : step
        ]
        patches[down // block, across // block] += same_place.transpose(2, 0, 1)
    patches /= block**2
    patches = patches.transpose(2, 0, 1, 3, 4).reshape(3, _SIDE, _SIDE, -1)
    # What is all of one value was cut out or overexposed: noise is seen only beside it.
    return patches[..., np.ptp(patches, axis=(0, 1, 2)) > 0]


def _deviation_where_calm(patches: Patches) -> float:
    """Return the deviation of the noise over all channels, from the patches with least contents.

    They are picked by what stays of them at half the size: were they picked by all they hold,
    those with the weakest noise would win.
    """
    number = patches.shape[-1]
    count = max(int(_CALM * number), min(_FEWEST, number))
    if count == 0:
        return 0.0
    rows = patches[:, ::2] + patches[:, 1::2]
    contents = (rows[:, :, ::2] + rows[:, :, 1::2]) / 4
    unrest = contents.var(axis=(1, 2)).sum(axis=0)
    calm = patches[..., np.argpartition(unrest, count - 1)[:count]]
    channels = [_deviation(channel.reshape(-1, count)) for channel in calm]
    return float(np.sqrt(np.mean(np.square(channels))))


def _deviation(vectors: NDArray[np.float32]) -> float:
    """Return the deviation of the white noise in patches, given as vectors (D, N).

    The largest eigenvalues are dropped until the mean of the rest is no longer above its median:
    those left then lie evenly about one value, which is the variance of the noise.
    """
    dimensions, number = vectors.shape
    if number < _FEWEST:
        return 0.0
    centred = vectors - vectors.mean(axis=1, dtype=np.float64, keepdims=True)
    eigenvalues = np.maximum(np.linalg.eigvalsh(centred @ centred.T / number), 0)
    count = np.arange(1, dimensions + 1)
    mean = np.cumsum(eigenvalues) / count
    median = (eigenvalues[(count - 1) // 2] + eigenvalues[count // 2]) / 2
    return float(np.sqrt(mean[mean <= median][-1]))
