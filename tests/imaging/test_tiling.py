import threading
import time

import numpy as np
import pytest

from imaging.tiling import apply_in_tiles

SIDE, BORDER, RADIUS = 64, 8, 5
SIZES = [(1, 1), (1, 200), (200, 1), (3, 5), (48, 48), (49, 48), (63, 64), (65, 130), (200, 300)]


class Left(BaseException):
    """What Streamlit raises when a visitor leaves is no Exception either."""


def photo_of(size):
    return np.random.default_rng(0).random((*size, 3), dtype=np.float32)


def tiled(function, photo, **others):
    settings = {"side": SIDE, "border": BORDER, "workers": 2} | others
    return apply_in_tiles(function, photo, **settings)


def blurred_inside(photo):
    """The mean of the pixels around each one; the outermost pixels of the result have none."""
    window = 2 * RADIUS + 1
    return np.lib.stride_tricks.sliding_window_view(photo, (window, window), axis=(0, 1)).mean(
        axis=(-2, -1), dtype=np.float64
    )


def blurred(tile):
    """The same with the tile's edges left black, which shows wherever they are not thrown away."""
    result = np.zeros_like(tile)
    result[RADIUS:-RADIUS, RADIUS:-RADIUS] = blurred_inside(tile)
    return result


@pytest.mark.parametrize("size", [*SIZES, (1, 4096)])
@pytest.mark.parametrize("border", [0, BORDER])
@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_not_changed_comes_back(size, border, workers):
    photo = photo_of(size)
    before = photo.copy()
    result = tiled(lambda tile: tile, photo, border=border, workers=workers)
    assert result.dtype == np.float32
    assert np.array_equal(result, before)
    assert np.array_equal(photo, before)
    assert not np.shares_memory(result, photo)


@pytest.mark.parametrize("size", SIZES)
def test_a_blur_shows_no_seams_and_sees_the_photo_mirrored(size):
    photo = photo_of(size)
    around = np.pad(photo, ((RADIUS, RADIUS), (RADIUS, RADIUS), (0, 0)), mode="reflect")
    assert np.array_equal(tiled(blurred, photo), blurred_inside(around).astype(np.float32))


@pytest.mark.parametrize("size", SIZES)
def test_one_worker_and_two_agree(size):
    photo = photo_of(size)
    assert np.array_equal(tiled(blurred, photo, workers=1), tiled(blurred, photo, workers=2))


@pytest.mark.parametrize("size", SIZES)
def test_few_tiles_cover_every_pixel_once(size):
    numbers = []

    def numbered(tile):
        assert tile.shape == (SIDE, SIDE, 3)
        assert tile.dtype == np.float32
        numbers.append(len(numbers))
        return np.full_like(tile, numbers[-1])

    result = tiled(numbered, photo_of(size), workers=1)
    kept = SIDE - 2 * BORDER
    assert len(numbers) == -(-size[0] // kept) * -(-size[1] // kept)
    areas = [np.argwhere(result[..., 0] == number) for number in numbers]
    assert sum(map(len, areas)) == size[0] * size[1]
    for area in areas:  # Nothing of one tile lies over another: each is a whole rectangle.
        assert np.prod(area.max(axis=0) - area.min(axis=0) + 1) == len(area) <= kept**2


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_rises_to_one_in_the_calling_thread(workers):
    told = []

    def progress(share):
        told.append((share, threading.current_thread()))

    tiled(blurred, photo_of((200, 300)), workers=workers, progress=progress)
    shares = [share for share, _ in told]
    assert shares == sorted(set(shares))
    assert shares[0] > 0
    assert shares[-1] == 1
    assert {thread for _, thread in told} == {threading.current_thread()}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_visitor_who_leaves_stops_the_work(workers):
    calls = []

    def slow(tile):
        calls.append(None)
        time.sleep(0.02)
        return tile

    def progress(share):
        raise Left

    with pytest.raises(Left):
        tiled(slow, photo_of((480, 480)), workers=workers, progress=progress)
    ended = len(calls)
    assert ended <= 20  # of 100: one for each worker, and what began meanwhile
    time.sleep(0.05)
    assert len(calls) == ended


def test_what_the_function_raises_comes_through():
    calls = []

    def failing(tile):
        calls.append(None)
        time.sleep(0.02)
        raise RuntimeError("out of memory")

    with pytest.raises(RuntimeError, match="out of memory"):
        tiled(failing, photo_of((480, 480)))
    assert len(calls) <= 20  # of 100


@pytest.mark.parametrize(("side", "border"), [(16, 8), (8, 8), (0, 0), (64, -1)])
def test_tiles_that_are_all_border_are_refused(side, border):
    with pytest.raises(ValueError, match="twice the border"):
        tiled(lambda tile: tile, photo_of((9, 9)), side=side, border=border)
