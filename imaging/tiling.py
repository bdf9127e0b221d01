"""A function for pictures of limited size, applied to photos of any size, tile by tile.

Nothing here knows what the function does: it may be a network or a filter. A function that reaches
no further than the border of a tile gives exactly what it would in one piece. One that halves its
input, as many networks do, gives that too where border, side and step are multiples of its
coarsest step.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Photo = NDArray[np.float32]  # (H, W, C)
    Indices = NDArray[np.int64]


class _Span(NamedTuple):
    """One tile along one side of the photo."""

    seen: Indices  # the pixels it is made of
    kept: slice  # the place in the photo of what is kept of it
    inside: slice  # the same in the tile


def apply_in_tiles(  # noqa: PLR0913 - all but two by keyword
    function: Callable[[Photo], Photo],
    photo: Photo,
    *,
    most_side: int,
    border: int,
    step: int,
    progress: Callable[[float], None] | None = None,
) -> Photo:
    """Return what `function` makes of the photo: the same shape, and no seams between tiles.

    The tiles are as few as can be and all of one size, which is no larger than that takes. At the
    edges of the photo the function sees that there is no more; where the sides are no multiples of
    `step`, the photo goes on mirrored up to the next one.

    Args:
        function: float32 (H, W, C) -> the same shape, for sides that are multiples of `step`.
        photo: float32 (H, W, C), of any size from 1x1.
        most_side: the longest side that `function` is given; a multiple of `step`.
        border: how many pixels next to another tile are computed and thrown away; likewise.
        step: what all sides of tiles are multiples of.
        progress: told the share done after each tile, rising to 1; what it raises ends the work.

    Raises:
        ValueError: when the borders leave nothing of a tile, or do not fit the step.
    """
    if border < 0 or most_side <= 2 * border or most_side % step or border % step:
        raise ValueError(
            "most_side must exceed twice the border, and both must be multiples of the step. "
            f"Received: {most_side}, {border} and {step}"
        )
    rows, columns = (_divide(length, most_side, border, step) for length in photo.shape[:2])
    result = np.empty_like(photo)
    for done, (down, across) in enumerate(product(rows, columns), start=1):
        tile = function(photo[np.ix_(down.seen, across.seen)])
        result[down.kept, across.kept] = tile[down.inside, across.inside]
        if progress:
            progress(done / (len(rows) * len(columns)))
    return result


def _divide(length: int, most_side: int, border: int, step: int) -> list[_Span]:
    """Return the fewest tiles that cover so many pixels, all of one size."""
    whole = _round_up(length, step)
    count = max(1, -(-(whole - 2 * border) // (most_side - 2 * border)))
    side = _round_up(-(-(whole + 2 * border * (count - 1)) // count), step)
    places = range(0, max(whole - 2 * border, 1), max(side - 2 * border, 1))
    starts = [min(place, whole - side) for place in places]
    cuts = [0, *(start + border for start in starts[1:]), length]
    return [
        _Span(_mirrored(start, side, length), slice(cut, end), slice(cut - start, end - start))
        for start, cut, end in zip(starts, cuts[:-1], cuts[1:], strict=True)
    ]


def _round_up(length: int, step: int) -> int:
    return -(-length // step) * step


def _mirrored(start: int, count: int, length: int) -> Indices:
    """Return the `count` pixels from `start` on, as indices into 0..length-1.

    The outermost pixel is the mirror and is not repeated, for a repeated one would show the
    function its noise twice.
    """
    period = max(2 * (length - 1), 1)
    place = np.arange(start, start + count) % period
    return np.minimum(place, period - place)
