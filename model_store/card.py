"""The card: what a model says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import msgspec

if TYPE_CHECKING:
    from pathlib import Path

Domain = Literal["samples", "photos"]

CARD_FILE = "card.json"
_MOST_BYTES = 2_000_000  # a card is text; anything larger is none


class ModelError(Exception):
    """One plain sentence: what is wrong with a model, and the way out."""


@dataclass(frozen=True)
class ModelFile:
    """One file of a model folder."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class TrainedNoise:
    """The noise the denoiser was trained for; levels from the lowest to the highest."""

    kinds: tuple[str, ...]
    levels: tuple[float, float]


@dataclass(frozen=True)
class DataSource:
    """What the model learned from."""

    name: str
    licence: str
    source: str


@dataclass(frozen=True)
class ModelCard:
    """Everything there is to know of a model without opening its weights."""

    id: str
    title: str
    purpose: str
    classes: tuple[str, ...]
    input: str  # the shape and range of what goes in
    trained_noise: TrainedNoise
    recipe: str
    settings: dict[str, Any]
    data: tuple[DataSource, ...]
    metrics: dict[str, Any]  # the figures of `python -m training evaluate` and their protocol
    parameters: dict[str, int]  # of each part
    multiply_adds: dict[str, int]  # of each part, for one picture
    run: str  # the run that made it
    domain: Domain = "samples"  # what pictures it is for
    files: dict[str, ModelFile] = field(default_factory=dict)


def read_card(folder: Path) -> ModelCard:
    """Return the card of a model folder.

    Raises:
        ModelError: when the card is missing, broken, or of another model.
    """
    path = folder / CARD_FILE
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ModelError(
                f"The card of the model {folder.name!r} is broken: it is far too large."
            )
        card = msgspec.json.decode(path.read_bytes(), type=ModelCard)
    except OSError:
        raise ModelError(f"The model {folder.name!r} has no card, so it cannot be used.") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ModelError(f"The card of the model {folder.name!r} is broken.") from None
    return card
