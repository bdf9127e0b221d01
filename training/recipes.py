"""Recipes: how each model is trained. Free of TensorFlow, so that pages can show them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from imaging.noise import MAX_LEVEL, NOISE_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Part = Literal["classifier", "denoiser"]
Objective = Literal["cross_entropy", "binary_cross_entropy", "fidelity", "fidelity_and_class"]


@dataclass(frozen=True)
class Noise:
    """The noise a network is trained on: each image gets a random kind and level of these.

    A kind that is named more than once comes more often.
    """

    kinds: tuple[str, ...] = NOISE_KINDS
    levels: tuple[float, float] = (0.0, MAX_LEVEL)
    clean: float = 0.0  # the share of images that get none


@dataclass(frozen=True)
class Augmentation:
    """What is done to clean images before any noise."""

    shift: int = 0  # up to so many pixels each way
    mirror: bool = False  # half of them, left to right
    erase: float = 0.0  # the share of images that lose a random rectangle


@dataclass(frozen=True)
class Stage:
    """One training of one network. Rates, batches and epochs as Keras understands them."""

    name: str
    network: Part
    objective: Objective
    epochs: int
    learning_rate: float = 1e-3
    batch_size: int = 128
    one_cycle: bool = False  # warm up for a fifth of the steps, then a cosine down to nothing
    weight_decay: float = 0.0
    label_smoothing: float = 0.0
    average_weights: bool = False  # end with the exponential moving average of the weights
    patience: int | None = None  # stop after so many epochs without a lower validation loss
    noise: Noise | None = None  # None: clean images
    behind_denoiser: bool = False  # a classifier learns from what the frozen denoiser returns
    augmentation: Augmentation = field(default_factory=Augmentation)

    @property
    def asks_classifier(self) -> bool:
        """Whether the frozen classifier has a say in the loss."""
        return self.objective == "fidelity_and_class"


@dataclass(frozen=True)
class Network:
    """An architecture by its name in `training.architectures`, with its arguments."""

    architecture: str
    arguments: Mapping[str, object]


@dataclass(frozen=True)
class Recipe:
    """How a model is made: its two networks and the stages that train them, in order."""

    title: str
    purpose: str
    classifier: Network
    denoiser: Network | None  # None: a classifier alone, for comparison
    stages: tuple[Stage, ...]
    trained_noise: Noise
    mixed_precision: bool = False  # compute in bfloat16, keep the weights in float32
    mirror: bool = False  # ship a denoiser that averages over the picture's mirror image
    calibrate: bool = False  # ship a classifier whose certainty is set by the validation split
    seed: int = 0


def _network(architecture: str, **arguments: object) -> Network:
    return Network(architecture, MappingProxyType(arguments))


_ORIGINAL_NOISE = Noise(kinds=("uniform",), levels=(0.6, 0.6))

_CLASSIC = Recipe(
    title="The original",
    purpose="The notebook this app grew out of: dense networks, trained for one noise.",
    classifier=_network("dense_classifier", width=256),
    denoiser=_network("dense_autoencoder", bottleneck=64),
    stages=(
        Stage("classifier", "classifier", "cross_entropy", epochs=30),
        Stage(
            "denoiser",
            "denoiser",
            "binary_cross_entropy",
            epochs=100,
            patience=5,
            noise=_ORIGINAL_NOISE,
        ),
    ),
    trained_noise=_ORIGINAL_NOISE,
)

_FASHION_CLASSIFIER = Stage(
    "classifier",
    "classifier",
    "cross_entropy",
    epochs=36,
    learning_rate=4e-3,
    batch_size=256,
    one_cycle=True,
    weight_decay=0.05,
    label_smoothing=0.1,
    average_weights=True,
    augmentation=Augmentation(shift=1, mirror=True, erase=0.5),
)
# The noise of the original, which most visitors look at, has a larger share.
_FASHION_NOISE = Noise(kinds=(*NOISE_KINDS, "uniform", "uniform"))
_FASHION_DENOISER = Stage(
    "denoiser",
    "denoiser",
    "fidelity",
    epochs=30,
    learning_rate=2e-3,
    batch_size=64,
    one_cycle=True,
    weight_decay=1e-4,
    average_weights=True,
    noise=_FASHION_NOISE,
    augmentation=Augmentation(shift=1, mirror=True),
)
_FASHION_TUNING = replace(
    _FASHION_DENOISER,
    name="tuning",
    objective="fidelity_and_class",
    epochs=4,
    learning_rate=2e-4,
)
# Last, the classifier gets to know what the denoiser leaves; half the images stay clean.
_FASHION_ADAPTATION = replace(
    _FASHION_CLASSIFIER,
    name="adaptation",
    epochs=4,
    learning_rate=3e-4,
    noise=Noise(clean=0.5),
    behind_denoiser=True,
    augmentation=Augmentation(shift=1, mirror=True),
)

_FASHION = Recipe(
    title="Fashion",
    purpose="The leading model for 28x28 images: takes off any of the five noises, unannounced.",
    classifier=_network("residual_classifier", stem=32, widths=(64, 128, 256)),
    denoiser=_network("unet_denoiser", widths=(32, 64, 128), blocks=(1, 1, 2)),
    stages=(_FASHION_CLASSIFIER, _FASHION_DENOISER, _FASHION_TUNING, _FASHION_ADAPTATION),
    trained_noise=Noise(),
    mixed_precision=True,
    mirror=True,
    calibrate=True,
)

# The honest upper reference: the same classifier, trained on the noisy images themselves.
_NOISE_TRAINED = replace(
    _FASHION,
    title="Trained on noise",
    purpose="The classifier of Fashion trained on noisy images, to compare denoising with.",
    denoiser=None,
    stages=(
        replace(
            _FASHION_CLASSIFIER,
            epochs=6,
            noise=Noise(),
            augmentation=Augmentation(shift=1, mirror=True),
        ),
    ),
)

# A classifier that no denoiser ever saw: it shows that tuning helps honestly.
_HELD_OUT = replace(
    _NOISE_TRAINED,
    title="Held out",
    purpose="Another classifier of clean images, which the denoiser was never tuned for.",
    classifier=_network("residual_classifier", stem=24, widths=(48, 96, 192)),
    stages=(replace(_FASHION_CLASSIFIER, epochs=4),),
    seed=1,
)

RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "classic": _CLASSIC,
        "fashion": _FASHION,
        "noise_trained": _NOISE_TRAINED,
        "held_out": _HELD_OUT,
    }
)


class RecipeError(Exception):
    """One plain sentence about a setting that cannot be."""


def change(recipe: Recipe, changes: Mapping[str, str]) -> Recipe:
    """Return the recipe with settings such as `{"denoiser.epochs": "5"}` changed.

    Raises:
        RecipeError: for a stage or setting that does not exist, or a value out of bounds.
    """
    stages = {stage.name: stage for stage in recipe.stages}
    for key, text in changes.items():
        name, _, setting = key.partition(".")
        if name not in stages or setting not in _CHANGEABLE:
            known = ", ".join(f"{stage}.{setting}" for stage in stages for setting in _CHANGEABLE)
            raise RecipeError(f"There is no setting {key!r}. To choose from: {known}.")
        stages[name] = _CHANGEABLE[setting](stages[name], _positive(key, text))
    return replace(recipe, stages=tuple(stages.values()))


_CHANGEABLE: dict[str, Callable[[Stage, float], Stage]] = {
    "epochs": lambda stage, value: replace(stage, epochs=math.ceil(value)),
    "batch_size": lambda stage, value: replace(stage, batch_size=math.ceil(value)),
    "learning_rate": lambda stage, value: replace(stage, learning_rate=value),
}


def _positive(key: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value <= 10_000:  # turns NaN away too
        raise RecipeError(f"The setting {key} must be above 0 and at most 10,000. Received: {text}")
    return value
