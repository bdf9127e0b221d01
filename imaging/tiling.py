"""A function for pictures of one fixed size, applied to photos of any size, tile by tile.

Nothing here knows what the function does: it may be a network or a filter. The photo goes on
mirrored beyond its edges. A function that reaches no further than the border of a tile gives
exactly what it would in one piece. One that halves its input, as many networks do, gives that too
if border and side are multiples of its coarsest step.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Photo = NDArray[np.float32]  # (H, W, C)
    Indices = NDArray[np.int64]


def apply_in_tiles(  # noqa: PLR0913 - all but two by keyword
    function: Callable[[Photo], Photo],
    photo: Photo,
    *,
    side: int,
    border: int,
    workers: int,
    progress: Callable[[float], None] | None = None,
) -> Photo:
    """Return what `function` makes of the photo: the same shape, and no seams between tiles.

    Args:
        function: (side, side, C) float32 -> the same shape; called from `workers` threads.
        photo: float32 (H, W, C), of any size from 1x1.
        side: the side of a tile in pixels.
        border: how many pixels on each side of a tile are computed and thrown away.
        workers: how many tiles are in the works at a time; memory grows with it.
        progress: told the share done, rising to 1, from the calling thread. What it raises, as
            what `function` raises, comes through: then no further tile is started.

    Raises:
        ValueError: when the borders leave nothing of a tile.
    """
    kept = side - 2 * border
    if border < 0 or kept < 1:
        raise ValueError(f"side must exceed twice the border. Received: {side} and {border}")
    height, width = photo.shape[:2]
    result = np.empty_like(photo)

    def compute(top: int, left: int) -> None:
        # Cut here, not before: so only the tiles in the works are held in memory.
        rows = _mirrored(top - border, side, height)
        columns = _mirrored(left - border, side, width)
        tile = function(photo[np.ix_(rows, columns)])
        place = result[top : top + kept, left : left + kept]
        place[:] = tile[border:, border:][: place.shape[0], : place.shape[1]]

    corners = product(range(0, height, kept), range(0, width, kept))
    _do_all([partial(compute, *corner) for corner in corners], workers, progress)
    return result


def _do_all(
    tasks: Sequence[Callable[[], None]], workers: int, progress: Callable[[float], None] | None
) -> None:
    """Do the tasks in `workers` threads; return or raise only when none is under way any more."""
    pool = ThreadPoolExecutor(workers)
    try:
        futures = [pool.submit(task) for task in tasks]
        for done, future in enumerate(as_completed(futures), start=1):
            future.result()
            if progress:
                progress(done / len(futures))
    finally:
        # Also when a visitor leaves: Streamlit then raises what is no Exception.
        pool.shutdown(cancel_futures=True)


def _mirrored(start: int, count: int, length: int) -> Indices:
    """Return the `count` pixels from `start` on, as indices into 0..length-1.

    The outermost pixel is the mirror and is not repeated, for a repeated one would show the
    function its noise twice.
    """
    period = max(2 * (length - 1), 1)
    place = np.arange(start, start + count) % period
    return np.minimum(place, period - place)
