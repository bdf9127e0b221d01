import io

import numpy as np
from PIL import Image

from imaging.pictures import strip, tile, to_ink, to_png


def test_ink_is_enlarged_exactly(images):
    ink = np.asarray(to_ink(images[0], scale=10))
    assert ink.shape == (280, 280)
    expected = np.round((1 - images[0, ..., 0]) * 255).astype(np.uint8)
    assert np.array_equal(ink[::10, ::10], expected)
    assert np.array_equal(ink[9::10, 9::10], expected)


def test_png_is_lossless(images):
    ink = to_ink(images[0])
    assert np.array_equal(Image.open(io.BytesIO(to_png(ink))), ink)


def test_sheet_and_strip_hold_every_picture(images):
    pictures = [to_ink(image, scale=4) for image in images]
    sheet = np.asarray(tile(pictures, columns=2))
    assert sheet.shape == (2 * 112, 2 * 112)
    assert np.array_equal(sheet[112:, :112], pictures[2])
    row = np.asarray(strip(pictures, ["clean", "noisy", "denoised"]))
    assert np.array_equal(row[12 : 12 + 112, 12 + 124 : 12 + 124 + 112], pictures[1])
