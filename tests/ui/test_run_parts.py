"""The parts of the retrain page that need no page."""

import numpy as np
import pytest

from imaging.pictures import tile, to_ink, to_png
from training.runs.jobs import Epoch, Progress
from training.runs.limits import Limits
from ui import run_charts, run_pictures
from ui.labels import bytes_words, count_words, exact_percent, in_markdown, noise_words
from ui.run_monitor import stage_words
from ui.run_start import limits_line, turn_line

LIMITS = Limits(True, False, 8, 2, 0, 0, 20_000, 3, 2, 1_000, 100, 2)


def test_words_of_figures():
    assert exact_percent(0.8302).split("\N{NO-BREAK SPACE}") == ["83.0", "%"]
    assert (bytes_words(700_000), bytes_words(4_200)) == ("0.7 MB", "4 kB")
    assert (count_words(271.2e6), count_words(100_352)) == ("271.2 million", "100,352")


def test_words_of_noise():
    assert noise_words(("uniform",), (0.6, 0.6)) == "uniform, 0.6"
    everything = ("uniform", "gaussian", "salt_pepper", "poisson", "speckle", "uniform")
    assert noise_words(everything, (0, 1)) == "all 5 kinds, from 0 to 1"


def test_markdown_of_a_visitor_is_no_markdown():
    assert in_markdown("**a** :red[b]") == r"\*\*a\*\* \:red\[b\]"
    assert in_markdown("Größe 2") == "Größe 2"


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (Progress(), "Getting ready"),
        (Progress("denoiser", 2, 2, 8, 12), "Denoiser, epoch 8 of 12"),
        (Progress("finishing", 2, 2), "Writing and measuring the model"),
        (Progress("unheard", 1, 1, 1, 2), "Unheard, epoch 1 of 2"),
    ],
)
def test_what_a_run_does_at_the_moment(progress, words):
    assert stage_words(progress) == words


def test_every_limit_is_told():
    assert limits_line(LIMITS) == "One run trains at a time; up to 8 wait."


def test_who_trains_is_told():
    from training.runs.jobs import Turn

    told = turn_line(Turn(0, "<b>", 0.0, 65.0, 0.43, "id"), 2)
    assert "&lt;b&gt;" in told
    assert "43% done, 1 min 5 s left" in told
    assert "2 wait in the queue" in told


def test_epochs_of_several_stages_are_one_curve():
    history = [
        Epoch("denoiser", "denoiser", 1, 1.0, {"psnr": 20, "val_psnr": 19}),
        Epoch("denoiser", "denoiser", 2, 1.0, {"psnr": 21, "val_psnr": 20}),
        Epoch("tuning", "denoiser", 1, 1.0, {"psnr": 22, "val_psnr": 21}),
    ]
    figure = run_charts.learning(history, "denoiser", "quality")
    assert list(figure.data[0].x) == [1, 2, 3]
    assert list(figure.data[1].y) == [19, 20, 21]
    assert len(figure.layout.shapes) == 1


def test_a_figure_that_is_missing_gives_way_to_the_loss():
    history = [Epoch("denoiser", "denoiser", 1, 1.0, {"loss": 0.3, "val_loss": 0.4})]
    assert list(run_charts.learning(history, "denoiser", "quality").data[0].y) == [0.3]


def test_a_sheet_is_cut_into_its_pictures(tmp_path):
    pictures = np.random.default_rng(0).random((10, 28, 28, 1), dtype=np.float32)
    (tmp_path / "a.png").write_bytes(to_png(tile([to_ink(p, 2) for p in pictures], 10)))
    assert run_pictures.cut_sheet(tmp_path / "a.png") == run_pictures.to_sources(pictures)


@pytest.mark.parametrize("content", [b"", b"no picture", None])
def test_a_sheet_that_cannot_be_read_is_none(tmp_path, content):
    path = tmp_path / "a.png"
    if content is not None:
        path.write_bytes(content)
    assert run_pictures.cut_sheet(path) == []
    assert run_pictures.cut_sheet(None) == []
