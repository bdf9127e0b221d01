"""The few settings that teach something: what may be turned for each recipe, and how far."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from imaging.noise import NOISE_KINDS
from training.datasets import TRAINING_IMAGES
from training.recipes import RECIPES
from training.runs.limits import read_limits
from training.runs.run import JobError
from training.settings import RecipeError, change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.recipe import Recipe, Stage

ALL_KINDS = "all"


@dataclass(frozen=True)
class Offer:
    """A recipe visitors may train, by its name for people."""

    title: str
    purpose: str  # one sentence


OFFERS: Mapping[str, Offer] = MappingProxyType(
    {
        "quick": Offer("Quick", RECIPES["quick"].purpose),
        "balanced": Offer("Balanced", RECIPES["balanced"].purpose),
        "classic": Offer("The original", RECIPES["classic"].purpose),
        "fashion": Offer("Thorough", RECIPES["fashion"].purpose),
    }
)


@dataclass(frozen=True)
class Knob:
    """One setting, with its bounds. `value` is what the recipe has by itself."""

    key: str  # of `--set KEY=VALUE`
    label: str
    help: str  # one sentence: what turning it teaches
    kind: Literal["choice", "whole", "number"]
    value: float | str
    lowest: float = 0
    highest: float = 0
    choices: tuple[str, ...] = ()
    is_logarithmic: bool = False


def knobs(recipe: str) -> tuple[Knob, ...]:
    """Return the knobs of a recipe, in the order of a page."""
    known = _offered(recipe)
    stages = {stage.name: stage for stage in known.stages}
    return (
        *_noise_knobs(known),
        *_size_knobs(known),
        *(_epochs_knob(stages[name]) for name in ("classifier", "denoiser")),
        *(_rate_knob(stages[name]) for name in ("classifier", "denoiser")),
        _patience_knob(known),
    )


def to_changes(recipe: str, values: Mapping[str, float | str]) -> dict[str, str]:
    """Return what turned knobs, `{key: value}`, change in a recipe; its own values are left out.

    Raises:
        JobError: for a knob that does not exist, or a value out of bounds.
    """
    own = {knob.key: knob.value for knob in knobs(recipe)}
    texts = {key: _to_text(value) for key, value in values.items()}
    turned = {key: text for key, text in texts.items() if text != _to_text(own.get(key, ""))}
    return check_changes(recipe, turned)


def check_changes(recipe: str, changes: Mapping[str, str]) -> dict[str, str]:
    """Return changes that are within the bounds of the knobs.

    Raises:
        JobError: for a recipe or knob that does not exist, or a value out of bounds.
    """
    known = {knob.key: knob for knob in knobs(recipe)}
    for key, text in changes.items():
        if key not in known:
            raise JobError(f"There is no knob {key!r}. To choose from: {', '.join(known)}.")
        _check(known[key], str(text))
    checked = {key: str(text) for key, text in changes.items()}
    try:
        change(RECIPES[recipe], checked)
    except RecipeError as error:
        raise JobError(str(error)) from None
    return checked


def _check(knob: Knob, text: str) -> None:
    if knob.kind == "choice":
        if text not in knob.choices:
            raise JobError(f"{knob.label} must be one of {', '.join(knob.choices)}.")
        return
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    is_whole = knob.kind == "number" or value.is_integer()
    if not knob.lowest <= value <= knob.highest or not is_whole:  # turns NaN away too
        raise JobError(
            f"{knob.label} must be a {'whole ' if knob.kind == 'whole' else ''}number "
            f"from {knob.lowest:,g} to {knob.highest:,g}. Received: {text[:20]}"
        )


def _offered(recipe: str) -> Recipe:
    if recipe not in OFFERS:
        raise JobError(
            f"There is no recipe {recipe[:40]!r} to retrain. To choose from: {', '.join(OFFERS)}."
        )
    return RECIPES[recipe]


def _noise_knobs(recipe: Recipe) -> tuple[Knob, ...]:
    kinds = set(recipe.trained_noise.kinds)
    return (
        Knob(
            "noise.kind",
            "Noise",
            "A denoiser that knows one kind is better at it, and lost with the others.",
            "choice",
            ALL_KINDS if len(kinds) > 1 else next(iter(kinds)),
            choices=(ALL_KINDS, *NOISE_KINDS),
        ),
        Knob(
            "noise.level",
            "Noise level",
            "How strong the noise is that it learns to take off.",
            "number",
            recipe.trained_noise.levels[1],
            lowest=0.05,
            highest=1,
        ),
    )


def _size_knobs(recipe: Recipe) -> tuple[Knob, ...]:
    limits = read_limits()
    fewest = max(limits.least_images, *(stage.batch_size for stage in recipe.stages))
    images = recipe.stages[0].images or TRAINING_IMAGES
    found = [
        Knob(
            "images",
            "Training images",
            "More examples, fewer mistakes"
            + (", no longer wait." if recipe.stages[0].steps else ", a longer wait."),
            "whole",
            images,
            lowest=fewest,
            highest=TRAINING_IMAGES,
        ),
        Knob(
            "width",
            "Width of the networks",
            "Wider layers can learn more, and take longer; 1 is the recipe's own width.",
            "number",
            1.0,
            lowest=0.25,
            highest=limits.most_width,
        ),
    ]
    arguments = recipe.denoiser.arguments if recipe.denoiser else {}
    if "bottleneck" in arguments:
        found.append(
            Knob(
                "bottleneck",
                "Bottleneck of the autoencoder",
                "How many numbers a picture must fit through: few blur it, many let noise pass.",
                "whole",
                int(str(arguments["bottleneck"])),
                lowest=2,
                highest=512,
            )
        )
    return tuple(found)


def _epochs_knob(stage: Stage) -> Knob:
    size = stage.steps * stage.batch_size
    return Knob(
        f"{stage.name}.epochs",
        f"Epochs of the {stage.name}",
        f"How many rounds it learns in, each of up to {size:,} of the training images."
        if size
        else "How often it sees every training image.",
        "whole",
        stage.epochs,
        lowest=1,
        highest=max(read_limits().most_epochs, stage.epochs),
    )


def _rate_knob(stage: Stage) -> Knob:
    return Knob(
        f"{stage.name}.learning_rate",
        f"Learning rate of the {stage.name}",
        "How far each step goes: too small learns nothing, too large forgets everything.",
        "number",
        stage.learning_rate,
        lowest=1e-5,
        highest=1.0,
        is_logarithmic=True,
    )


def _patience_knob(recipe: Recipe) -> Knob:
    return Knob(
        "patience",
        "Early stopping",
        "Stop after so many epochs without getting better on images it does not learn from; "
        "0: never.",
        "whole",
        max(stage.patience or 0 for stage in recipe.stages),
        lowest=0,
        highest=20,
    )


def _to_text(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.10g}"
