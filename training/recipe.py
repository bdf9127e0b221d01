"""What a recipe is: networks, and the stages that train them. Free of TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from imaging.noise import MAX_LEVEL, NOISE_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model_store.card import Domain

Part = Literal["classifier", "denoiser"]
Objective = Literal[
    "cross_entropy",
    "binary_cross_entropy",
    "psnr",
    "fidelity",
    "fidelity_and_class",
]
Optimizer = Literal["adamw", "muon"]
Data = Literal["samples", "patches", "garments"]


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
    data: Data = "samples"  # Fashion-MNIST, patches of photographs, or photos of clothes
    steps: int = 0  # in an epoch; 0, of samples only: as many as go through all images
    images: int | None = None  # so many of the training images; None: all of them
    optimizer: Optimizer = "adamw"
    learning_rate: float = 1e-3
    batch_size: int = 128
    one_cycle: bool = False  # warm up for a fifth of the steps, then a cosine down to nothing
    weight_decay: float = 0.0
    label_smoothing: float = 0.0
    average_weights: bool = False  # end with the exponential moving average of the weights
    patience: int | None = None  # stop after so many epochs without a lower validation loss
    noise: Noise | None = None  # None: clean images; of patches, all that photographs may have
    behind_denoiser: bool = False  # a classifier learns from what the frozen denoiser returns
    augmentation: Augmentation = field(default_factory=Augmentation)
    without: tuple[str, ...] = ()  # blocks of the network that are taken out first, for good

    @property
    def asks_classifier(self) -> bool:
        """Whether the frozen classifier has a say in the loss."""
        return self.objective == "fidelity_and_class"


@dataclass(frozen=True)
class Network:
    """An architecture by its name in `training.architectures`, with its arguments."""

    architecture: str
    arguments: Mapping[str, object]

    def without(self, blocks: tuple[str, ...]) -> Network:
        """Return the same with some of its blocks taken out."""
        return replace(self, arguments=MappingProxyType({**self.arguments, "without": blocks}))


@dataclass(frozen=True)
class Recipe:
    """How a model is made: its two networks and the stages that train them, in order."""

    title: str
    purpose: str
    classifier: Network | None  # None: one part alone, for comparison
    denoiser: Network | None
    stages: tuple[Stage, ...]
    trained_noise: Noise
    mixed_precision: bool = False  # bfloat16 where the processor can; weights stay float32
    mirror: bool = False  # ship networks that average over the picture and its mirror image
    calibrate: bool = False  # ship a classifier whose certainty is set by the validation split
    seed: int = 0

    @property
    def domain(self) -> Domain:
        """What pictures the model is for."""
        is_for_samples = all(stage.data == "samples" for stage in self.stages)
        return "samples" if is_for_samples else "photos"

    @property
    def networks(self) -> dict[Part, Network]:
        """The parts there are, as training begins with them."""
        parts: dict[Part, Network | None] = {
            "classifier": self.classifier,
            "denoiser": self.denoiser,
        }
        return {part: network for part, network in parts.items() if network}

    @property
    def shipped(self) -> dict[Part, Network]:
        """The same as they are in the end, without the blocks that were taken out."""
        parts = self.networks
        for stage in self.stages:
            if stage.without:
                parts[stage.network] = parts[stage.network].without(stage.without)
        return parts


def network(architecture: str, **arguments: object) -> Network:
    """Return an architecture with its arguments."""
    return Network(architecture, MappingProxyType(arguments))
