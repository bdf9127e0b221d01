"""Which garment is on a photo: of the whole, or of the part that the visitor points at."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from model_store.photo import PhotoComposite
    from ui.photo_work import Photo, Pixels, Work

    Probabilities = NDArray[np.float32]

# The classifier looks at 224 pixels and reduces what it is given. Three times that is as good as
# the whole photo, and at once done.
_MOST_SIDE = 672


@dataclass(frozen=True)
class Crop:
    """A part of a photo, in shares of its width and height."""

    left: float = 0.0
    top: float = 0.0
    width: float = 1.0
    height: float = 1.0

    def cut(self, pixels: Pixels) -> Pixels:
        """Return this part, of one pixel at least."""
        rows, columns = pixels.shape[:2]
        left, top = min(int(self.left * columns), columns - 1), min(int(self.top * rows), rows - 1)
        right = max(round((self.left + self.width) * columns), left + 1)
        bottom = max(round((self.top + self.height) * rows), top + 1)
        return pixels[top:bottom, left:right]


WHOLE = Crop()


@dataclass(frozen=True)
class Verdict:
    """What the model says of a photo before and after."""

    classes: tuple[str, ...]
    before: Probabilities  # (classes,)
    after: Probabilities
    seen: Photo  # the square that it looked at after denoising

    def best(self, shares: Probabilities) -> tuple[str, float]:
        """Return the likeliest class and how likely it is."""
        number = int(shares.argmax())
        return self.classes[number], float(shares[number])


def read_crop(sent: object, digest: str) -> Crop:
    """Return the part of this photo that the browser sent; the whole, unless it makes sense."""
    if not isinstance(sent, dict) or sent.get("photo") != digest:
        return WHOLE
    sides = [sent.get(side) for side in ("left", "top", "width", "height")]
    numbers = [side for side in sides if isinstance(side, int | float) and math.isfinite(side)]
    if len(numbers) < len(sides):
        return WHOLE
    left, top, width, height = (min(max(float(number), 0.0), 1.0) for number in numbers)
    if not width or not height:
        return WHOLE
    return Crop(left, top, min(width, 1 - left), min(height, 1 - top))


def classify(model: PhotoComposite, work: Work, crop: Crop, strength: float) -> Verdict:
    """Return what the model says of a part of a photo, before and after denoising that much."""
    before, fully = (_reduce(crop.cut(pixels)) for pixels in (work.before, work.after))
    after = before + np.float32(strength) * (fully - before)
    first, then = (model.classify(photo[np.newaxis])[0] for photo in (before, after))
    return Verdict(tuple(model.classes), first, then, seen=model.seen(after))


def _reduce(pixels: Pixels) -> Photo:
    image = Image.fromarray(pixels)
    image.thumbnail((_MOST_SIDE, _MOST_SIDE), Image.Resampling.LANCZOS, reducing_gap=3)
    return np.asarray(image, np.float32) / np.float32(255)
