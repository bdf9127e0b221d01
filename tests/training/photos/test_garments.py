import shutil

import numpy as np
import pytest
from PIL import Image

from training.datasets import CLASSES, DatasetError
from training.photos.garments import (
    NONE,
    PHOTO_CLASSES,
    augment,
    crop_of_anything,
    list_garments,
)
from training.photos.photographs import load_scenes

LABELS = {
    "dress": "Dress",
    "longsleeve": "Pullover",
    "outwear": "Coat",
    "pants": "Trouser",
    "shirt": "Shirt",
    "t-shirt": "T-shirt/top",
    "hat": NONE,
    "shorts": NONE,
    "skirt": NONE,
}


@pytest.fixture
def own_data(drawn_data, tmp_path, name_data):
    """A copy of the data that a test may damage."""
    folder = tmp_path / "own"
    shutil.copytree(drawn_data, folder)
    name_data(folder)
    return folder


def photo_of(width, height, seed=0):
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(pixels)


def test_the_classes_are_those_of_the_samples_and_none_of_these():
    assert (*CLASSES, NONE) == PHOTO_CLASSES


@pytest.mark.parametrize("split", ["train", "validation"])
def test_folders_are_classes(split, photo_data):
    garments = [garment for garment in list_garments(split) if garment.folder != "shoes"]
    assert {garment.folder: PHOTO_CLASSES[garment.label] for garment in garments} == LABELS
    assert len(garments) == len(LABELS)
    assert all(garment.path.parent.parent.name == split for garment in garments)


@pytest.mark.parametrize(
    ("split", "expected"),
    [
        ("train", {"0": "Sandal", "1": "Sneaker", "2": "Ankle boot", "3": NONE}),
        ("validation", {"0": "Sneaker"}),
    ],
)
def test_shoes_are_what_the_table_says_where_it_is_sure(split, expected, photo_data):
    shoes = [garment for garment in list_garments(split) if garment.folder == "shoes"]
    assert {shoe.path.stem: PHOTO_CLASSES[shoe.label] for shoe in shoes} == expected
    assert all(
        shoe.path == photo_data / f"clothing/{split}/shoes/{shoe.path.name}" for shoe in shoes
    )


def test_no_clothes_are_told_in_one_sentence(own_data):
    shutil.rmtree(own_data / "clothing/train")
    with pytest.raises(DatasetError, match=r"^There are no photos in PHOTO_DATA/clothing\.$"):
        list_garments("train")


def test_a_missing_table_of_shoes_is_told_in_one_sentence(own_data):
    (own_data / "clothing/shoes.csv").unlink()
    with pytest.raises(DatasetError, match=r"^The file \S+/shoes\.csv is missing\.$"):
        list_garments("train")


@pytest.mark.parametrize(
    ("size", "mode", "expected"),
    [((1200, 900), "RGB", (320, 240)), ((50, 640), "L", (25, 320)), ((40, 30), "RGB", (40, 30))],
)
def test_a_photo_is_opened_in_colour_and_not_too_large(size, mode, expected, own_data):
    garment = list_garments("train")[0]
    photo_of(*size).convert(mode).save(garment.path)
    opened = garment.open()
    assert (opened.mode, opened.size) == ("RGB", expected)


def test_crops_of_anything_are_parts_of_photographs(photo_data):
    crops = [crop_of_anything(np.random.default_rng(seed)) for seed in range(30)]
    shortest = {min(photograph.shape[:2]) for photograph in load_scenes()}
    assert all(crop.size[0] == crop.size[1] for crop in crops)
    assert all(0.4 * min(shortest) - 1 <= crop.size[0] <= 320 for crop in crops)
    assert len({crop.tobytes() for crop in crops}) == 30
    again = crop_of_anything(np.random.default_rng(7))
    assert again.tobytes() == crops[7].tobytes()


def as_it_is(noisy):
    return noisy


@pytest.mark.parametrize("size", [(320, 200), (90, 320), (20, 20), (320, 4), (4, 4)])
def test_an_augmented_photo_is_a_square_in_range(size):
    for seed in range(12):
        made = augment(photo_of(*size), 96, np.random.default_rng(seed), as_it_is)
        assert (made.shape, made.dtype) == ((96, 96, 3), np.float32)
        assert 0 <= made.min() <= made.max() <= 1


def test_augmenting_repeats_by_its_seed_and_leaves_the_photo_alone():
    photo = photo_of(64, 48)
    before = photo.tobytes()
    made = [augment(photo, 48, np.random.default_rng(seed), as_it_is) for seed in (*range(20), 3)]
    assert np.array_equal(made[3], made[-1])
    assert len({picture.tobytes() for picture in made}) == 20
    assert photo.tobytes() == before


def test_a_third_are_denoised_after_they_were_made_noisy():
    given = []

    def denoise(noisy):
        given.append(noisy)
        return np.full_like(noisy, 2)

    pixels = Image.fromarray(np.full((60, 80, 3), 128, np.uint8))
    made = [augment(pixels, 32, np.random.default_rng(n), denoise) for n in range(200)]
    assert len(given) == pytest.approx(66, abs=15)
    assert all(0 <= noisy.min() <= noisy.max() <= 1 for noisy in given)
    grains = [noisy.std(axis=(0, 1)).mean() for noisy in given]
    assert np.mean(np.array(grains) > 0.002) > 0.8
    assert sum(picture.max() == 1 for picture in made) >= len(given)


def test_augmenting_mirrors_half_and_changes_the_light():
    """A photo dark on its left comes out bright on its left as often as not."""
    pixels = np.full((80, 80, 3), 60, np.uint8)
    pixels[:, 40:] = 180
    made = np.stack(
        [
            augment(Image.fromarray(pixels), 32, np.random.default_rng(n), as_it_is)
            for n in range(200)
        ]
    )
    left, right = made[:, :, 2:12].mean(axis=(1, 2, 3)), made[:, :, 20:30].mean(axis=(1, 2, 3))
    assert np.mean(left > right) == pytest.approx(0.5, abs=0.1)
    brightness = made.mean(axis=(1, 2, 3))
    assert brightness.std() > 0.06
    tints = made.mean(axis=(1, 2))
    assert np.std(tints[:, 0] / tints[:, 2]) > 0.05
