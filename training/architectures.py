"""The networks: functional Keras models of stock layers for images (28, 28, 1) in [0, 1]."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import keras
from keras import layers

from training.datasets import CLASSES, SIDE
from training.photos.classifier import photo_classifier

if TYPE_CHECKING:
    from collections.abc import Callable

    from keras import KerasTensor

_SHAPE = (SIDE, SIDE, 1)
_LEAK = 0.1  # slope below zero in the photo denoiser, which Muon trains


def dense_classifier(*, width: int) -> keras.Model:
    """The original notebook's classifier: two hidden layers, class probabilities out."""
    picture = keras.Input(_SHAPE, name="picture")
    x = layers.Flatten(name="flatten")(picture)
    x = layers.Dense(width, activation="relu", name="hidden_first")(x)
    x = layers.Dense(width, activation="relu", name="hidden_second")(x)
    x = layers.Dense(len(CLASSES), activation="softmax", dtype="float32", name="probabilities")(x)
    return keras.Model(picture, x, name="classifier")


def dense_autoencoder(*, bottleneck: int) -> keras.Model:
    """The original notebook's denoiser: one narrow layer between picture and picture."""
    noisy = keras.Input(_SHAPE, name="noisy")
    x = layers.Flatten(name="flatten")(noisy)
    x = layers.Dense(bottleneck, activation="relu", name="code")(x)
    x = layers.Dense(SIDE * SIDE, activation="sigmoid", dtype="float32", name="pixels")(x)
    return keras.Model(noisy, layers.Reshape(_SHAPE, name="denoised")(x), name="denoiser")


def residual_classifier(*, stem: int, widths: tuple[int, ...]) -> keras.Model:
    """A small residual network: each width halves the picture, then adds one residual block."""
    picture = keras.Input(_SHAPE, name="picture")
    x = _convolve(picture, stem, name="stem")
    for number, width in enumerate(widths, start=1):
        x = _convolve(x, width, name=f"stage{number}", halve=True)
        x = _residual_with_norm(x, width, name=f"stage{number}_block")
    x = layers.GlobalMaxPooling2D(name="pool")(x)
    x = layers.Dense(len(CLASSES), dtype="float32", name="logits")(x)
    x = layers.Softmax(dtype="float32", name="probabilities")(x)
    return keras.Model(picture, x, name="classifier")


def _convolve(x: KerasTensor, width: int, *, name: str, halve: bool = False) -> KerasTensor:
    x = _convolve_with_norm(x, width, name=name, halve=halve)
    return layers.ReLU(name=f"{name}_relu")(x)


def _convolve_with_norm(
    x: KerasTensor, width: int, *, name: str, halve: bool = False
) -> KerasTensor:
    x = layers.Conv2D(
        width,
        3,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        name=f"{name}_conv",
    )(x)
    if halve:  # before the normalisation, which then has a quarter of the values to work through
        x = layers.MaxPooling2D(name=f"{name}_halve")(x)
    return layers.BatchNormalization(momentum=0.95, name=f"{name}_norm")(x)


def _residual_with_norm(x: KerasTensor, width: int, *, name: str) -> KerasTensor:
    change = _convolve(x, width, name=f"{name}_first")
    change = _convolve_with_norm(change, width, name=f"{name}_second")
    return layers.ReLU(name=f"{name}_relu")(layers.Add(name=f"{name}_add")([x, change]))


def unet_denoiser(
    *, widths: tuple[int, ...], blocks: tuple[int, ...], leak: float = 0.0
) -> keras.Model:
    """A residual U-Net (after Ronneberger 2015 and Zhang's DRUNet 2021) that predicts the noise.

    Args:
        widths: channels at full, half, quarter ... size.
        blocks: residual blocks at each size, on the way down and again on the way up.
        leak: slope of the activations below zero; with one, even large steps cannot silence them.
    """
    noisy = keras.Input(_SHAPE, dtype="float32", name="noisy")
    x = layers.Concatenate(dtype="float32", name="with_saturation")([noisy, *_saturation(noisy)])
    x = layers.Conv2D(widths[0], 3, padding="same", name="stem")(x)
    x = _down_and_up(x, widths, blocks, leak=leak)
    # Zero at first: training starts from the picture as it came.
    x = layers.Conv2D(
        1, 3, padding="same", kernel_initializer="zeros", dtype="float32", name="minus_noise"
    )(x)
    return keras.Model(
        noisy, layers.Add(dtype="float32", name="denoised")([noisy, x]), name="denoiser"
    )


