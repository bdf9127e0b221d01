"""A PHOTO_DATA of a few small drawn pictures, and the networks that take long to build."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.photos.backbone import efficientnet_lite0, load_imagenet_weights
from training.photos.classifier import clothes, photo_classifier, weights_file
from training.photos.photographs import load_photographs, load_scenes

EXAMPLES = Path(__file__).parents[3] / "ui/examples"
FOLDERS = ["dress", "longsleeve", "outwear", "pants", "shirt", "t-shirt", "hat", "shorts", "skirt"]
# Of the train split: two of a class, as far as there is a photo of it at all.
SHOES = """path,label,nearest,confidence
train/shoes/0.jpg,sandal,sandal,high
train/shoes/1.jpg,sneaker,sneaker,high
train/shoes/2.jpg,ankle_boot,ankle_boot,high
train/shoes/3.jpg,other,sneaker,high
train/shoes/4.jpg,other,ankle_boot,low
train/shoes/5.jpg,unclear,sandal,low
validation/shoes/0.jpg,sneaker,sneaker,high
validation/shoes/1.jpg,sandal,sandal,low
"""


def draw(path, width, height, seed):
    """Write a picture of soft colours with a sharp square on it."""
    rng = np.random.default_rng(seed)
    few = Image.fromarray(rng.integers(0, 256, (4, 4, 3), np.uint8))
    picture = np.asarray(few.resize((width, height), Image.Resampling.BICUBIC)).copy()
    top, left = rng.integers(0, (height // 2, width // 2))
    picture[top : top + height // 4, left : left + width // 4] = rng.integers(0, 256, 3)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(path)


@pytest.fixture(scope="session")
def drawn_data(tmp_path_factory):
    """The folder itself: 14 photographs, two of them for validation, and 20 photos of clothes."""
    folder = tmp_path_factory.mktemp("photo-data")
    for number in range(14):
        # In the order of their paths, the first and the last but one are held back.
        size = (340, 300) if number in {0, 5, 11} else (200, 150)
        draw(folder / "photos" / f"from-{number % 2}" / f"{number:02}.jpg", *size, seed=number)
    clothing = folder / "clothing"
    for number, name in enumerate(FOLDERS):
        draw(clothing / "train" / name / "0.jpg", 54, 72, seed=100 + number)
        draw(clothing / "validation" / name / "0.jpg", 54, 72, seed=200 + number)
    for number, line in enumerate(SHOES.splitlines()[1:]):
        draw(clothing / line.partition(",")[0], 72, 56, seed=300 + number)
    (clothing / "shoes.csv").write_text(SHOES)
    return folder


def forget_photographs():
    """Have them read anew."""
    load_photographs.cache_clear()
    load_scenes.cache_clear()


@pytest.fixture
def name_data(monkeypatch):
    """A function that makes a folder PHOTO_DATA."""

    def name(folder):
        forget_photographs()
        monkeypatch.setenv("PHOTO_DATA", str(folder))

    yield name
    forget_photographs()


@pytest.fixture
def photo_data(drawn_data, name_data):
    name_data(drawn_data)
    return drawn_data


@pytest.fixture(scope="session")
def backbone():
    """EfficientNet-Lite0 with its ImageNet weights."""
    network = efficientnet_lite0()
    load_imagenet_weights(network, weights_file())
    return network


@pytest.fixture(scope="session")
def one_classifier():
    return photo_classifier(dropout=0.3)


@pytest.fixture
def classifier(one_classifier):
    """The classifier of photos; what a test teaches it, it forgets."""
    before = clothes(one_classifier).get_weights()
    yield one_classifier
    clothes(one_classifier).set_weights(before)
