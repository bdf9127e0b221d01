"""One photo on its way: read, noise added if wanted, noise estimated, denoised, classified.

What was worked out is kept with the session, under the checksums of photo and model and whatever
was set; only the latest, for a photo of 16 megapixels takes 96 MB before and after.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from imaging.noise import add_noise
from imaging.noise_level import estimate_noise
from imaging.photos import WORKING_PIXELS, decode_photo, read_size
from ui.photo_pack import pack
from ui.turns import DENOISING, take_turn

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from numpy.typing import NDArray

    from model_store.photo import PhotoComposite
    from ui.photo_source import Source

    Photo = NDArray[np.float32]  # (H, W, 3) in [0, 1]
    Pixels = NDArray[np.uint8]  # (H, W, 3)
    Tell = Callable[[float, str], object]  # the share done, and of what
    Key = tuple[str, ...]

NO_NOISE = "none"
_SEED = 0  # the same noise every time, so that a link repeats the picture
_MOST_PIXELS_KEPT = 20_000_000  # of all works of a session; the latest is kept in any case
_STRIP = 2**20  # pixels that get their noise at once


@dataclass(frozen=True)
class Settings:
    """The noise to add to a photo before it is taken off again."""

    kind: str = NO_NOISE
    level: float = 0.0

    @property
    def adds_noise(self) -> bool:
        """Whether there is anything to add."""
        return self.kind != NO_NOISE and self.level > 0


@dataclass(frozen=True)
class Work:
    """A photo before and after, and what was found on the way."""

    before: Pixels
    after: Pixels
    noise: float  # its deviation on the 0..1 scale
    seconds: float  # to denoise
    size: tuple[int, int]  # width and height as it came
    pictures: bytes  # both, for the slider

    @property
    def is_untouched(self) -> bool:
        """Whether the model gave the photo back as it was."""
        return self.after is self.before

    def blend(self, strength: float) -> Photo:
        """Return the photo denoised that much: 0 is before, 1 is after."""
        blended = self.before.astype(np.float32)
        blended *= (1 - strength) / 255
        for row, after in zip(blended, self.after, strict=True):  # no second copy of the whole
            row += after * np.float32(strength / 255)
        return blended


def work_on(
    source: Source, model: PhotoComposite, settings: Settings, tell: Tell, *, keep: bool = True
) -> Work:
    """Return the work on a photo: at once if it was done before, else in turn with all visitors.

    With `keep`, it is remembered; older ones make room.

    Raises:
        PhotoError: when the photo cannot be read.
    """
    works: dict[Key, Work] = st.session_state.setdefault("works", {})
    checksums = (file.sha256 for file in model.card.files.values())
    key = (source.digest, settings.kind, f"{settings.level:g}", *checksums)
    work = works.pop(key, None) if keep else works.get(key)
    if work is None:
        width, height = read_size(source.content)
        if keep:
            _make_room(works, min(width * height, WORKING_PIXELS))
        with take_turn(DENOISING, lambda: tell(0, "Waiting for another photo to be done")):
            work = _do(source, model, settings, tell)
    if keep:
        works[key] = work  # the latest is the last
    return work


def forget_all_but(digests: Collection[str]) -> None:
    """Give back the memory of photos that the visitor took away."""
    works: dict[Key, Work] = st.session_state.setdefault("works", {})
    for key in [key for key in works if key[0] not in digests]:
        del works[key]


def forget_photos() -> None:
    """Give back the memory of all photos: away from their page, their files are gone as well."""
    for name in ("works", "zip", "thumbnails", "shot", "known-photos", "picked-photo"):
        st.session_state.pop(name, None)


def _make_room(works: dict[Key, Work], pixels: int) -> None:
    kept = pixels
    for key, work in reversed(list(works.items())):
        kept += work.before[..., 0].size
        if kept > _MOST_PIXELS_KEPT:
            del works[key]


def _do(source: Source, model: PhotoComposite, settings: Settings, tell: Tell) -> Work:
    tell(0, "Reading the photo")
    size = read_size(source.content)
    photo = decode_photo(source.content)
    if settings.adds_noise:
        tell(0, "Adding noise")
        _add_noise(photo, settings)
    noise = estimate_noise(photo)
    _tell_share(tell, 0)
    started = time.perf_counter()
    denoised = model.denoise(
        photo[np.newaxis], progress=lambda share: _tell_share(tell, share), noise=noise
    )[0]
    seconds = time.perf_counter() - started
    pictures = pack(photo, denoised)
    before, after = to_pixels(photo), to_pixels(denoised)
    if np.array_equal(before, after):
        after = before
    return Work(before, after, noise, seconds, size, pictures)


def _tell_share(tell: Tell, share: float) -> None:
    tell(share, f"Denoising, {share:.0%} done".replace("%", " %"))


def _add_noise(photo: Photo, settings: Settings) -> None:
    """Add noise in place, strip by strip: at once it would take several times the memory."""
    rng = np.random.default_rng(_SEED)
    rows = max(1, _STRIP // photo.shape[1])
    for top in range(0, len(photo), rows):
        strip = photo[np.newaxis, top : top + rows]
        strip[...] = add_noise(strip, settings.kind, settings.level, rng=rng)


def to_pixels(photo: Photo) -> Pixels:
    """Return a photo in 8 bits, rounded row by row: no float copy of the whole."""
    pixels = np.empty(photo.shape, np.uint8)
    for row, result in zip(photo, pixels, strict=True):
        result[...] = np.rint(np.clip(row, 0, 1) * 255)
    return pixels
