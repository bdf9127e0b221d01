import io
import itertools
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from imaging import photos
from imaging.photos import decode_photo, encode_jpeg, encode_png, read_size

# Made for this test with pillow-heif: `FOUR_COLOURS`, stored lying and to be turned by 90 degrees
# by its irot box, which the EXIF orientation repeats; make "CanaryCam" and a GPS position in EXIF.
HEIC = (Path(__file__).parent.parent / "data" / "turned.heic").read_bytes()

RNG = np.random.default_rng(0)
FOUR_COLOURS = Image.fromarray(
    np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 0]]], np.uint8).repeat(24, 0)
).resize((64, 48), Image.Resampling.NEAREST)
NOISE = Image.fromarray(RNG.integers(0, 256, (48, 64, 3), dtype=np.uint8))


def encoded(image, kind="PNG", **settings):
    buffer = io.BytesIO()
    image.save(buffer, kind, **settings)
    return buffer.getvalue()


def as_photo(image):
    return np.asarray(image.convert("RGB"), np.float32) / np.float32(255)


def exif(orientation=None):
    tags = Image.Exif()
    tags[0x010F] = "CanaryCam"
    tags[0x8825] = {1: "N", 2: (48.0, 51.0, 29.6), 3: "E", 4: (2.0, 17.0, 40.2)}
    if orientation is not None:
        tags[0x0112] = orientation
    return tags


def profile(name="sRGB"):
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "MPO"])
@pytest.mark.parametrize("size", [(64, 48), (1, 1), (1, 2), (3, 5), (1, 4096), (4096, 1)])
def test_every_format_and_size(kind, size):
    data = encoded(NOISE.resize(size), kind, **({"save_all": True} if kind == "MPO" else {}))
    photo = decode_photo(data)
    assert photo.shape == (size[1], size[0], 3)
    assert photo.dtype == np.float32
    assert photo.flags.c_contiguous
    assert np.array_equal(photo, as_photo(Image.open(io.BytesIO(data))))
    assert np.array_equal(photo, decode_photo(data))
    assert read_size(data) == size


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", [*range(9), 77])
def test_orientation(kind, orientation):
    data = encoded(FOUR_COLOURS, kind, exif=exif(orientation))
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    assert np.array_equal(decode_photo(data), as_photo(upright))
    assert read_size(data) == upright.size


def test_heic_is_turned_once():
    photo = decode_photo(HEIC)
    assert read_size(HEIC) == (48, 64)
    turned = as_photo(FOUR_COLOURS.transpose(Image.Transpose.ROTATE_270))
    assert photo.shape == turned.shape
    assert np.abs(photo - turned).mean() < 0.02


def test_heic_with_metadata_of_a_broken_name():
    decode_photo(HEIC.replace(b"\0\0Exif\0", b"\0\0\xe2xif\0", 1))  # pi-heif's own reader crashes


@pytest.mark.parametrize("mode", ["L", "1", "P"])
def test_modes_without_transparency(mode):
    image = FOUR_COLOURS.convert(mode)
    assert np.array_equal(decode_photo(encoded(image)), as_photo(image))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_transparency_lies_on_white(kind, mode):
    image = NOISE.convert(mode)
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    photo = decode_photo(encoded(image, kind, lossless=True, exact=True))
    white = Image.new("RGBA", image.size, "white")
    assert (
        np.abs(photo - as_photo(Image.alpha_composite(white, image.convert("RGBA")))).max() < 0.01
    )
    image.putalpha(0)
    assert np.all(decode_photo(encoded(image, kind, lossless=True, exact=True)) == 1)


def test_a_transparent_colour():
    palette = FOUR_COLOURS.convert("P", palette=Image.Palette.ADAPTIVE, colors=4)
    red = palette.getpixel((0, 0))
    for data in (
        encoded(palette, transparency=red),
        encoded(palette, transparency=bytes(0 if index == red else 255 for index in range(4))),
        encoded(FOUR_COLOURS, transparency=(255, 0, 0)),
    ):
        photo = decode_photo(data)
        assert np.all(photo[:24, :32] == 1)
        assert np.array_equal(photo[24:], as_photo(FOUR_COLOURS)[24:])


def test_sixteen_bits_are_scaled():
    ramp = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (4, 1))
    photo = decode_photo(encoded(Image.fromarray(ramp)))
    assert np.abs(photo[..., 0] - ramp / 65535).max() <= 0.5 / 255 + 1e-6
    clear = decode_photo(encoded(Image.fromarray(ramp), transparency=0))
    assert np.all(clear[:, 0] == 1)
    assert np.array_equal(clear[:, 1:], photo[:, 1:])


def test_cmyk_keeps_its_colours():
    photo = decode_photo(encoded(FOUR_COLOURS.convert("CMYK"), "JPEG", quality=95))
    assert np.abs(photo - as_photo(FOUR_COLOURS)).mean() < 0.02


