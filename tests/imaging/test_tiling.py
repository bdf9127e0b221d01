import threading

import numpy as np
import pytest

from imaging.tiling import apply_in_tiles

MOST_SIDE, BORDER, STEP, RADIUS = 64, 8, 8, 5
SIZES = [(1, 1), (1, 200), (200, 1), (3, 5), (48, 48), (49, 48), (63, 64), (65, 130), (200, 300)]


class Left(BaseException):
    """What Streamlit raises when a visitor leaves is no Exception either."""


def photo_of(size):
    return np.random.default_rng(0).random((*size, 3), dtype=np.float32)


def tiled(function, photo, **others):
    settings = {"most_side": MOST_SIDE, "border": BORDER, "step": STEP} | others
    return apply_in_tiles(function, photo, **settings)


def blurred(picture):
    """The mean of the pixels around each one; black lies around the picture."""
    around = np.pad(picture, ((RADIUS, RADIUS), (RADIUS, RADIUS), (0, 0)))
    window = 2 * RADIUS + 1
    windows = np.lib.stride_tricks.sliding_window_view(around, (window, window), axis=(0, 1))
    return windows.mean(axis=(-2, -1), dtype=np.float64).astype(np.float32)


def rounded_up(length):
    return -(-length // STEP) * STEP


def mirrored_to_step(photo):
    height, width = photo.shape[:2]
    more = ((0, rounded_up(height) - height), (0, rounded_up(width) - width), (0, 0))
    return np.pad(photo, more, mode="reflect")


@pytest.mark.parametrize("size", [*SIZES, (1, 4096)])
@pytest.mark.parametrize("border", [0, BORDER])
def test_what_is_not_changed_comes_back(size, border):
    photo = photo_of(size)
    before = photo.copy()
    result = tiled(lambda tile: tile, photo, border=border)
    assert result.dtype == np.float32
    assert np.array_equal(result, before)
    assert np.array_equal(photo, before)
    assert not np.shares_memory(result, photo)


@pytest.mark.parametrize("size", SIZES)
def test_a_blur_gives_what_it_does_in_one_piece(size):
    photo = photo_of(size)
    in_one_piece = blurred(mirrored_to_step(photo))[: size[0], : size[1]]
    assert np.array_equal(tiled(blurred, photo), in_one_piece)


@pytest.mark.parametrize("size", SIZES)
def test_few_tiles_no_larger_than_needed_cover_every_pixel_once(size):
    shapes = []

    def numbered(tile):
        assert tile.dtype == np.float32
        shapes.append(tile.shape)
        return np.full_like(tile, len(shapes) - 1)

    result = tiled(numbered, photo_of(size))
    kept = MOST_SIDE - 2 * BORDER
    wanted = [max(1, -(-(rounded_up(length) - 2 * BORDER) // kept)) for length in size]
    assert len(shapes) == np.prod(wanted)
    assert len(set(shapes)) == 1
    for length, side, count in zip(size, shapes[0], wanted, strict=False):
        assert side % STEP == 0
        assert side <= min(MOST_SIDE, rounded_up(length))
        assert count * (side - STEP) < rounded_up(length) + 2 * BORDER * (count - 1)
    areas = [np.argwhere(result[..., 0] == number) for number in range(len(shapes))]
    assert sum(map(len, areas)) == size[0] * size[1]
    for area in areas:  # Nothing of one tile lies over another: each is a whole rectangle.
        assert np.prod(area.max(axis=0) - area.min(axis=0) + 1) == len(area)


@pytest.mark.parametrize("size", SIZES)
def test_progress_rises_to_one_in_the_calling_thread(size):
    told = []
    tiled(blurred, photo_of(size), progress=lambda s: told.append((s, threading.current_thread())))
    shares = [share for share, _ in told]
    assert shares == sorted(set(shares))
    assert shares[0] > 0
    assert shares[-1] == 1
    assert {thread for _, thread in told} == {threading.current_thread()}


def test_a_visitor_who_leaves_stops_the_work():
    calls = []

    def progress(share):
        raise Left

    with pytest.raises(Left):
        tiled(lambda tile: calls.append(None) or tile, photo_of((480, 480)), progress=progress)
    assert len(calls) == 1


def test_what_the_function_raises_comes_through():
    calls = []

    def failing(tile):
        calls.append(None)
        raise RuntimeError("out of memory")

    with pytest.raises(RuntimeError, match="out of memory"):
        tiled(failing, photo_of((480, 480)))
    assert len(calls) == 1


@pytest.mark.parametrize(
    ("most_side", "border", "step"),
    [(16, 8, 8), (8, 8, 8), (0, 0, 8), (64, -8, 8), (60, 8, 8), (64, 4, 8)],
)
def test_tiles_that_cannot_be_are_refused(most_side, border, step):
    with pytest.raises(ValueError, match="twice the border"):
        tiled(lambda tile: tile, photo_of((9, 9)), most_side=most_side, border=border, step=step)
