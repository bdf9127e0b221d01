"""How long a photo takes, and how much memory: `python -m benchmarks.photo_speed`.

The photos are the largest example of the app, repeated and made noisy: time does not depend on
what is on them. The last figures are of a photo of 12 megapixels, uploaded in a real Chromium.
"""

from __future__ import annotations

import re
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from benchmarks.server import open_finished, run_browser, run_server
from benchmarks.tables import print_table, spread
from imaging.photos import decode_photo
from model_store import open_model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.server import Server
    from model_store import Composite

    Photo = NDArray[np.float32]  # (1, H, W, 3)

_EXAMPLE = Path(__file__).parent.parent / "ui" / "examples" / "astronaut.jpg"
_SIZES = ((1000, 1000), (2000, 2000), (3000, 4000))  # height and width
_SIGMA = 25 / 255
_TIMES = 100


def _make_noisy(height: int, width: int) -> Photo:
    tile = decode_photo(_EXAMPLE.read_bytes())
    repeats = (-(-height // tile.shape[0]), -(-width // tile.shape[1]), 1)
    photo = np.tile(tile, repeats)[:height, :width]
    noise = np.random.default_rng(0).standard_normal(photo.shape, np.float32)
    return np.clip(photo + np.float32(_SIGMA) * noise, 0, 1)[np.newaxis]


def print_denoising(model: Composite) -> None:
    """Print the seconds a megapixel, each after a run to warm up."""
    rows = []
    for height, width in _SIZES:
        photo = _make_noisy(height, width)
        model.denoise(photo[:, :512, :512].copy())
        started = time.perf_counter()
        model.denoise(photo)
        seconds, megapixels = time.perf_counter() - started, height * width / 1e6
        rows.append([f"{megapixels:.0f}", f"{seconds:.2f}", f"{seconds / megapixels:.2f}"])
    print_table(["megapixels", "seconds", "s a megapixel"], rows)


def print_classifying(model: Composite) -> None:
    """Print how long one look at a photo takes."""
    photo = _make_noisy(533, 400)
    seconds = []
    for _ in range(_TIMES):
        started = time.perf_counter()
        model.classify(photo)
        seconds.append(time.perf_counter() - started)
    print_table(
        ["what", "median ms", "p95 ms", "max ms"],
        [["classify a photo of 0.2 MP", *spread(seconds)]],
    )


def print_page() -> None:
    """Print what a photo of 12 megapixels takes from upload to result, and of the server."""
    with TemporaryDirectory() as folder, run_browser() as browser, run_server() as (server, url):
        file = Path(folder, "photo.jpg")
        pixels = (_make_noisy(3000, 4000)[0] * 255).astype(np.uint8)
        Image.fromarray(pixels).save(file, quality=90)
        tab = open_finished(browser, f"{url}/your-photo")
        before = _peak_megabytes(server)
        started = time.perf_counter()
        tab.locator("input[type=file]").set_input_files(file)
        tab.locator(".facts").get_by_text(re.compile("4000")).wait_for(timeout=120_000)
        seconds = time.perf_counter() - started
        print(
            f"\n12 megapixels, {file.stat().st_size / 1e6:.1f} MB: {seconds:.1f} s from upload to "
            f"result; peak memory of the web process {_peak_megabytes(server):.0f} MB, "
            f"{before:.0f} MB before."
        )


def _peak_megabytes(server: Server) -> float:
    status = Path(f"/proc/{server.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6


def main() -> None:
    """Measure and print."""
    model = open_model("photo")
    print_denoising(model)
    print_classifying(model)
    print_page()


if __name__ == "__main__":
    main()