def test_a_profile_is_converted():
    swapped = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red, green = swapped.index(b"rXYZ"), swapped.index(b"gXYZ")
    tags = bytearray(swapped)
    tags[red : red + 4], tags[green : green + 4] = b"gXYZ", b"rXYZ"  # red now means green
    photo = decode_photo(encoded(FOUR_COLOURS, icc_profile=bytes(tags)))
    assert np.abs(photo - as_photo(FOUR_COLOURS)[..., [1, 0, 2]]).max() < 0.02


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("data", [profile(), profile("LAB"), b"no profile" * 20])
def test_a_profile_that_changes_nothing(mode, data):
    image = NOISE.convert(mode)
    plain, tagged = (encoded(image, "JPEG", icc_profile=icc) for icc in (None, data))
    assert np.abs(decode_photo(plain) - decode_photo(tagged)).max() <= 1.01 / 255


def test_only_the_first_frame_is_looked_at(monkeypatch):
    frames = {"save_all": True, "append_images": [NOISE] * 3}
    for kind in ("PNG", "MPO"):
        data = encoded(FOUR_COLOURS, kind, **frames)
        monkeypatch.setattr(Image.Image, "seek", pytest.fail)
        assert np.abs(decode_photo(data) - as_photo(FOUR_COLOURS)).mean() < 0.02
        monkeypatch.undo()


@pytest.mark.parametrize(("kind", "orientation"), [*itertools.product(["JPEG", "PNG"], [1, 6])])
def test_large_photos_are_reduced(kind, orientation, monkeypatch):
    image = NOISE.resize((1200, 900), Image.Resampling.BICUBIC)
    data = encoded(image, kind, exif=exif(orientation))
    monkeypatch.setattr(photos, "WORKING_PIXELS", 500_000)
    monkeypatch.setattr("imaging.photo_pixels._STRIP", 20_000)  # many strips: no seam may show
    photo = decode_photo(data)
    assert 490_000 < photo.shape[0] * photo.shape[1] <= 500_000
    assert read_size(data) == ((1200, 900) if orientation == 1 else (900, 1200))
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    whole = upright.resize((photo.shape[1], photo.shape[0]), Image.Resampling.LANCZOS)
    assert np.abs(photo - as_photo(whole)).max() <= 2.01 / 255


def test_a_jpeg_is_halved_while_it_is_decoded(monkeypatch):
    image = NOISE.resize((1201, 901), Image.Resampling.BICUBIC)
    monkeypatch.setattr(photos, "WORKING_PIXELS", 100_000)
    photo = decode_photo(encoded(image, "JPEG", quality=95))
    whole = image.resize((photo.shape[1], photo.shape[0]), Image.Resampling.LANCZOS)
    assert 98_000 < photo.shape[0] * photo.shape[1] <= 100_000
    assert np.abs(photo - as_photo(whole)).mean() < 0.01


def test_a_thin_photo_is_reduced_along_its_length(monkeypatch):
    monkeypatch.setattr(photos, "WORKING_PIXELS", 1000)
    assert decode_photo(encoded(Image.new("L", (1, 4096)))).shape == (1000, 1, 3)


@pytest.mark.parametrize("image", [FOUR_COLOURS, NOISE, NOISE.convert("L")])
def test_png_round_trip_is_exact(image):
    photo = decode_photo(encoded(image))
    assert np.array_equal(decode_photo(encode_png(photo)), photo)


def test_values_are_rounded_and_clipped():
    photo = np.array([[[-1, 0.4 / 255, 0.6 / 255], [254.6 / 255, 1, 2]]], np.float32)
    pixels = np.asarray(Image.open(io.BytesIO(encode_png(photo))))
    assert pixels.tolist() == [[[0, 0, 1], [255, 255, 255]]]


def test_jpeg_keeps_colours_in_full():
    data = encode_jpeg(as_photo(FOUR_COLOURS), quality=90)
    layers = Image.open(io.BytesIO(data)).layer
    assert {layer[1:3] for layer in layers} == {(1, 1)}
    assert len(data) < len(encode_jpeg(as_photo(FOUR_COLOURS), quality=100))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIC"])
def test_no_metadata_gets_out(kind):
    data = HEIC
    if kind != "HEIC":
        data = encoded(FOUR_COLOURS, kind, exif=exif(), icc_profile=profile(), xmp=b"CanaryCam")
    data += b"CanaryCam in a tail"
    assert b"CanaryCam" in data
    photo = decode_photo(data)
    for result in (encode_png(photo), encode_jpeg(photo)):
        again = Image.open(io.BytesIO(result))
        assert b"Canary" not in result
        assert not again.getexif()
        assert set(again.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_broken_exif_is_ignored():
    good = encoded(FOUR_COLOURS, "JPEG", exif=exif(6))
    start = good.index(b"Exif\0\0") + 6
    broken = good[: start + 8] + b"\xff" * 40 + good[start + 48 :]
    assert decode_photo(broken).shape == (48, 64, 3)
