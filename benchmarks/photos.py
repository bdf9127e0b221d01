"""`photo` against its goals and its peers: `python -m benchmarks.photos --pictures CBSD68`.

Each picture gets Gaussian noise by its own generator. As in the tables of the field, noise is not
clipped, the PSNR is that of all three colours together, and peers are told the level; `photo` is
not.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

import bm3d
import numpy as np
from skimage.restoration import denoise_bilateral, denoise_nl_means, denoise_wavelet

from benchmarks.tables import print_table
from imaging.metrics import psnr
from imaging.photos import decode_photo
from model_store import open_model
from model_store.photo import denoise_in_tiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from model_store.photo import PhotoComposite

    Photo = NDArray[np.float32]
    Denoise = Callable[[Photo, float], Photo]

_SIGMAS = (15, 25, 50)  # of 255


def _nl_means(photo: Photo, sigma: float) -> Photo:
    found: Photo = denoise_nl_means(
        photo, 5, 6, h=0.6 * sigma, sigma=sigma, fast_mode=True, channel_axis=2
    )
    return found


def _wavelet(photo: Photo, sigma: float) -> Photo:
    found: Photo = denoise_wavelet(
        photo, sigma=sigma, mode="soft", convert2ycbcr=True, channel_axis=2
    )
    return found


def _bilateral(photo: Photo, sigma: float) -> Photo:
    found: Photo = denoise_bilateral(
        np.clip(photo, 0, 1), sigma_color=2 * sigma, sigma_spatial=2, channel_axis=2
    )
    return found


def _bm3d(photo: Photo, sigma: float) -> Photo:
    found: Photo = bm3d.bm3d_rgb(photo, sigma)
    return found


PEERS: dict[str, Denoise] = {
    "bilateral": _bilateral,
    "wavelet": _wavelet,
    "non-local means": _nl_means,
    "CBM3D": _bm3d,
}


def add_gaussian(photo: Photo, sigma: float, number: int) -> Photo:
    """Return the picture with its own draw of the noise, unclipped; sigma on the 0..1 scale."""
    noise = np.random.default_rng([number, round(sigma * 255)]).standard_normal(photo.shape)
    return (photo + sigma * noise).astype(np.float32)


def _score(denoise: Denoise, photos: Sequence[Photo], sigma: int, *, clip: bool) -> list[str]:
    """Return the mean PSNR and the seconds a megapixel."""
    decibels, seconds, pixels = [], 0.0, 0
    for number, photo in enumerate(photos):
        noisy = add_gaussian(photo, sigma / 255, number)
        if clip:
            noisy = (np.round(np.clip(noisy, 0, 1) * 255) / 255).astype(np.float32)
        started = time.perf_counter()
        out = denoise(noisy, sigma / 255)
        seconds += time.perf_counter() - started
        pixels += photo.shape[0] * photo.shape[1]
        out = np.clip(out, 0, 1).astype(np.float32)
        decibels.append(float(psnr(photo[np.newaxis], out[np.newaxis])[0]))
    return [f"{np.mean(decibels):.2f}", f"{seconds / pixels * 1e6:.2f}"]


def _measure(model: PhotoComposite, photos: Sequence[Photo], peers: int) -> Iterator[list[str]]:
    """Yield the rows: `photo` on all pictures, then everyone on the first few."""

    def ours(photo: Photo, _: float) -> Photo:
        denoised: Photo = model.denoise(photo[np.newaxis])[0]
        return denoised

    def once(photo: Photo, _: float) -> Photo:
        return denoise_in_tiles(model.denoiser, photo)

    few = photos[:peers]
    for sigma in _SIGMAS:
        own: tuple[tuple[str, Denoise, bool], ...] = (
            ("photo", ours, False),
            ("photo, in one turn, as large photos are", once, False),
            ("photo, clipped to 8 bit", ours, True),
        )
        for name, denoise, clip in own:
            yield [str(sigma), name, str(len(photos)), *_score(denoise, photos, sigma, clip=clip)]
        for name, denoise in {"photo": ours, **PEERS}.items():
            yield [str(sigma), name, str(len(few)), *_score(denoise, few, sigma, clip=False)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=Path, required=True, metavar="DIR", help="clean PNGs")
    parser.add_argument("--peers", type=int, default=8, metavar="N", help="pictures for the peers")
    options = parser.parse_args()
    photos = [decode_photo(path.read_bytes()) for path in sorted(options.pictures.glob("*.png"))]
    model = cast("PhotoComposite", open_model("photo"))
    heads = ["sigma", "method", "pictures", "PSNR, dB", "s a megapixel"]
    print_table(heads, _measure(model, photos, options.peers))


if __name__ == "__main__":
    main()
