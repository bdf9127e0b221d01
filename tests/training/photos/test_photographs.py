import numpy as np
import pytest
from PIL import Image

from tests.training.photos.conftest import draw
from training.datasets import DatasetError
from training.photos.photographs import load_photographs, load_scenes
from training.photos.photographs import photo_data as named_folder


def test_training_has_each_photograph_in_three_sizes_while_large_enough(photo_data):
    photographs = load_photographs("train")
    sides = sorted(photograph.shape[:2] for photograph in photographs)
    small, large = [(150, 200)] * 11, [(135, 153), (210, 238), (300, 340)]
    assert sides == sorted(small + large)
    assert {(p.dtype.name, p.shape[2]) for p in photographs} == {("uint8", 3)}


def test_validation_has_every_twelfth_photograph_once(photo_data):
    held_back = load_photographs("validation")
    assert [photograph.shape for photograph in held_back] == [(135, 153, 3)] * 2
    reduced = {photograph.tobytes() for photograph in load_photographs("train")}
    assert not reduced & {photograph.tobytes() for photograph in held_back}


def test_they_are_read_once(photo_data):
    assert load_photographs("train") is load_photographs("train")
    assert load_scenes() is load_scenes()


@pytest.mark.parametrize("people", [0, 1, 11])
def test_scenes_are_photographs_for_training_that_show_nobody(people, tmp_path, name_data):
    for number in range(12):
        name = f"{'girl' if number > 11 - people else 'scene'}-{number:02}.png"
        draw(tmp_path / "photos" / f"{number:02}" / name, 200, 300, seed=number)
    name_data(tmp_path)
    if people == 11:  # the first is for validation
        with pytest.raises(DatasetError, match="show people"):
            load_scenes()
        return
    scenes = load_scenes()
    assert [scene.shape for scene in scenes] == [(210, 140, 3)] * (11 - people)
    assert len({scene.tobytes() for scene in scenes}) == 11 - people


def test_grey_and_transparent_ones_become_colour(tmp_path, name_data):
    for number, mode in enumerate(["RGB", "L", "RGBA", "P"] * 3):
        path = tmp_path / "photos" / f"{number:02}.png"
        draw(path, 150, 140, seed=number)
        Image.open(path).convert(mode).save(path)
    name_data(tmp_path)
    assert {p.shape for p in load_photographs("train")} == {(140, 150, 3)}


@pytest.mark.parametrize("folder", [None, "", "there/is/none"])
def test_a_missing_folder_is_told_in_one_sentence(folder, name_data, monkeypatch):
    name_data(folder)
    if folder is None:
        monkeypatch.delenv("PHOTO_DATA")
    for reading in (named_folder, lambda: load_photographs("train")):
        with pytest.raises(DatasetError, match=r"^The photo models .* PHOTO_DATA\.$"):
            reading()


@pytest.mark.parametrize("count", [0, 11])
def test_too_few_are_refused(count, tmp_path, name_data):
    for number in range(count):
        draw(tmp_path / "photos" / f"{number}.jpg", 150, 150, seed=number)
    name_data(tmp_path)
    with pytest.raises(DatasetError, match=f"Too few photographs .* {count}, at least 12"):
        load_photographs("train")


@pytest.mark.parametrize(("split", "side"), [("train", 120), ("validation", 150)])
def test_too_small_ones_are_refused(split, side, tmp_path, name_data):
    for number in range(12):
        draw(tmp_path / "photos" / f"{number:02}.jpg", side, side, seed=number)
    name_data(tmp_path)
    with pytest.raises(DatasetError, match=r"too small: .* 128 pixels"):
        load_photographs(split)


@pytest.mark.parametrize("split", ["train", "validation"])
def test_what_is_no_picture_is_named(split, tmp_path, name_data):
    for number in range(24):
        path = tmp_path / "photos" / f"{number:02}.jpg"
        draw(path, 300, 300, seed=number)
    for number in (12, 13):
        (tmp_path / "photos" / f"{number}.jpg").write_text("Thanks to all photographers.")
    name_data(tmp_path)
    with pytest.raises(DatasetError, match=r"1[23]\.jpg is no picture"):
        load_photographs(split)


def test_the_order_of_the_files_decides_and_nothing_else(photo_data, name_data):
    first = [photograph.copy() for photograph in load_photographs("train")]
    name_data(photo_data)
    for one, other in zip(first, load_photographs("train"), strict=True):
        assert np.array_equal(one, other)
