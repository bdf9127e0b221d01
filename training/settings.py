"""The settings of a recipe that may be changed: `--set KEY=VALUE`."""

from __future__ import annotations

import math
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from imaging.noise import NOISE_KINDS
from training.datasets import TRAINING_IMAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from training.recipe import Network, Noise, Recipe, Stage

_LEAST_WIDTH = 4  # channels


class RecipeError(Exception):
    """One plain sentence about a setting that cannot be."""


def change(recipe: Recipe, changes: Mapping[str, str]) -> Recipe:
    """Return the recipe with settings such as `{"denoiser.epochs": "5", "images": "9000"}` changed.

    Raises:
        RecipeError: for a stage or setting that does not exist, or a value out of bounds.
    """
    for key, text in changes.items():
        name, _, setting = key.partition(".")
        if key in _OF_RECIPE:
            recipe = _OF_RECIPE[key](recipe, key, text)
        elif setting in _OF_STAGE and name in {stage.name for stage in recipe.stages}:
            recipe = _set_in_stage(recipe, key, text)
        else:
            of_stages = [f"{stage.name}.{own}" for stage in recipe.stages for own in _OF_STAGE]
            known = ", ".join([*_OF_RECIPE, *of_stages])
            raise RecipeError(f"There is no setting {key[:40]!r}. To choose from: {known}.")
    _check_batches(recipe)
    return recipe


def _set_in_stage(recipe: Recipe, key: str, text: str) -> Recipe:
    name, _, setting = key.partition(".")
    value = _number(key, text, above=0, most=10_000)
    turn = _OF_STAGE[setting]
    return _in_stages(recipe, lambda stage: turn(stage, value) if stage.name == name else stage)


def _in_stages(recipe: Recipe, turn: Callable[[Stage], Stage]) -> Recipe:
    return replace(recipe, stages=tuple(turn(stage) for stage in recipe.stages))


def _check_batches(recipe: Recipe) -> None:
    for stage in recipe.stages:
        if stage.data == "samples" and stage.batch_size > (stage.images or TRAINING_IMAGES):
            raise RecipeError(
                f"The setting images must be at least the batch size of {stage.name}, "
                f"{stage.batch_size}. Received: {stage.images}"
            )


_OF_STAGE: Mapping[str, Callable[[Stage, float], Stage]] = MappingProxyType(
    {
        "epochs": lambda stage, value: replace(stage, epochs=math.ceil(value)),
        "batch_size": lambda stage, value: replace(stage, batch_size=math.ceil(value)),
        "learning_rate": lambda stage, value: replace(stage, learning_rate=value),
    }
)


def _set_images(recipe: Recipe, key: str, text: str) -> Recipe:
    images = math.ceil(_number(key, text, above=0, most=TRAINING_IMAGES))
    return _in_stages(recipe, lambda stage: replace(stage, images=images))


def _set_kind(recipe: Recipe, key: str, text: str) -> Recipe:
    if text not in {"all", *NOISE_KINDS}:
        raise RecipeError(f"The setting {key} must be all or one of {', '.join(NOISE_KINDS)}.")
    return _change_noise(recipe, key, lambda noise: replace(noise, kinds=_kinds(noise, text)))


def _kinds(noise: Noise, text: str) -> tuple[str, ...]:
    if text != "all":
        return (text,)
    return noise.kinds if set(noise.kinds) == set(NOISE_KINDS) else NOISE_KINDS


def _set_level(recipe: Recipe, key: str, text: str) -> Recipe:
    level = _number(key, text, above=0, most=1)
    return _change_noise(recipe, key, lambda noise: replace(noise, levels=_levels(noise, level)))


def _levels(noise: Noise, level: float) -> tuple[float, float]:
    """A recipe for one level gets another one; one for a range gets another upper end."""
    low, high = noise.levels
    return (level, level) if low == high else (min(low, level), level)


def _change_noise(recipe: Recipe, key: str, turn: Callable[[Noise], Noise]) -> Recipe:
    if recipe.domain == "photos" or not any(stage.noise for stage in recipe.stages):
        raise RecipeError(f"There is no setting {key!r} here: this recipe has a noise of its own.")
    changed = _in_stages(
        recipe, lambda stage: replace(stage, noise=turn(stage.noise)) if stage.noise else stage
    )
    return replace(changed, trained_noise=turn(recipe.trained_noise))


def _set_width(recipe: Recipe, key: str, text: str) -> Recipe:
    factor = _number(key, text, above=0.05, most=8)
    parts = {
        part: network and replace(network, arguments=_widen(network, factor))
        for part, network in (("classifier", recipe.classifier), ("denoiser", recipe.denoiser))
    }
    return replace(recipe, **parts)  # type: ignore[arg-type]


def _widen(network: Network, factor: float) -> Mapping[str, object]:
    def wider(width: object) -> int:
        return max(_LEAST_WIDTH, 4 * round(int(str(width)) * factor / 4))

    arguments = dict(network.arguments)
    for name in arguments.keys() & {"width", "stem", "widths"}:
        own = arguments[name]
        arguments[name] = tuple(map(wider, own)) if isinstance(own, tuple) else wider(own)
    return MappingProxyType(arguments)


def _set_bottleneck(recipe: Recipe, key: str, text: str) -> Recipe:
    denoiser = recipe.denoiser
    if denoiser is None or "bottleneck" not in denoiser.arguments:
        raise RecipeError(f"There is no setting {key!r} here: only an autoencoder has one.")
    width = math.ceil(_number(key, text, above=0, most=10_000))
    arguments = MappingProxyType({**denoiser.arguments, "bottleneck": width})
    return replace(recipe, denoiser=replace(denoiser, arguments=arguments))


def _set_patience(recipe: Recipe, key: str, text: str) -> Recipe:
    epochs = math.ceil(_number(key, text, above=-1, most=10_000))
    return _in_stages(recipe, lambda stage: replace(stage, patience=epochs or None))


_OF_RECIPE: Mapping[str, Callable[[Recipe, str, str], Recipe]] = MappingProxyType(
    {
        "images": _set_images,
        "noise.kind": _set_kind,
        "noise.level": _set_level,
        "width": _set_width,
        "bottleneck": _set_bottleneck,
        "patience": _set_patience,
    }
)


def _number(key: str, text: str, *, above: float, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not above < value <= most:  # turns NaN away too
        raise RecipeError(
            f"The setting {key} must be above {above:g} and at most {most:,g}. "
            f"Received: {text[:20]}"
        )
    return value
