import io
import struct

import numpy as np
import pytest
from PIL import Image

from imaging.noise import NOISE_KINDS
from imaging.photos import encode_png
from tests.photo_stand_in import make_photo_model
from ui import photo_pack, photo_work
from ui.photo_source import Source
from ui.photo_work import Settings, work_on


@pytest.fixture(autouse=True)
def session(monkeypatch):
    """A session that needs no server."""
    state = {}
    monkeypatch.setattr(photo_work.st, "session_state", state)
    return state


def source(brightness=0.6, size=(90, 80)):
    rng = np.random.default_rng(0)
    photo = np.clip(brightness + rng.normal(0, 0.1, (*size, 3)), 0, 1).astype(np.float32)
    return Source("Photo 1", "as uploaded", encode_png(photo))


def tell_nothing(share, text):
    pass


def test_work_is_done_once_for_the_same_photo_settings_and_model(session):
    first = work_on(source(), make_photo_model(), Settings(), tell_nothing)
    assert work_on(source(), make_photo_model(), Settings(), tell_nothing) is first
    noisy = work_on(source(), make_photo_model(), Settings("gaussian", 0.2), tell_nothing)
    assert noisy is not first
    other = make_photo_model()
    other.card.files["denoiser.tflite"] = other.card.files["denoiser.tflite"].__class__(0, "1" * 64)
    assert work_on(source(), other, Settings(), tell_nothing) is not first
    assert len(session["works"]) == 3


def test_two_photos_are_never_mixed_up():
    """A black photo of 100x200 and one of 200x100 have the same pixels in another order."""
    works = [
        work_on(source(0, size), make_photo_model(), Settings(), tell_nothing)
        for size in ((100, 200), (200, 100))
    ]
    assert works[0].before.shape != works[1].before.shape


def test_only_the_latest_works_are_kept(session, monkeypatch):
    monkeypatch.setattr(photo_work, "_MOST_PIXELS_KEPT", 2 * 90 * 80)
    for brightness in (0.2, 0.4, 0.6):
        latest = work_on(source(brightness), make_photo_model(), Settings(), tell_nothing)
    assert len(session["works"]) == 2
    assert list(session["works"].values())[-1] is latest


def test_what_is_not_to_be_kept_leaves_the_kept_alone(session):
    kept = work_on(source(0.2), make_photo_model(), Settings(), tell_nothing)
    work_on(source(0.4), make_photo_model(), Settings(), tell_nothing, keep=False)
    assert list(session["works"].values()) == [kept]


def test_progress_rises_to_the_end():
    told = []
    work_on(
        source(size=(200, 200)),
        make_photo_model(),
        Settings("speckle", 0.1),
        lambda *said: told.append(said),
    )
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert told[0][1] == "Reading the photo"


@pytest.mark.parametrize("kind", NOISE_KINDS)
def test_noise_is_added_in_strips_as_at_once(kind, monkeypatch):
    settings = Settings(kind, 0.3)
    photo = np.full((64, 50, 3), 0.5, np.float32)
    photo_work._add_noise(photo, settings)
    monkeypatch.setattr(photo_work, "_STRIP", 500)
    strips = np.full((64, 50, 3), 0.5, np.float32)
    photo_work._add_noise(strips, settings)
    assert strips.std() == pytest.approx(photo.std(), rel=0.1)
    assert strips.mean() == pytest.approx(photo.mean(), rel=0.1)
    assert strips[0].std() > 0
    assert strips[-1].std() > 0


def unpack(block):
    length = struct.unpack_from("<I", block)[0]
    return block[4 : 4 + length], block[4 + length :]


def test_both_pictures_are_packed():
    before, after = np.zeros((20, 30, 3), np.float32), np.ones((20, 30, 3), np.float32)
    pictures = [Image.open(io.BytesIO(part)) for part in unpack(photo_pack.pack(before, after))]
    assert [picture.size for picture in pictures] == [(30, 20)] * 2
    assert [np.asarray(picture).mean() for picture in pictures] == [0, 255]


def test_pictures_too_large_for_a_message_lose_quality_not_size(monkeypatch):
    noisy = np.random.default_rng(0).random((200, 200, 3), dtype=np.float32)
    full = photo_pack.pack(noisy, noisy)
    monkeypatch.setattr(photo_pack, "_MOST_BYTES", len(full) // 2)
    smaller = photo_pack.pack(noisy, noisy)
    assert len(smaller) <= len(full) // 2 + 4
    assert Image.open(io.BytesIO(unpack(smaller)[0])).size == (200, 200)


def test_a_picture_longer_than_a_jpeg_can_be_is_a_png():
    long = np.zeros((1, 66_000, 3), np.float32)
    assert unpack(photo_pack.pack(long, long))[0].startswith(b"\x89PNG")