def _saturation(noisy: KerasTensor) -> list[KerasTensor]:
    """Two maps that are 1 where a pixel is exactly white or black: there the noise was cut off."""
    white = layers.Rescaling(256.0, -255.0, dtype="float32", name="white_ramp")(noisy)
    black = layers.Rescaling(-256.0, 1.0, dtype="float32", name="black_ramp")(noisy)
    return [
        layers.ReLU(dtype="float32", name="white")(white),
        layers.ReLU(dtype="float32", name="black")(black),
    ]


def _down_and_up(  # noqa: PLR0913 - all but three by keyword
    x: KerasTensor,
    widths: tuple[int, ...],
    blocks: tuple[int, ...],
    *,
    leak: float,
    use_bias: bool = True,
    without: tuple[str, ...] = (),
) -> KerasTensor:
    block = partial(_residual, leak=leak, use_bias=use_bias)
    skips: list[KerasTensor] = []
    for depth, (width, count) in enumerate(zip(widths, blocks, strict=True)):
        if depth:
            x = layers.Conv2D(width, 2, strides=2, use_bias=use_bias, name=f"down{depth}")(x)
        for name in _names(f"encode{depth}", count, without):
            x = block(x, width, name=name)
        skips.append(x)
    for depth in reversed(range(len(widths) - 1)):
        width = widths[depth]
        x = layers.Conv2DTranspose(width, 2, strides=2, use_bias=use_bias, name=f"up{depth}")(x)
        x = layers.Add(name=f"join{depth}")([x, skips[depth]])
        for name in _names(f"decode{depth}", blocks[depth], without):
            x = block(x, width, name=name)
    return x


def _names(level: str, count: int, without: tuple[str, ...]) -> list[str]:
    names = (f"{level}_{number}" for number in range(count))
    return [name for name in names if name not in without]


def _residual(x: KerasTensor, width: int, *, name: str, leak: float, use_bias: bool) -> KerasTensor:
    """Two convolutions that change x; with a leak, by nothing at first (Zhang et al. 2019, Fixup).

    Without one, large steps silenced whole levels of a network early in its training: a ReLU that
    is silent for every picture learns no more.
    """
    plain = {"padding": "same", "use_bias": use_bias}
    start = "zeros" if leak else "glorot_uniform"
    first = layers.Conv2D(width, 3, kernel_initializer="he_normal", name=f"{name}_first", **plain)
    second = layers.Conv2D(width, 3, kernel_initializer=start, name=f"{name}_second", **plain)
    change = layers.ReLU(negative_slope=leak, name=f"{name}_relu")(first(x))
    return layers.Add(name=f"{name}_add")([x, second(change)])


def photo_denoiser(
    *,
    widths: tuple[int, ...],
    blocks: tuple[int, ...],
    without: tuple[str, ...] = (),
    side: int | None = None,
) -> keras.Model:
    """A residual U-Net without any bias, for colour photographs (side, side, 3).

    It works at half size, which costs a quarter. Without biases what it takes off grows with the
    picture, so that it works at levels it never met (Mohan et al. 2020).

    Args:
        widths: channels at half, quarter ... size.
        blocks: residual blocks at each size, on the way down and again on the way up.
        without: names of blocks to leave out.
        side: of the picture in pixels, a multiple of 2 to the number of widths; None: any.
    """
    noisy = keras.Input((side, side, 3), dtype="float32", name="noisy")
    plain = {"padding": "same", "use_bias": False}
    x = layers.Conv2D(widths[0], 6, strides=2, name="stem", **plain)(noisy)
    x = _down_and_up(x, widths, blocks, leak=_LEAK, use_bias=False, without=without)
    x = layers.Conv2DTranspose(
        3, 6, strides=2, kernel_initializer="zeros", dtype="float32", name="minus_noise", **plain
    )(x)
    network = keras.Model(
        noisy, layers.Add(dtype="float32", name="denoised")([noisy, x]), name="denoiser"
    )
    _blind_to_brightness(network.get_layer("stem"))
    return network


def _blind_to_brightness(layer: keras.layers.Conv2D) -> None:
    """Let a layer start by seeing differences alone: brightness would drown what is to be found."""
    (kernel,) = layer.get_weights()
    layer.set_weights([kernel - kernel.mean((0, 1), keepdims=True)])


ARCHITECTURES: dict[str, Callable[..., keras.Model]] = {
    "dense_classifier": dense_classifier,
    "dense_autoencoder": dense_autoencoder,
    "residual_classifier": residual_classifier,
    "unet_denoiser": unet_denoiser,
    "photo_denoiser": photo_denoiser,
    "photo_classifier": photo_classifier,
}
