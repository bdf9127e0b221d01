import numpy as np
import pytest

from tests.photo_stand_in import CLASSES, make_photo_model
from ui import photo_html
from ui.photo_verdict import WHOLE, Crop, Verdict, classify, read_crop
from ui.photo_work import Work

DIGEST = "d" * 64


def send(**changes):
    return {"photo": DIGEST, "left": 0.1, "top": 0.2, "width": 0.5, "height": 0.3, **changes}


def work(before, after, noise=0.1):
    return Work(before, after, noise, 1.0, before.shape[1::-1], b"")


def verdict(before=4, after=2):
    shares = np.full((2, len(CLASSES)), 0.01, np.float32)
    shares[0, before] = shares[1, after] = 0.9
    return Verdict(CLASSES, *shares, seen=np.zeros((4, 4, 3), np.float32))


def test_a_box_of_this_photo_is_taken():
    assert read_crop(send(), DIGEST) == Crop(0.1, 0.2, 0.5, 0.3)
    assert read_crop(send(left=0.8, width=7), DIGEST) == Crop(0.8, 0.2, pytest.approx(0.2), 0.3)


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "whole",
        [],
        {},
        send(photo="another"),
        send(left=None),
        send(top=float("nan")),
        send(width=float("inf")),
        send(width=0),
        send(height=-3),
        send(left="0.1"),
        send(left=1),
    ],
    ids=str,
)
def test_any_other_box_is_the_whole_photo(sent):
    crop = read_crop(sent, DIGEST)
    assert crop == WHOLE or not crop.width
    assert crop.cut(np.zeros((3, 5, 3), np.uint8)).size


def test_a_cut_holds_the_pixels_it_names_and_one_at_least():
    pixels = np.arange(10 * 20 * 3, dtype=np.uint16).reshape(10, 20, 3)
    assert np.array_equal(Crop(0.5, 0.2, 0.25, 0.5).cut(pixels), pixels[2:7, 10:15])
    assert np.array_equal(WHOLE.cut(pixels), pixels)
    assert Crop(1, 1, 0, 0).cut(pixels).shape == (1, 1, 3)


def test_only_the_box_is_classified():
    pixels = np.zeros((40, 40, 3), np.uint8)
    pixels[:, 20:] = 255
    dark, bright = Crop(0, 0, 0.5, 1), Crop(0.5, 0, 0.5, 1)
    shown = work(pixels, pixels)
    brightness = [
        classify(make_photo_model(), shown, crop, 1.0).seen[112, 112, 0] for crop in (dark, bright)
    ]
    assert brightness == [0, 1]


def test_strength_blends_what_is_classified():
    white, black = np.full((9, 9, 3), 255, np.uint8), np.zeros((9, 9, 3), np.uint8)
    shown = work(white, black)
    for strength in (0, 0.5, 1):
        seen = classify(make_photo_model(), shown, WHOLE, strength).seen
        assert seen.mean() == pytest.approx(1 - strength, abs=0.01)
        assert shown.blend(strength).mean() == pytest.approx(1 - strength, abs=0.01)


def test_the_verdict_says_what_changed():
    shown = photo_html.verdict(verdict(), "as uploaded", None)
    assert "<h2>Pullover <small>90 % sure</small>" in shown
    assert "As uploaded: <b>Coat</b> 90 %" in shown
    assert "✓" not in shown
    assert "No garment it knows" in photo_html.verdict(verdict(after=10), "as taken", None)


def test_the_visitors_answer_is_right_and_others_wrong():
    shown = photo_html.verdict(verdict(), "as uploaded", "Coat")
    assert "You said: Coat" in shown
    assert shown.index("aria-label='wrong'") < shown.index("aria-label='right'")
    bars = photo_html.bars(verdict(), "as uploaded", "Coat")
    assert "<tr class='label'><th scope='row'>Coat" in bars
    assert "bar right" in bars
    assert "bar wrong" in bars
    assert "bar best" in photo_html.bars(verdict(), "as uploaded", None)


@pytest.mark.parametrize(
    ("deviation", "words"),
    [
        (0, "No noise found"),
        (2, "Hardly any noise"),
        (5, "A little noise"),
        (15, "Clear noise"),
        (35, "Strong noise"),
        (90, "Very strong noise"),
    ],
)
def test_noise_has_words(deviation, words):
    assert photo_html.noise_words(deviation) == words


def test_noise_is_said_in_words_and_as_a_number():
    pixels = np.zeros((2, 2, 3), np.uint8)
    assert "about ± 35 of 255" in photo_html.noise(work(pixels, pixels + 1, noise=35 / 255))
    assert "comes back as it was" in photo_html.noise(work(pixels, pixels, noise=0.2 / 255))


def test_facts_say_what_was_reduced():
    shown = Work(np.zeros((3, 4, 3), np.uint8), np.zeros(0), 0, 9.84, (8, 6), b"")
    assert "8 × 6, reduced to 4 × 3" in photo_html.facts(shown)
    assert "9.8 s" in photo_html.facts(shown)
